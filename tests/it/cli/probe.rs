//! `check --probe`: what becomes of the desk's own mail on its way, and what is made of it.

use helpdeskd::desk::probe;
use helpdeskd::desk::probe::Target;
use helpdeskd::mail::compose::Files;
use helpdeskd::store;
use helpdeskd::store::probes::Probe;
use rstest::rstest;

use super::check_servers::plain_sender;
use super::facts::bad;
use super::facts::config;
use super::facts::desk;
use super::facts::fact;
use super::facts::facts;
use crate::support::assert_snapshot;
use crate::support::imap_client::ImapClient;
use crate::support::mail::mail;
use crate::support::program::Program;
use crate::support::program::Ran;
use crate::support::servers;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::Path;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// A server on the way: what it makes of a mail, nothing for one that it loses.
type Relay = fn(number: usize, mail: &str) -> Option<String>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_changes_ids_and_knows_plus_addresses_is_seen_through() {
    let address = servers::fresh_address("relay");
    let (program, ran) = probed(&address, "60", |number, mail| {
        let own = format!("Message-ID: <{number}@relay.test>\r\n");
        let head = "Authentication-Results: mx.desk.test; dmarc=pass\r\nReceived: from a by b\r\n";
        let rest = mail.split_inclusive("\r\n").filter(|line| !line.starts_with("Message-ID:"));
        Some(format!("{head}{own}{}", rest.collect::<String>()))
    })
    .await;
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    assert_snapshot!(about_probe(&ran), @r#"
    ok: arrived
    ok probe of queue support: a mail to its plus-address arrived too: answers go there, and find their ticket by it. A running helpdeskd knows within a minute
    note probe of queue support: a server on the way puts its own Message-IDs in place of ours; answers are known by their address
    note probe of queue support: mx.desk.test stamped it; senders are checked here instead
    "#);
    assert!(ImapClient::log_in(&address).uids("INBOX").is_empty(), "the probes are taken away");
    let later = program.run(&["check", "--json"]);
    assert!(fact(&later, "plus-addresses arrived on").starts_with("ok "), "{later:?}");
    program.write(
        "config.toml",
        program.read("config.toml").replace("folder = \"INBOX\"", "folder = \"Other\""),
    );
    assert!(
        fact(&program.run(&["check", "--json"]), "was never tried").starts_with("note "),
        "another mailbox is another way"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_loses_plus_addresses_is_told_and_none_is_used() {
    let address = servers::fresh_address("relay");
    let lossy: Relay = |number, mail| (number == 0).then(|| mail.to_owned());
    let (program, ran) = probed(&address, "2", lossy).await;
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    assert_snapshot!(about_probe(&ran), @r"
    ok: arrived
    note probe of queue support: a mail to its plus-address did not arrive: answers find their ticket by Message-ID and subject only -> switch plus-addresses on in the mail server (Postfix: `recipient_delimiter = +`), then probe again
    ok probe of queue support: Message-IDs stay as they are on the way
    note probe of queue support: no server stamped it; some stamp only what comes from elsewhere
    ");
    let later = program.run(&["check", "--json"]);
    assert!(fact(&later, "plus-addresses did not arrive on").starts_with("note "), "{later:?}");
}

/// Postfix and Exchange say it late, and after a probe that did not look so far no answer left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn return_paths_are_tried_to_the_end_and_what_is_refused_is_kept_until_it_is_taken() {
    let address = servers::fresh_address("relay");
    let plain: Relay = |_, mail| Some(mail.to_owned());
    let sink = SmtpSink::start();
    sink.fail_path(
        Path::Plus,
        Stage::Recipient,
        Fault::Reply("553 5.7.1 Sender address rejected: not owned"),
    );
    sink.fail_path(Path::Null, Stage::Message, Fault::Part("550 5.7.60 SendAsDenied"));
    let (program, ran) = probed_by(sink, &address, "60", plain).await;
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    let told = |ran: &Ran| {
        let about = facts(ran).into_iter().filter(|fact| fact.contains(" sending by account "));
        about.collect::<Vec<_>>().join("\n").replace(&address, "ADDRESS")
    };
    assert_snapshot!(told(&ran), @r"
    note sending by account default: acknowledgements leave from ADDRESS: this relay takes no mail without a sender; their Auto-Submitted field still keeps machines from answering
    note sending by account default: answers leave from ADDRESS: this relay takes no other return path; returned mail is recognised by the Message-ID and the recipient that it names
    ");
    assert_eq!(told(&program.run(&["check", "--json"])), told(&ran), "it is kept");
}

/// A mail server stands before the desk as `mx.desk.test`; what it does with a field of that name that came to it.
#[rstest]
#[case::strips(
    |_: usize, mail: &str| Some(without_stamp(mail)),
    "ok probe of queue support: a forged Authentication-Results of mx.desk.test does not come through: senders are believed by it safely"
)]
#[case::renames(
    |_: usize, mail: &str| Some(mail.replace("Authentication-Results: ", "X-Original-Authentication-Results: ")),
    "ok probe of queue support: a forged Authentication-Results of mx.desk.test does not come through: senders are believed by it safely"
)]
#[case::leaves(
    |_: usize, mail: &str| Some(format!("Received: from desk by mx.desk.test\r\n{mail}")),
    "note probe of queue support: a forged Authentication-Results of mx.desk.test comes through, below what the server itself wrote, where it is not believed; a mail on which it writes nothing would be -> have mx.desk.test remove such fields"
)]
#[case::adds_nothing(
    |_: usize, mail: &str| Some(mail.to_owned()),
    "note probe of queue support: a forged Authentication-Results of mx.desk.test comes through and would be believed: unless that server removes it from what comes from elsewhere, anybody can write in an agent's name -> have mx.desk.test remove such fields"
)]
#[case::stamps_above(
    |_: usize, mail: &str| Some(format!("Authentication-Results: mx.desk.test; dmarc=none header.from=desk.test\r\n{mail}")),
    "note probe of queue support: a forged Authentication-Results of mx.desk.test comes through, below what the server itself wrote, where it is not believed; a mail on which it writes nothing would be -> have mx.desk.test remove such fields"
)]
#[case::refuses(
    |_: usize, mail: &str| (!mail.starts_with("Authentication-Results")).then(|| mail.to_owned()),
    "note probe of queue support: a mail with a forged Authentication-Results does not arrive at all"
)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lets_a_forged_stamp_through_is_told(#[case] relay: Relay, #[case] told: &str) {
    let address = servers::fresh_address("forged");
    let ids = "authserv_ids = [\"mx.desk.test\"]\n";
    let (_, ran) = probed_with(SmtpSink::start(), &address, "2", relay, ids).await;
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    let about = about_probe(&ran);
    let found =
        about.lines().find(|line| line.contains("a forged Authentication-Results")).unwrap_or_default();
    assert!(found.contains(told), "{about}");
    assert!(ImapClient::log_in(&address).uids("INBOX").is_empty(), "the probes are taken away");
}

fn without_stamp(mail: &str) -> String {
    match mail.strip_prefix("Authentication-Results: ") {
        Some(rest) => rest
            .split_once("header.from=")
            .and_then(|(_, rest)| rest.split_once("\r\n"))
            .map_or("", |(_, rest)| rest)
            .to_owned(),
        None => mail.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_never_arrives_is_bad_and_teaches_nothing() {
    let address = servers::fresh_address("relay");
    let (program, ran) = probed(&address, "1", |_, _| None).await;
    assert_eq!(ran.code, 78);
    assert_snapshot!(bad(&ran).join("\n").replace(&address, "ADDRESS"), @"bad probe of queue support: a mail to ADDRESS was taken, and did not arrive in the mailbox within 1 s -> is this the mailbox of ADDRESS? Look for it in other folders, such as spam, and in the log of the mail server");
    assert!(fact(&program.run(&["check", "--json"]), "was never tried").starts_with("note "));
}

#[test]
fn the_real_servers_are_probed_and_left_as_they_were() {
    let address = servers::fresh_address("probe");
    let program = desk(&config(&address));
    let mut client = ImapClient::log_in(&address);
    client.append("INBOX", b"Subject: somebody's\r\n\r\n");
    let ran = program.run(&["check", "--probe", "--wait", "2", "--json"]);
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    // This Dovecot has another mailbox for each plus-address.
    assert!(fact(&ran, "its plus-address did not arrive").starts_with("note "), "{:?}", facts(&ran));
    assert_eq!(client.messages("INBOX"), [b"Subject: somebody's\r\n\r\n".to_vec()]);
}

#[rstest]
#[tokio::test]
async fn a_probe_that_comes_in_never_becomes_a_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let queue = desk.app.desk().directory.queue_by_slug("support").unwrap().clone();
    let new = |target| probe::write(&desk.app.desk(), &queue, target, desk.now()).unwrap();
    let raw =
        |probe: &probe::Probe| String::from_utf8(probe.draft.compose(Files::default()).unwrap()).unwrap();
    for target in [Target::Plain, Target::Plus] {
        let probe = new(target);
        assert_eq!(desk.receive(raw(&probe)).await, "ignored (probe)");
        // A relay may change the id, or the author, or both.
        let other_id = raw(&probe).replacen(
            &format!("Message-ID: <{}>", probe.message_id),
            "Message-ID: <1@relay.test>",
            1,
        );
        assert_ne!(other_id, raw(&probe));
        assert_eq!(desk.receive(other_id.clone()).await, "ignored (probe)");
        assert_eq!(
            desk.receive(other_id.replace("<support@desk.test>", "<account@relay.test>")).await,
            "ignored (probe)"
        );
    }
    assert_eq!(desk.tickets().await, "none");
    assert_eq!(desk.sent().await.len(), 0);
    // What only looks like one, and what a person answers to one, is mail like any other.
    let probe = new(Target::Plain);
    let (last, rest) = probe.token.split_at(1);
    let forged = raw(&probe)
        .replace(&probe.token, &format!("{rest}{last}"))
        .replace("support@desk.test", "eve@evil.test");
    assert_eq!(desk.receive(forged).await, "ticket #1");
    let answer =
        mail("ann@customer.test", "Re: helpdeskd probe").in_reply_to(&probe.message_id).text("What is this?");
    assert_eq!(desk.receive(answer).await, "ticket #2");
}

#[rstest]
#[tokio::test]
async fn answers_go_to_plus_addresses_only_where_one_was_seen_to_arrive(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mailbox = "[queues.imap]\nhost = \"localhost\"\nusername = \"support\"\npassword = \"x\"\n";
    let desk = TestDesk::with_config(on, mailbox).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    assert_eq!(desk.sent().await.to("ann@customer.test").header("Reply-To"), None);

    let queue = desk.app.desk().directory.queue_by_slug("support").unwrap().clone();
    let seen = |plus: &str, address: &str| Probe {
        queue_id: queue.id,
        address: address.to_owned(),
        mailbox: queue.config.imap.as_ref().unwrap().identity(),
        account: "default".to_owned(),
        plus_addresses: plus.to_owned(),
        message_ids: "kept".to_owned(),
        authserv_id: None,
        probed_at: desk.now(),
    };
    for (probe, used) in [
        (seen("lost", "support@desk.test"), false),
        (seen("arrive", "former@desk.test"), false),
        (seen("arrive", "support@desk.test"), true),
    ] {
        let mut tx = desk.write().await;
        store::probes::upsert(&mut tx, &probe).await.unwrap();
        tx.commit().await.unwrap();
        desk.app.desk().refresh(&desk.app.db).await.unwrap();
        assert_eq!(desk.app.desk().plus.arrive(queue.id), used, "{probe:?}");
    }

    desk.receive(mail("bob@customer.test", "Coffee is cold")).await;
    let reply_to = desk.sent().await.to("bob@customer.test").header("Reply-To").unwrap();
    let address = reply_to.trim_end_matches('>').rsplit('<').next().unwrap().to_owned();
    assert!(address.starts_with("support+") && address.ends_with("@desk.test"), "{reply_to}");
    // The address alone finds the ticket: no ids, another subject.
    let answer = mail("bob@customer.test", "Something else").to(&address).text("Still cold.");
    assert_eq!(desk.receive(answer).await, "followup #2");
}

/// Runs a probe whose mail goes by a relay into the mailbox.
async fn probed(address: &str, wait: &'static str, relay: Relay) -> (Program, Ran) {
    probed_by(SmtpSink::start(), address, wait, relay).await
}

async fn probed_by(sink: SmtpSink, address: &str, wait: &'static str, relay: Relay) -> (Program, Ran) {
    probed_with(sink, address, wait, relay, "").await
}

/// `queue` are further keys of the queue.
async fn probed_with(
    sink: SmtpSink,
    address: &str,
    wait: &'static str,
    relay: Relay,
    queue: &str,
) -> (Program, Ran) {
    let text = format!("{}folder = \"INBOX\"\n", plain_sender(&sink, address));
    let program = desk(&text.replace("[queues.imap]", &format!("{queue}[queues.imap]")));
    let run = tokio::task::spawn_blocking(move || {
        let ran = program.run(&["check", "--probe", "--wait", wait, "--json"]);
        (program, ran)
    });
    let taken = sink.wait_for(if queue.is_empty() { 2 } else { 3 }).await;
    let user = address.to_owned();
    let passed_on = tokio::task::spawn_blocking(move || {
        let mut client = ImapClient::log_in(&user);
        for (number, taken) in taken.iter().enumerate() {
            if let Some(mail) = relay(number, std::str::from_utf8(&taken.data).expect("text")) {
                client.append("INBOX", mail.as_bytes());
            }
        }
    });
    passed_on.await.expect("the relay ends");
    run.await.expect("the check ends")
}

fn about_probe(ran: &Ran) -> String {
    let about = facts(ran).into_iter().filter(|fact| fact.contains(" probe of queue "));
    // How long it took differs.
    let words: Vec<String> = about
        .map(|fact| match fact.split_once(" arrived after ") {
            Some((_, _)) => "ok: arrived".to_owned(),
            None => fact,
        })
        .collect();
    words.join("\n")
}
