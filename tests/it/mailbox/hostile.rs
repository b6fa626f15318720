//! Hostile mail through the real intake: stored, bounded, given an outcome; the next mail is handled as ever.

use serde_json::Value;

use super::attacks::MEGABYTE;
use super::attacks::attacks;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::until::note;
use crate::support::until::until;

/// What a debug build may need for a mail of 40 MB. A release build is measured by the benchmark.
const MOST_MEMORY: u64 = 600;

#[tokio::test(flavor = "multi_thread")]
async fn hostile_mail_has_an_outcome_and_does_not_stop_the_next_on_sqlite() {
    attack(&Site::new(Engine::Sqlite).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_mail_has_an_outcome_and_does_not_stop_the_next_on_postgres() {
    attack(&Site::new(Engine::Postgres).await);
}

fn attack(site: &Site) {
    let user = servers::fresh_address("hostile");
    let settings = Settings::new().directory(&site.path("outgoing"));
    site.configure(&settings.queue("support", &Mailbox::of(&user)));
    let daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    for (number, attack) in attacks().iter().enumerate() {
        client.append("INBOX", &by_another(&attack.raw, number));
        client.append("INBOX", &letters::letter(number, &user, "Please help."));
        let next = outcome(site, 2 * number + 2);
        assert_eq!(next["outcome"], "ticket", "after {}: {next}", attack.name);
        let row = outcome(site, 2 * number + 1);
        let became = row["outcome"].as_str().unwrap_or_default();
        assert!(attack.outcomes.contains(&became), "{}: {row}", attack.name);
        assert_eq!(row["reason"].is_null(), became == "ticket", "{}: {row}", attack.name);
        assert_eq!((&row["extent"], &row["attempts"]), (&"full".into(), &1.into()), "{}: {row}", attack.name);
        note(&format!("{}: {became}, {} MB so far", attack.name, daemon.peak_memory()));
    }
    assert!(daemon.peak_memory() < MOST_MEMORY, "{} MB", daemon.peak_memory());
    assert_eq!(daemon.logged("panicked"), 0, "{}", daemon.log());
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}

/// The same mail by an author of its own: what one author sends again and again is counted, and no more.
fn by_another(raw: &[u8], number: usize) -> Vec<u8> {
    let Some(at) = raw.windows(9).position(|found| found == b"<mallory@") else { return raw.to_vec() };
    [&raw[..at + 8], number.to_string().as_bytes(), &raw[at + 8..]].concat()
}

/// What the journal says of a message, once it is handled.
fn outcome(site: &Site, uid: usize) -> Value {
    let place = format!("support/{uid}");
    let look = || {
        let output = site.output(&["explain", &place, "--json"]);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        found[0]["message"].clone()
    };
    until(&place, look, |row| row["outcome"].is_string())
}

/// It is recorded by its headers, the ticket says so, and the server's copy is never touched.
#[test]
fn a_mail_above_the_limit_stays_on_the_server_and_its_ticket_says_so() {
    let user = servers::fresh_address("above");
    let site = Site::sqlite();
    let settings =
        Settings::new().set("intake", "max_message_size", "2 MB").directory(&site.path("outgoing"));
    let mailbox = Mailbox::of(&user).set("after", "delete").set("delete_after_days", 0);
    site.configure(&settings.queue("support", &mailbox));
    let mut client = ImapClient::log_in(&user);
    client.append("INBOX", &letters::letter(0, &user, &"z".repeat(3 * MEGABYTE)));
    client.append("INBOX", &letters::letter(1, &user, "Please help."));
    let _daemon = site.start();
    until("the small one to be deleted", || client.uids("INBOX"), |uids| *uids == [1]);
    assert_eq!(outcome(&site, 1)["extent"], "headers");
    let shown = site.run(&["ticket", "show", "1"]);
    assert!(shown.contains("larger than this desk takes"), "{shown}");
    assert_eq!(site.accounts()[0]["headers_only"], Value::from(vec![1]));
    assert_eq!(client.message("INBOX", 1).len(), letters::letter(0, &user, &"z".repeat(3 * MEGABYTE)).len());
}
