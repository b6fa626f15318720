//! A mail server that goes away in the middle, or that cannot hand over one message.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;
use sqlx::Connection;

use crate::support::fault_proxy::Direction;
use crate::support::fault_proxy::FaultProxy;
use crate::support::fault_proxy::Loss;
use crate::support::fault_proxy::Place;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until;

fn site_at(mailbox: &Mailbox) -> Site {
    let site = Site::sqlite();
    let settings = Settings::new().set("intake", "timeout_seconds", 2).directory(&site.path("outgoing"));
    site.configure(&settings.queue("support", mailbox));
    site
}

fn tickets(site: &Site) -> Vec<String> {
    site.column(&["ticket", "list", "--limit", "1000"], "subject")
}

fn subjects(count: usize) -> Vec<String> {
    (0..count).map(letters::subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_while_mail_is_fetched_loses_and_doubles_nothing() {
    let user = servers::fresh_address("fetch");
    let proxy = FaultProxy::start(servers::imap());
    let site = site_at(&Mailbox::at(&user, proxy.address()).set("after", "seen"));
    let _daemon = site.start();
    let places = [
        (Direction::ToClient, Place::After("BODY[] "), Loss::Close),
        (Direction::ToClient, Place::After("Please"), Loss::Close),
        (Direction::ToClient, Place::Before("RFC822.SIZE "), Loss::Close),
        (Direction::ToClient, Place::Before("* SEARCH"), Loss::Close),
        (Direction::ToClient, Place::After("BODY[] "), Loss::Stall),
        (Direction::ToServer, Place::Before("BODY.PEEK"), Loss::Close),
        (Direction::ToServer, Place::Before("UID STORE"), Loss::Close),
        (Direction::ToServer, Place::After("UID STORE"), Loss::Stall),
    ];
    let mut client = ImapClient::log_in(&user);
    for (round, (direction, place, loss)) in places.into_iter().enumerate() {
        proxy.plan(direction, place, loss, 1);
        let numbers = 5 * round..5 * (round + 1);
        let mails: Vec<_> = numbers.map(|n| letters::letter(n, &user, "Please help.")).collect();
        client.append_all("INBOX", &mails);
        proxy.wait_until_lost(round + 1).await;
        until("every mail", || tickets(&site), |found| *found == subjects(5 * (round + 1)));
    }
    let seen = |client: &mut ImapClient| {
        let uids = client.uids("INBOX");
        uids.iter().filter(|uid| client.flags("INBOX", **uid) == ["\\Seen"]).count()
    };
    until("every mail to be marked", || seen(&mut client), |count| *count == 5 * places.len());
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_always_breaks_the_connection_does_not_stop_the_next() {
    let user = servers::fresh_address("breaker");
    let proxy = FaultProxy::start(servers::imap());
    proxy.plan(Direction::ToClient, Place::Before("UNBEARABLE"), Loss::Close, usize::MAX);
    let site = site_at(&Mailbox::at(&user, proxy.address()));
    let mut mails: Vec<_> = (0..9).map(|n| letters::letter(n, &user, "Please help.")).collect();
    mails.insert(4, letters::letter(99, &user, "UNBEARABLE"));
    ImapClient::log_in(&user).append_all("INBOX", &mails);
    let daemon = site.start();
    until("the other mails", || tickets(&site), |found| *found == subjects(9));
    // Once it is known, new mail is not held up by it either.
    ImapClient::log_in(&user).append("INBOX", &letters::letter(9, &user, "Please help."));
    until("a new mail", || tickets(&site), |found| *found == subjects(10));
    let account = &site.accounts()[0];
    assert_eq!((&account["gaps"], &account["unaccounted"]), (&Value::from(vec![5]), &Value::Array(vec![])));
    assert_eq!(daemon.logged("panicked"), 0);
}

#[test]
fn a_message_that_the_server_cannot_read_is_a_gap_until_it_can() {
    let user = servers::fresh_address("unreadable");
    let site = site_at(&Mailbox::of(&user));
    let mails: Vec<_> = (0..3).map(|n| letters::letter(n, &user, "Please help.")).collect();
    let mut client = ImapClient::log_in(&user);
    client.append_all("INBOX", &mails);
    let file = file_of(&user, &letters::subject(1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).expect("the file is ours");
    let _daemon = site.start();
    let others = vec![letters::subject(0), letters::subject(2)];
    until("the other mails", || tickets(&site), |found| *found == others);
    let gaps = || site.accounts()[0]["gaps"].to_string();
    assert_eq!(gaps(), "[2]");
    assert_eq!(
        named(&site),
        (Some(1), vec![("gap".to_owned(), "mailbox of queue support, UID 2".to_owned())])
    );
}

/// Nobody had read a mailbox for hours, and nobody was told.
#[test]
fn a_mailbox_that_nobody_reads_is_named_after_hours() {
    let user = servers::fresh_address("unread");
    let site = site_at(&Mailbox::of(&user));
    let daemon = site.start();
    ImapClient::log_in(&user).append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the mail", || tickets(&site).len(), |count| *count == 1);
    daemon.stop();
    assert_eq!(named(&site), (Some(0), vec![]));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let mut conn = sqlx::SqliteConnection::connect(&site.url).await.expect("it opens");
        let sql = "update mailboxes set healthy_at = healthy_at - 10800000000;
            update inbox set recorded_at = recorded_at - 10800000000";
        sqlx::raw_sql(sql).execute(&mut conn).await.map(drop).expect("it is written");
    });
    let unread = ("mailbox-unread".to_owned(), "mailbox of queue support".to_owned());
    assert_eq!(named(&site), (Some(1), vec![unread]));
}

/// How `verify` ends, and what it names: the rule, and what breaks it.
fn named(site: &Site) -> (Option<i32>, Vec<(String, String)>) {
    let output = site.output(&["verify", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let text = |finding: &Value, key: &str| finding[key].as_str().expect("it is text").to_owned();
    let findings = report["findings"].as_array().expect("it lists what it found").iter();
    (output.status.code(), findings.map(|one| (text(one, "rule"), text(one, "what"))).collect())
}

/// The file in which the server keeps a message.
fn file_of(user: &str, subject: &str) -> PathBuf {
    let mailbox = servers::mail_dir().join(user.to_lowercase());
    let files = ["new", "cur"].iter().flat_map(|part| fs::read_dir(mailbox.join(part)).expect("a maildir"));
    let holds = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.contains(subject));
    files.map(|entry| entry.expect("it is listed").path()).find(holds).expect("the mail is there")
}
