//! Another configuration while the daemon runs: swapped whole or not at all, and nothing under way is cut.

use rstest::rstest;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::until::until;

const ANEW: &str = "read the configuration anew";

fn arrive(user: &str, number: usize) {
    ImapClient::log_in(user).append("INBOX", &letters::letter(number, user, "Please help."));
}

fn subjects(site: &Site) -> Vec<String> {
    site.column(&["ticket", "list"], "subject")
}

fn hang_up(daemon: &Daemon, count: usize) {
    daemon.signal("HUP");
    daemon.until_logged_times(ANEW, count);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_added_mailbox_is_read_and_a_removed_one_is_not_without_a_restart(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, sink) = (Site::new(engine).await, SmtpSink::start());
    let (first, second) = (servers::fresh_address("first"), servers::fresh_address("second"));
    let settings = Settings::new().smtp(sink.address());
    site.configure(&settings.clone().queue("support", &Mailbox::of(&first)));
    let daemon = site.start();
    arrive(&first, 0);
    until("the first ticket", || subjects(&site).len(), |count| *count == 1);
    let both = settings.clone().queue("support", &Mailbox::of(&first)).queue("sales", &Mailbox::of(&second));
    site.configure(&both);
    assert!(site.run(&["reload"]).contains(ANEW));
    arrive(&second, 1);
    until("a ticket by the new mailbox", || subjects(&site).len(), |count| *count == 2);
    site.configure(&settings.queue("sales", &Mailbox::of(&second)));
    hang_up(&daemon, 2);
    arrive(&first, 2);
    arrive(&second, 3);
    let wanted = vec![letters::subject(0), letters::subject(1), letters::subject(3)];
    until("a ticket by the mailbox that is left", || subjects(&site), |found| *found == wanted);
    assert_eq!(daemon.logged("panicked"), 0, "{}", daemon.log());
    daemon.stop();
    assert_eq!(subjects(&site), wanted, "nobody reads the other mailbox");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_configuration_is_refused_and_the_old_one_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, sink) = (Site::new(engine).await, SmtpSink::start());
    let user = servers::fresh_address("refused");
    let good = Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user));
    site.configure(&good);
    let daemon = site.start();
    site.configure_as_text("[http]\nlisten = 7\n");
    let asked = site.output(&["reload"]);
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(asked.status.code() == Some(78) && said.contains("the old one stays"), "{said}");
    daemon.signal("HUP");
    daemon.until_logged("is refused, and the old one stays");
    // What the command itself takes, and the daemon does not.
    std::fs::create_dir_all(site.path("words/newticket_submitter")).unwrap();
    std::fs::write(site.path("words/newticket_submitter/text.txt"), "{{ broken").unwrap();
    site.configure(&good.clone().set("desk", "templates", site.path("words").display().to_string()));
    let asked = site.output(&["reload"]);
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    assert!(asked.status.code() == Some(78) && said.contains("the old one stays"), "{said}");
    arrive(&user, 0);
    until("a ticket by the old one", || sink.taken().len(), |count| *count == 1);
    site.configure(&good.set("http", "listen", "127.0.0.1:1").set("desk", "name", "Other Desk"));
    let said = site.run(&["reload"]);
    assert!(said.contains("only a restart changes http.listen"), "{said}");
    daemon.stop();
    assert_eq!(site.output(&["reload"]).status.code(), Some(69), "nobody serves it");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_under_way_is_not_cut_and_the_next_goes_by_the_new_server(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, old, new) = (Site::new(engine).await, SmtpSink::start(), SmtpSink::start());
    let user = servers::fresh_address("swapped");
    let by = |sink: &SmtpSink| Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user));
    site.configure(&by(&old));
    let daemon = site.start();
    old.fail(Stage::Message, Fault::Hold, 1);
    arrive(&user, 0);
    old.wait_for_stage(Stage::Message, 1).await;
    site.configure(&by(&new));
    site.run(&["reload"]);
    arrive(&user, 1);
    until("the new server", || new.taken().len(), |count| *count == 1);
    old.recover();
    until("the outbox", || site.list(&["outbox", "list"]).len(), |waiting| *waiting == 0);
    daemon.stop();
    assert_eq!((old.taken().len(), new.taken().len()), (1, 1));
}

/// With one rule that gives this priority to mails whose subject has a word.
fn rule(site: &Site, settings: &Settings, word: &str, priority: i64) {
    let rule = format!(
        "[[rules]]\nname = \"{priority}\"\nwhen = {{ subject = \"{word}\" }}\nthen = {{ priority = {priority} }}\n"
    );
    site.configure_as_text(&format!("{}\n{rule}", settings.text(&site.url)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_those_of_the_newest_good_configuration(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, sink) = (Site::new(engine).await, SmtpSink::start());
    let user = servers::fresh_address("ruled");
    let settings = Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user));
    rule(&site, &settings, ".", 1);
    let daemon = site.start();
    let comes = |number: usize| {
        arrive(&user, number);
        until("a ticket", || subjects(&site).len(), |count| *count == number + 1);
        site.json(&["ticket", "show", &(number + 1).to_string()])["ticket"]["priority"].clone()
    };
    assert_eq!(comes(0), 1);
    rule(&site, &settings, ".", 2);
    site.run(&["reload"]);
    assert_eq!(comes(1), 2);
    rule(&site, &settings, "(", 4);
    let asked = site.output(&["reload"]);
    assert!(asked.status.code() == Some(78), "{}", String::from_utf8_lossy(&asked.stderr));
    daemon.signal("HUP");
    daemon.until_logged("is refused, and the old one stays");
    rule(&site, &settings, ".", 5);
    hang_up(&daemon, 2);
    assert_eq!(comes(2), 5, "and the bad one left nothing");
    daemon.stop();
}
