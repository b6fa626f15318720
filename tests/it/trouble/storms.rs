//! A relay that is confused for a minute and refuses everybody: when it is itself again, nothing of that is left.

use rstest::rstest;

use super::refusals::CUSTOMERS;
use super::refusals::paused;
use super::refusals::requests;
use super::refusals::sender;
use super::refusals::states;
use super::refusals::suppressed;
use super::sending::Sender;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;

/// What a relay may say to everybody for a minute, and where.
const STORMS: [(Stage, &str); 10] = [
    (Stage::Recipient, "550 5.1.1 no such user"),
    (Stage::Recipient, "550 5.7.1 refused"),
    (Stage::Recipient, "550 5.4.1 Recipient address rejected: Access denied"),
    (Stage::Recipient, "552 5.2.2 mailbox is full"),
    (Stage::Recipient, "550 no"),
    (Stage::Data, "554 5.7.1 no"),
    (Stage::Message, "550 5.7.1 refused by policy"),
    (Stage::Message, "550 5.1.1 user unknown"),
    (Stage::Message, "554 no"),
    (Stage::Mail, "550 5.7.1 refused"),
];

/// However few mails it meets: three are as wrong as one.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_minute_of_refusing_everybody_costs_no_mail_and_suppresses_nobody(
    #[values(1, 2, 4)] count: usize,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for (stage, words) in STORMS {
        let sink = SmtpSink::start();
        let mut sender = sender(on, &sink).await;
        let alex = sender.desk.agent("alex@staff.test").await;
        requests(&sender, &["eve@e.test"], "Before").await;
        sender.go_on(1).await;
        sink.fail(stage, Fault::Reply(words), usize::MAX);
        sender.desk.by(&alex).comment(1, "An answer.").await;
        requests(&sender, &CUSTOMERS[..count], "Help").await;
        sender.go_on(1).await;
        sink.recover();
        sender.go_on(20).await;
        let rows = sender.outbox().await;
        assert!(rows.iter().all(|(state, _)| state == "sent"), "{stage:?} {words}: {rows:?}");
        assert_eq!(suppressed(&sender).await, Vec::<String>::new(), "{stage:?} {words}");
        assert_eq!(paused(&sender).await, 0, "{stage:?} {words}");
        assert_each_came_once(&sink, &CUSTOMERS[..count], &format!("{stage:?} {words}"));
    }
}

fn assert_each_came_once(sink: &SmtpSink, recipients: &[&str], what: &str) {
    for recipient in recipients {
        let times = sink.taken().iter().filter(|mail| mail.recipients.concat() == *recipient).count();
        assert_eq!(times, 1, "{what}: {recipient}");
    }
}

/// Requests from forged senders in a quiet night: the relay takes our own address, so it is not confused.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn dead_senders_in_a_row_are_given_up_at_once_and_pause_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for words in [
        "550 5.1.1 no such user",
        "550 5.1.2 no such domain",
        "550 5.4.1 Recipient address rejected: Access denied",
        "550 No such person at this address",
    ] {
        let dead = ["x@one.test", "y@two.test", "z@three.test"];
        let sink = refusing(&dead, words);
        let mut sender = sender(on, &sink).await;
        requests(&sender, &dead, "Buy").await;
        sender.go_on(1).await;
        assert_eq!((paused(&sender).await, states(&sender).await), (0, (0, 0, 3)), "{words}");
        // What is no word on the address itself counts as one failure.
        let lasting = if words.contains("5.4.1") { 0 } else { 3 };
        assert_eq!(suppressed(&sender).await.len(), lasting, "{words}");
        requests(&sender, &["ann@a.test"], "Help").await;
        sender.go_on(1).await;
        assert_eq!(states(&sender).await, (0, 1, 3), "{words}: it is not held up");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn three_colleagues_who_left_pause_nothing_and_stay_written_to(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let gone = ["x@one.test", "y@two.test", "z@three.test"];
    for words in ["550 5.1.1 no such user", "550 5.7.1 mailbox is closed", "550 no"] {
        let sink = refusing(&gone, words);
        let mut sender = sender(on, &sink).await;
        for address in gone {
            sender.desk.agent(address).await;
        }
        requests(&sender, &["ann@a.test"], "Help").await;
        sender.go_on(50).await;
        assert_eq!(paused(&sender).await, 0, "{words}");
        assert_eq!(suppressed(&sender).await, Vec::<String>::new(), "{words}");
        let came = |address: &str| sink.taken().iter().any(|mail| mail.recipients.concat() == address);
        assert!(came("ann@a.test"), "{words}");
        assert!(came("root@ops.test"), "{words}: the operators hear of it");
    }
}

fn refusing(addresses: &[&str], words: &'static str) -> SmtpSink {
    let sink = SmtpSink::start();
    for address in addresses {
        sink.fail_recipient(address, Fault::Reply(words));
    }
    sink
}

/// An alert that is refused for good is as good as none; it is the one mail that must not be given up.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_tried_until_it_is_delivered(#[values(On::Sqlite, On::Postgres)] on: On) {
    for words in ["550 5.1.1 no such user", "550 5.7.1 refused", "552 5.2.2 full", "554 5.6.0 content"] {
        let sink = refusing(&["root@ops.test"], words);
        // A refusal that is ours raises the alert.
        sink.fail(Stage::Mail, Fault::Reply("550 5.7.60 SendAsDenied"), 2);
        let mut sender: Sender = sender(on, &sink).await;
        requests(&sender, &["ann@a.test"], "Help").await;
        sender.go_on(7 * 24 * 60 / 30).await;
        sender.desk.advance(std::time::Duration::from_hours(7 * 24));
        sender.go_on(1).await;
        assert_eq!(suppressed(&sender).await, Vec::<String>::new(), "{words}");
        sink.recover();
        sender.go_on(5 * 60).await;
        let came = sink.taken().iter().filter(|mail| mail.recipients.concat() == "root@ops.test").count();
        assert_eq!(came, 1, "{words}: {:?}", sender.outbox().await);
    }
}
