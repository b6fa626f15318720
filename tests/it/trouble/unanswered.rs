//! A server that does not say whether it took a mail, or leaves in the middle of one: every mail has an end that
//! somebody hears of.

use std::time::Duration;

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::store;

use super::refusals::paused;
use super::refusals::requests;
use super::refusals::sender;
use super::refusals::states;
use super::refusals::suppressed;
use super::sending::Sender;
use crate::support::fault_proxy::Direction;
use crate::support::fault_proxy::FaultProxy;
use crate::support::fault_proxy::Loss;
use crate::support::fault_proxy::Place;
use crate::support::mail::mail;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;

const MEGABYTE: usize = 1024 * 1024;
const ANN: &str = "ann@a.test";

fn times(sink: &SmtpSink, recipient: &str) -> usize {
    sink.taken().iter().filter(|mail| mail.recipients.concat() == recipient).count()
}

/// Twice, and it was of unknown fate and never tried again, though its last line had never left.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_mail_that_is_cut_off_in_its_middle_is_tried_until_it_passes(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    let proxy = FaultProxy::start(sink.address());
    // Shorter than it takes a server that is gone to be noticed by.
    let patience = Duration::from_secs(6);
    let mut sender = Sender::of(TestDesk::with_attempts_of(on, patience).await, proxy.address());
    sender.desk.agent("alex@staff.test").await;
    let request = mail(ANN, "Plans").attachment("plan.bin", "application/octet-stream", &plan());
    proxy.plan(Direction::ToServer, Place::Bytes(MEGABYTE), Loss::Close, usize::MAX);
    sender.desk.receive(request).await;
    sender.go_on(2).await;
    assert_eq!(times(&sink, "alex@staff.test"), 0);
    let rows = store::outbox::list(&mut sender.desk.read().await, 10).await.unwrap();
    let large = rows.iter().find(|row| row.recipient == "alex@staff.test").expect("it is there");
    assert_eq!((large.state.as_str(), large.unclear, large.data_started_at), ("queued", 0, None));
    assert_eq!(large.attempts, 2);
    proxy.come_up();
    sender.go_on(6).await;
    assert_eq!((times(&sink, "alex@staff.test"), times(&sink, ANN)), (1, 1));
}

/// As large as staff may get, and nothing that packs well.
fn plan() -> Vec<u8> {
    let mut state: u32 = 1;
    let byte = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..7 * MEGABYTE).map(byte).collect()
}

/// Sixteen of sixteen were given up after 61 seconds.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_after_each_mail_is_tried_with_one_at_a_time_and_all_arrive(
    #[values(Fault::HangUp, Fault::Part("2"))] fault: Fault,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    let mut sender = sender(on, &sink).await;
    let customers: Vec<String> = (0..16).map(|n| format!("guest@g{n}.test")).collect();
    let authors: Vec<&str> = customers.iter().map(String::as_str).collect();
    sink.fail(Stage::Message, fault, usize::MAX);
    requests(&sender, &authors, "Help").await;
    sender.go_on(10).await;
    assert!(sink.passages(Stage::Message) <= 5, "{} were tried", sink.passages(Stage::Message));
    assert_eq!((paused(&sender).await, states(&sender).await), (1, (17, 0, 0)), "one more for the operators");
    sink.recover();
    sender.go_on(11).await;
    assert_eq!(
        (paused(&sender).await, states(&sender).await),
        (0, (0, 17, 0)),
        "{:?}",
        sender.outbox().await
    );
    let all: Vec<usize> = authors.iter().map(|author| times(&sink, author)).collect();
    assert!(all.iter().all(|count| (1..=2).contains(count)), "{all:?}");
    assert!(times(&sink, "root@ops.test") >= 1, "somebody hears of it");
    assert_eq!(suppressed(&sender).await, Vec::<String>::new());
}

/// Hours of it: each mail is sent again once, and then left to people, who are told.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_unknown_fate_is_told_to_its_author_and_to_the_operators(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    let mut sender = sender(on, &sink).await;
    requests(&sender, &[ANN], "Help").await;
    let alex = sender.desk.agent("alex@staff.test").await;
    sender.go_on(1).await;
    sender.desk.by(&alex).comment(1, "Use water.").await;
    sink.fail(Stage::Message, Fault::HangUp, 1);
    sender.go_on(4).await;
    assert_eq!(states(&sender).await.0, 1, "minutes pass before it is sent again");
    sink.fail(Stage::Message, Fault::HangUp, 1);
    sender.go_on(10).await;
    let told = |address: &str, words: &str| {
        let taken = sink.taken();
        let mut mails = taken.iter().filter(|mail| mail.recipients.concat() == address);
        mails.any(|mail| String::from_utf8_lossy(&mail.data).replace("=\r\n", "").contains(words))
    };
    assert_eq!(times(&sink, ANN), 3, "the acknowledgement, and the answer twice");
    assert!(told("alex@staff.test", "Nobody knows whether the mail to"));
    assert!(told("root@ops.test", "helpdeskd outbox retry"));
    let states: Vec<String> = sender.outbox().await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states.iter().filter(|state| *state == "unknown").count(), 1);
    sender.desk.leaves_unsettled();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_a_used_connection_gets_the_mail_at_once_by_a_new_one(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    const OVER: &str = "421 4.7.0 too many messages in one connection";
    for (stage, fault) in [
        (Stage::Mail, Fault::Part(OVER)),
        (Stage::Mail, Fault::Reply(OVER)),
        (Stage::Mail, Fault::HangUp),
        (Stage::Recipient, Fault::Part(OVER)),
        (Stage::Recipient, Fault::HangUp),
        (Stage::Data, Fault::Part(OVER)),
        (Stage::Data, Fault::HangUp),
        (Stage::Message, Fault::Part(OVER)),
    ] {
        let sink = SmtpSink::start();
        let mut sender = sender(on, &sink).await;
        requests(&sender, &[ANN], "Help").await;
        sender.go_on(1).await;
        sink.fail(stage, fault, 1);
        requests(&sender, &["bob@b.test"], "Help").await;
        sender.go_on(1).await;
        assert_eq!((times(&sink, ANN), times(&sink, "bob@b.test")), (1, 1), "{stage:?} {fault:?}");
        let newest = store::outbox::list(&mut sender.desk.read().await, 1).await.unwrap();
        assert_eq!((newest[0].attempts, newest[0].unclear), (1, 0), "{stage:?} {fault:?}");
    }
    // Where the new one finds nobody, the old one's DATA is no unclear end.
    let sink = SmtpSink::start();
    let mut sender = sender(on, &sink).await;
    requests(&sender, &[ANN], "Help").await;
    sender.go_on(1).await;
    sink.fail(Stage::Data, Fault::Part(OVER), 1);
    sink.fail(Stage::Connect, Fault::HangUp, 3);
    requests(&sender, &["bob@b.test"], "Help").await;
    sender.go_on(1).await;
    let newest = store::outbox::list(&mut sender.desk.read().await, 1).await.unwrap();
    assert_eq!((newest[0].state.as_str(), newest[0].unclear, newest[0].data_started_at), ("queued", 0, None));
    sender.go_on(10).await;
    assert_eq!(times(&sink, "bob@b.test"), 1);
}

/// Also where a lane hangs in the acknowledgement at this moment.
#[rstest]
#[tokio::test]
async fn an_answer_never_waits_for_an_acknowledgement(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Help")).await;
    let mut tx = desk.write().await;
    let lease = Timestamp(desk.now().0 + 10 * Timestamp::MINUTE);
    let held = store::outbox::claim(&mut tx, "default", desk.now(), lease, 10).await.unwrap();
    tx.commit().await.unwrap();
    assert!(held.iter().any(|row| row.recipient == ANN));
    desk.by(&alex).comment(1, "Use water.").await;
    assert!(desk.sent().await.to(ANN).text.contains("Use water."));
    desk.leaves_unsettled();
}
