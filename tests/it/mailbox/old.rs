//! Old mail at first contact becomes tickets for which nobody is written to, and which do not escalate.

use rstest::rstest;

use crate::support::letters;
use crate::support::scripted_imap::ScriptedImap;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::smtp_sink::SmtpSink;
use crate::support::until::until;

const USER: &str = "support@desk.test";
const ANCIENT: &str = "01-Jan-2020 00:00:00 +0000";

/// A server with an old mail and a new one.
fn server() -> ScriptedImap {
    let server = ScriptedImap::start();
    server.append_dated(&letters::letter(0, USER, "Please help."), ANCIENT);
    server.append_now(&letters::letter(1, USER, "Please help."));
    server
}

/// Who was written to once `answers` mails had left, and how many tickets are due or will be.
async fn told(
    engine: Engine,
    change: impl FnOnce(Mailbox) -> Mailbox,
    answers: usize,
) -> (Vec<String>, usize) {
    let (site, sink, server) = (Site::new(engine).await, SmtpSink::start(), server());
    let settings = Settings::new().smtp(sink.address());
    let mailbox = change(Mailbox::at(USER, server.address()));
    site.configure(&settings.queue("support", &mailbox).queue_key("escalate_after", "30d"));
    let daemon = site.start();
    until("both tickets", || site.list(&["ticket", "list"]).len(), |count| *count == 2);
    sink.wait_for(answers).await;
    daemon.stop();
    let mut recipients: Vec<String> = sink.taken().iter().map(|mail| mail.recipients.concat()).collect();
    recipients.sort();
    let judged = site.json(&["escalate", "--dry-run"]);
    let states = judged.as_array().expect("it is a list").iter().map(|row| row["state"].clone());
    (recipients, states.filter(|state| state != "never").count())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn old_mail_is_neither_acknowledged_nor_raised_unless_that_is_asked_for(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (old, new) = (letters::author(0), letters::author(1));
    assert_eq!(told(engine, |mailbox| mailbox, 1).await, (vec![new.clone()], 1));
    assert_eq!(told(engine, |mailbox| mailbox.set("silent", true), 0).await, (vec![], 0));
    let (recipients, planned) = told(engine, |mailbox| mailbox.set("answer_old", true), 2).await;
    assert!(recipients.contains(&old) && recipients.contains(&new), "{recipients:?}");
    assert_eq!(planned, 2);
}
