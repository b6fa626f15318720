//! The same mailbox under another name, by another host or for another queue, is read on where it was; another
//! mailbox is not taken for it.

use rstest::rstest;

use crate::support::letters;
use crate::support::scripted_imap::ScriptedImap;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::until::until;

const USER: &str = "support@desk.test";

fn configure(site: &Site, slug: &str, mailbox: &Mailbox) {
    let settings = Settings::new().directory(&site.path("outgoing"));
    site.configure(&settings.queue(slug, mailbox).queue_key("address", USER));
}

fn mailbox(server: &ScriptedImap) -> Mailbox {
    Mailbox::at(USER, server.address()).set("from", "now").set("after", "seen")
}

/// A mail that arrived when the test was begun, as far as days tell.
fn arrive(server: &ScriptedImap, number: usize) -> u32 {
    server.append_now(&letters::letter(number, USER, "Please help."))
}

fn tickets(site: &Site) -> Vec<String> {
    site.column(&["ticket", "list", "--limit", "1000"], "subject")
}

fn subjects(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(letters::subject).collect()
}

/// A desk that has taken one mail of a mailbox that had another one before, and stands still while a third arrives.
fn begun(site: &Site, server: &ScriptedImap) {
    server.append(&letters::letter(0, USER, "From before."));
    configure(site, "support", &mailbox(server));
    let daemon = site.start();
    daemon.until_logged("first contact with mailbox");
    arrive(server, 1);
    until("the first mail", || tickets(site), |found| *found == subjects([1]));
    server.until_heard("+FLAGS.SILENT", 1);
    daemon.stop();
    arrive(server, 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_host_is_the_same_mailbox(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (site, server) = (Site::new(engine).await, ScriptedImap::start());
    begun(&site, &server);
    configure(&site, "support", &mailbox(&server).set("host", "localhost"));
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("takes it for the same mailbox under another name"), "{checked}");
    let daemon = site.start();
    until("the mail of the downtime", || tickets(&site), |found| *found == subjects([1, 2]));
    assert_eq!(daemon.logged("first contact"), 0, "{}", daemon.log());
    daemon.stop();
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}

/// The provider copied all mail to another machine, which counts anew, in another order.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_moved_to_another_server_brings_nothing_twice_and_loses_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, server) = (Site::new(engine).await, ScriptedImap::start());
    begun(&site, &server);
    let other = ScriptedImap::start();
    let mut messages = server.with(|state| state.messages.clone());
    messages.reverse();
    for (at, message) in messages.iter_mut().enumerate() {
        message.uid = u32::try_from(at).expect("they are few") + 1;
    }
    other.with(|state| {
        (state.messages, state.uid_next, state.uid_validity) = (messages, 4, 78);
    });
    configure(&site, "support", &mailbox(&other).set("host", "localhost"));
    let daemon = site.start();
    until("the mail of the downtime", || tickets(&site), |found| *found == subjects([1, 2]));
    // Moved into the folder by a person: it is old, and it is news.
    other.append_dated(&letters::letter(3, USER, "Old, and moved here."), "01-Jan-2020 00:00:00 +0000");
    until("the mail that was moved here", || tickets(&site), |found| *found == subjects([1, 2, 3]));
    daemon.stop();
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_queue_reads_its_mailbox_on_and_serves_its_tickets(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, server) = (Site::new(engine).await, ScriptedImap::start());
    begun(&site, &server);
    configure(&site, "help", &mailbox(&server));
    let daemon = site.start();
    until("the mail of the downtime", || tickets(&site), |found| *found == subjects([1, 2]));
    assert_eq!(daemon.logged("first contact"), 0, "{}", daemon.log());
    daemon.until_logged(
        "1 open or resolved ticket belongs to queue support, which is gone from the configuration: queue help",
    );
    daemon.stop();
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("1 open or resolved ticket belongs to queue support"), "{checked}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_mailbox_is_not_taken_for_the_former_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, server) = (Site::new(engine).await, ScriptedImap::start());
    begun(&site, &server);
    let other = ScriptedImap::start();
    // Even the counts are the same.
    for number in 10..14 {
        other.append(&letters::letter(number, USER, "Of others."));
    }
    configure(&site, "support", &mailbox(&other).set("folder", "Requests"));
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("Is this the same mailbox?"), "{checked}");
    let daemon = site.start();
    daemon.until_logged("first contact with mailbox");
    arrive(&other, 14);
    until("the new mail", || tickets(&site), |found| *found == subjects([1, 14]));
}

/// Nobody could log in at the first start; what came meanwhile is the desk's.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn first_contact_is_when_the_queue_was_declared(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, server) = (Site::new(engine).await, ScriptedImap::start());
    server.append(&letters::letter(0, USER, "From before."));
    server.answer("LOGIN", usize::MAX, "{} NO [AUTHENTICATIONFAILED] not you\r\n");
    configure(&site, "support", &mailbox(&server));
    let daemon = site.start();
    daemon.until_logged("the mail server refused the log-in");
    arrive(&server, 1);
    server.mend();
    until("the mail", || tickets(&site), |found| *found == subjects([1]));
}
