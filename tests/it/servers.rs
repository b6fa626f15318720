//! What the other tests rely on: the servers of this run, and the stand-ins, do what they promise.
//!
//! Says nothing about the daemon; a failure here explains a hundred elsewhere.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use helpdeskd::tls;
use helpdeskd::tls::Trust;
use helpdeskd::tls::pin::Pin;
use sqlx::Connection;
use sqlx::PgConnection;

use crate::support::fault_proxy::Direction;
use crate::support::fault_proxy::FaultProxy;
use crate::support::fault_proxy::Loss;
use crate::support::fault_proxy::Place;
use crate::support::imap_client::ImapClient;
use crate::support::pg::PgDatabase;
use crate::support::servers;
use crate::support::servers::Flaw;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;

const MAIL: &[u8] = b"From: a@example.test\r\nSubject: hello\r\n\r\n.one line\r\n";

#[test]
fn what_is_appended_can_be_fetched_flagged_and_expunged() {
    let mut client = ImapClient::log_in(&servers::fresh_address("append"));
    client.append("INBOX", MAIL);
    client.append_all("INBOX", &[b"Subject: 2\r\n\r\n".as_slice(), b"Subject: 3\r\n\r\n"]);
    let uids = client.uids("INBOX");
    assert_eq!(uids.len(), 3);
    assert_eq!(client.message("INBOX", uids[0]), MAIL);
    assert_eq!(client.flags("INBOX", uids[0]), Vec::<String>::new(), "reading leaves no trace");
    client.set_flag("INBOX", uids[0], "\\Seen");
    client.set_flag("INBOX", uids[0], "$Handled");
    assert_eq!(client.flags("INBOX", uids[0]), ["$Handled", "\\Seen"]);
    client.expunge("INBOX", uids[1]);
    assert_eq!(client.uids("INBOX"), [uids[0], uids[2]]);
}

#[test]
fn a_folder_that_is_made_anew_has_another_uid_validity() {
    let mut client = ImapClient::log_in(&servers::fresh_address("validity"));
    client.command("CREATE Support");
    let first = client.uid_validity("Support");
    client.command("DELETE Support");
    client.command("CREATE Support");
    assert_ne!(client.uid_validity("Support"), first);
}

#[test]
fn mail_given_to_postfix_arrives_in_the_mailbox_of_its_recipient() {
    let recipient = servers::fresh_address("Recipient");
    let answers = send(servers::smtp(), "a@example.test", &recipient);
    assert!(answers.contains("250 2.0.0"), "{answers}");
    let mail = ImapClient::log_in(&recipient).wait_for("INBOX", 1);
    assert!(String::from_utf8_lossy(&mail[0]).ends_with("\r\n.one line\r\n"));
}

#[test]
fn postfix_refuses_and_bounces_the_recipients_that_are_made_for_it() {
    let sender = servers::fresh_address("sender");
    for (recipient, status) in [("unknown@example.test", "550"), ("full@example.test", "452")] {
        let answers = send(servers::smtp(), &sender, recipient);
        assert!(answers.lines().any(|line| line.starts_with(status)), "{answers}");
    }
    send(servers::smtp(), &sender, "late-bounce@example.test");
    let mail = ImapClient::log_in(&sender).wait_for("INBOX", 1);
    assert!(String::from_utf8_lossy(&mail[0]).contains("report-type=delivery-status"));
}

#[tokio::test]
async fn a_certificate_is_good_on_one_address_and_flawed_on_the_others() {
    let trust = Trust { ca_file: Some(servers::ca_file()), pin: None };
    for server in [servers::imaps(), servers::smtps()] {
        assert_eq!(shake_hands(server, &trust).await, Ok(()));
    }
    for flaw in [Flaw::Expired, Flaw::WrongName, Flaw::SelfSigned] {
        assert!(shake_hands(servers::bad_imaps(flaw), &trust).await.is_err(), "{flaw:?}");
    }
    let pinned = Trust { ca_file: None, pin: Pin::parse(&servers::self_signed_pin()) };
    assert_eq!(shake_hands(servers::bad_imaps(Flaw::SelfSigned), &pinned).await, Ok(()));
    assert!(shake_hands(servers::imaps(), &pinned).await.is_err(), "another certificate than the pinned one");
}

#[test]
fn one_user_can_log_in_with_a_token() {
    let (user, token) = servers::oauth_user();
    let mut stream = connect(servers::imap());
    let initial = STANDARD.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"));
    stream.write_all(format!("a AUTHENTICATE XOAUTH2 {initial}\r\nb LOGOUT\r\n").as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(answers.contains("\r\na OK"), "{answers}");
}

#[tokio::test]
async fn each_test_has_a_postgres_database_of_its_own() {
    let (first, second, empty) =
        (PgDatabase::migrated().await, PgDatabase::migrated().await, PgDatabase::empty().await);
    count_tables(&first.url, "create table only_here (id bigint)").await;
    assert_eq!(count_tables(&first.url, "").await, count_tables(&second.url, "").await + 1);
    assert_eq!(count_tables(&empty.url, "").await, 0);
    let url = first.url.clone();
    drop(first);
    assert!(PgConnection::connect(&url).await.is_err(), "a dropped database is gone");
}

#[tokio::test]
async fn the_sink_keeps_what_it_takes() {
    let sink = SmtpSink::start();
    send(sink.address(), "a@example.test", "b@example.test");
    let taken = sink.wait_for(1).await;
    assert_eq!(
        (taken[0].sender.as_str(), taken[0].recipients.as_slice()),
        ("a@example.test", ["b@example.test".to_owned()].as_slice())
    );
    assert_eq!(taken[0].data, MAIL);
    assert!(taken[0].answered);
}

#[tokio::test]
async fn the_sink_fails_where_it_is_told_to() {
    let sink = SmtpSink::start();
    for (stage, taken) in [(Stage::Mail, 0), (Stage::Recipient, 0), (Stage::Data, 0), (Stage::Message, 0)] {
        sink.fail(stage, Fault::Reply("451 4.3.0 try later"), 1);
        assert!(send(sink.address(), "a@example.test", "b@example.test").contains("451 4.3.0"), "{stage:?}");
        assert_eq!(sink.taken().len(), taken);
    }
    sink.fail_recipient("B@example.test", Fault::Reply("550 5.1.1 no such mailbox"));
    assert!(send(sink.address(), "a@example.test", "b@example.test").contains("550 5.1.1"));
    assert!(send(sink.address(), "a@example.test", "c@example.test").contains("250 2.0.0 taken"));
    sink.recover();
    assert!(send(sink.address(), "a@example.test", "b@example.test").contains("250 2.0.0 taken"));
    assert_eq!(sink.taken().len(), 2);
}

#[tokio::test]
async fn a_mail_whose_answer_is_lost_is_taken_all_the_same() {
    let sink = SmtpSink::start();
    sink.fail(Stage::Message, Fault::HangUp, 1);
    let answers = send(sink.address(), "a@example.test", "b@example.test");
    assert!(answers.ends_with("354 go on\r\n"), "{answers}");
    sink.wait_for_stage(Stage::Message, 1).await;
    assert!(!sink.wait_for(1).await[0].answered);

    sink.fail(Stage::Message, Fault::Silence, 1);
    let mut stream = connect(sink.address());
    stream.write_all(script("a@example.test", "b@example.test").as_bytes()).unwrap();
    assert!(!sink.wait_for(2).await[1].answered);
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut answers = Vec::new();
    assert!(stream.read_to_end(&mut answers).is_err(), "neither an answer nor an end");
    assert_eq!(sink.passages(Stage::Message), 2);
}

#[tokio::test]
async fn the_proxy_loses_a_connection_before_or_after_a_text() {
    let user = servers::fresh_address("proxy");
    let proxy = FaultProxy::start(servers::imap());
    let places = [
        (Direction::ToServer, Place::Before("UID STORE"), false, false),
        (Direction::ToClient, Place::Before("c OK"), true, false),
        (Direction::ToClient, Place::After("c OK"), true, true),
    ];
    for (direction, place, stored, told) in places {
        let mut direct = ImapClient::log_in(&user);
        direct.append("INBOX", MAIL);
        let uid = *direct.uids("INBOX").last().unwrap();
        proxy.plan(direction, place, Loss::Close, 1);
        let command =
            format!("a LOGIN {user} secret\r\nb SELECT INBOX\r\nc UID STORE {uid} +FLAGS (\\Seen)\r\n");
        let mut stream = connect(proxy.address());
        stream.write_all(command.as_bytes()).unwrap();
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received);
        assert_eq!(String::from_utf8_lossy(&received).ends_with("c OK"), told, "{place:?}");
        assert_eq!(!direct.flags("INBOX", uid).is_empty(), stored, "{place:?}");
    }
    proxy.wait_until_lost(3).await;
    assert_eq!((proxy.accepted(), proxy.lost()), (3, 3));
}

#[tokio::test]
async fn the_proxy_passes_exactly_the_bytes_it_is_told_to() {
    let proxy = FaultProxy::start(servers::imap());
    proxy.plan(Direction::ToClient, Place::Bytes(4), Loss::Close, 1);
    let mut received = Vec::new();
    let _ = connect(proxy.address()).read_to_end(&mut received);
    assert_eq!(received, b"* OK");
}

#[tokio::test]
async fn a_stalled_connection_says_nothing_and_stays_open() {
    let proxy = FaultProxy::start(servers::imap());
    proxy.plan(Direction::ToClient, Place::Bytes(0), Loss::Stall, 1);
    let mut stream = connect(proxy.address());
    proxy.wait_until_lost(1).await;
    stream.write_all(b"a LOGOUT\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(stream.read(&mut [0]).is_err(), "neither an answer nor an end");
}

#[tokio::test]
async fn a_server_that_is_down_comes_up_again() {
    let user = servers::fresh_address("down");
    let proxy = FaultProxy::start(servers::imap());
    ImapClient::log_in_at(proxy.address(), &user);
    proxy.go_down();
    assert_eq!(connect(proxy.address()).read(&mut [0]).unwrap_or(0), 0);
    proxy.wait_until_accepted(2).await;
    proxy.come_up();
    ImapClient::log_in_at(proxy.address(), &user);
}

fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out can be set");
    stream
}

async fn shake_hands(server: SocketAddr, trust: &Trust) -> Result<(), String> {
    let host = server.ip().to_string();
    let stream = tls::tcp(&host, server.port(), Duration::from_secs(30)).await.expect("the server answers");
    tls::wrap(stream, &host, trust).await.map(drop).map_err(|error| error.to_string())
}

/// Sends one mail, and gives all answers.
fn send(server: SocketAddr, sender: &str, recipient: &str) -> String {
    let mut session = BufReader::new(connect(server));
    let mut answers = answer(&mut session);
    let script = script(sender, recipient);
    // The body goes out only when the server asks for it.
    let (commands, body) = script.split_once("DATA\r\n").expect("the script has a body");
    for command in commands.split_inclusive('\n').chain(["DATA\r\n"]) {
        session.get_mut().write_all(command.as_bytes()).expect("the server reads");
        answers.push_str(&answer(&mut session));
    }
    if answers.lines().last().is_some_and(|line| line.starts_with("354")) {
        session.get_mut().write_all(body.as_bytes()).expect("the server reads");
        answers.push_str(&answer(&mut session));
    }
    answers
}

/// Reads one answer of one or more lines; nothing when the server hung up.
fn answer(session: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    while session.read_line(&mut text).expect("the server answers in time") > 0 {
        let last = text.lines().last().unwrap_or_default();
        if last.as_bytes().get(3) != Some(&b'-') {
            break;
        }
    }
    text
}

fn script(sender: &str, recipient: &str) -> String {
    let body = String::from_utf8_lossy(MAIL).replace("\r\n.", "\r\n..");
    format!("EHLO test\r\nMAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n{body}.\r\nQUIT\r\n")
}

/// Runs a statement, if there is one, and counts the tables.
async fn count_tables(url: &str, statement: &'static str) -> i64 {
    let mut database = PgConnection::connect(url).await.expect("the server answers");
    sqlx::raw_sql(statement).execute(&mut database).await.expect("the server answers");
    let sql = "select count(*) from pg_tables where schemaname = 'public'";
    let count = sqlx::query_scalar(sql).fetch_one(&mut database).await.expect("the server answers");
    database.close().await.expect("the server answers");
    count
}
