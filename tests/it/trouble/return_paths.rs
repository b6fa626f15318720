//! A relay that takes no return path but the account's own address: every mail leaves, at once, and once.

use rstest::rstest;

use helpdeskd::mail::delivery::State;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;

use super::sending::Sender;
use crate::support::mail::mail;
use crate::support::reports::probed;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::Path;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::smtp_sink::Taken;
use crate::support::story::On;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";
const PLAIN: &str = "support@desk.test";

/// What relays say to a return path that they do not take.
const WORDS: [&str; 5] = [
    "553 5.7.1 <support+x@desk.test>: Sender address rejected: not owned by user support@desk.test",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "501 5.1.7 Bad sender address syntax",
    "554 5.7.1 refused",
    "550 not allowed",
];
const STAGES: [Stage; 4] = [Stage::Mail, Stage::Recipient, Stage::Data, Stage::Message];

/// A desk that acknowledged Ann's request, if the relay let it, and has Alex's answer to her ready.
async fn answering(on: On, sink: &SmtpSink) -> Sender {
    let mut sender = Sender::of(probed(on).await, sink.address());
    sender.desk.receive(mail(ANN, "Printer on fire")).await;
    sender.go_on(1).await;
    let alex = sender.desk.agent("alex@staff.test").await;
    sender.desk.by(&alex).comment(1, "Use water.").await;
    sender
}

fn senders(taken: &[Taken]) -> Vec<String> {
    taken.iter().map(|mail| mail.sender.clone()).collect()
}

async fn assert_nothing_is_lost(sender: &Sender, what: &str) {
    let rows = sender.outbox().await;
    assert!(rows.iter().all(|(state, _)| state == "sent"), "{what}: {rows:?}");
    let desk = &sender.desk;
    let suppressed =
        store::suppressions::list(&mut desk.read().await, "", desk.now(), 9).await.expect("they are read");
    assert!(suppressed.is_empty(), "{what}: {suppressed:?}");
    let failures =
        store::bounces::list_of_ticket(&mut desk.read().await, TicketId(1)).await.expect("they are read");
    assert!(failures.is_empty(), "{what}: {failures:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_return_path_is_left_out_at_once_whenever_it_is_refused(
    #[values(Path::Plus, Path::Null)] path: Path,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for stage in STAGES {
        for words in WORDS {
            let what = format!("{stage:?}: {words}");
            let sink = SmtpSink::start();
            sink.fail_path(path, stage, Fault::Reply(words));
            let mut sender = answering(on, &sink).await;
            sender.go_on(1).await;
            let taken = senders(&sink.taken());
            assert_eq!(taken.len(), 2, "{what}: {taken:?}");
            assert!(taken.iter().any(|sender| sender == PLAIN), "{what}: {taken:?}");
            assert_nothing_is_lost(&sender, &what).await;
        }
    }
}

/// 4yz at MAIL that speaks of the sender is such a refusal too; elsewhere it may be greylisting.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_passing_refusal_of_the_return_path_is_heeded_where_the_sender_is_named(
    #[values(Path::Plus, Path::Null)] path: Path,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let words = "451 4.7.1 try another sender";
    let sink = SmtpSink::start();
    sink.fail_path(path, Stage::Mail, Fault::Reply(words));
    let mut sender = answering(on, &sink).await;
    sender.go_on(1).await;
    assert_nothing_is_lost(&sender, "at MAIL").await;
    for stage in [Stage::Recipient, Stage::Data, Stage::Message] {
        let sink = SmtpSink::start();
        sink.fail_path(path, stage, Fault::Reply(words));
        let mut sender = answering(on, &sink).await;
        sender.go_on(1).await;
        assert!(sender.outbox().await.iter().any(|(state, _)| state == "queued"), "{stage:?}: it waits");
        sink.recover();
        sender.go_on(10).await;
        assert_nothing_is_lost(&sender, "later").await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_learned_is_known_after_a_restart_and_tried_anew_after_thirty_days(
    #[values(Path::Plus, Path::Null)] path: Path,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    sink.fail_path(path, Stage::Recipient, Fault::Reply("553 5.7.1 Sender address rejected: not owned"));
    let mut sender = answering(on, &sink).await;
    sender.go_on(1).await;
    let Sender { desk, .. } = sender;
    let mut sender = Sender::of(desk, sink.address());
    let alex = sender.desk.user("alex@staff.test").await;
    for (pause, refused) in [(0, 0), (28, 0), (3, 1)] {
        sender.desk.advance(days(pause));
        let before = (sink.passages(Stage::Recipient), sink.taken().len());
        sender.desk.by(&alex).comment(1, "More water.").await;
        sender.desk.receive(mail("bob@customer.test", &format!("After {pause}"))).await;
        sender.go_on(1).await;
        let after = (sink.passages(Stage::Recipient), sink.taken().len());
        // The answer, the acknowledgement, and word of the new ticket to the agent.
        assert_eq!(after.1 - before.1, 3, "{pause}");
        assert_eq!(after.0 - before.0, 3 + refused, "{pause}: the refused path is tried so often");
    }
    assert_nothing_is_lost(&sender, "all").await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_the_plain_address_gets_too_is_not_about_the_return_path(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for stage in [Stage::Recipient, Stage::Message] {
        let sink = SmtpSink::start();
        let mut sender = answering(on, &sink).await;
        sink.fail(stage, Fault::Reply("554 5.7.1 spam"), usize::MAX);
        sender.go_on(35).await;
        sink.recover();
        let rows = sender.outbox().await;
        assert_eq!(rows.iter().filter(|(state, _)| state == "rejected").count(), 1, "{stage:?}: {rows:?}");
        let alex = sender.desk.user("alex@staff.test").await;
        sender.desk.by(&alex).comment(1, "More water.").await;
        sender.go_on(1).await;
        let last = sink.taken().pop().expect("it arrived");
        assert!(last.sender.contains('+'), "nothing is remembered: {}", last.sender);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_recipient_is_named_once_and_final(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sink = SmtpSink::start();
    let mut sender = answering(on, &sink).await;
    sink.fail_recipient(ANN, Fault::Reply("550 5.1.1 no such user"));
    let before = sink.passages(Stage::Recipient);
    sender.go_on(1).await;
    assert!(sender.outbox().await.iter().any(|(state, _)| state == "rejected"));
    // Ann once, our own address, and then the word about it to Alex.
    assert_eq!(sink.passages(Stage::Recipient) - before, 3);
    let suppressed = store::suppressions::find(&mut sender.desk.read().await, ANN, sender.desk.now()).await;
    assert_eq!(suppressed.unwrap().map(|found| found.reason).as_deref(), Some("address"));
}

/// Exchange ends the connection after its refusal; a refusal is an answer, so the next attempt is not the second
/// unclear one.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_leaves_after_its_refusal_gets_the_mail_again_and_nothing_counts_as_unclear(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for stage in STAGES {
        let sink = SmtpSink::start();
        sink.fail_path(Path::Plus, stage, Fault::Part("550 5.7.60 SendAsDenied"));
        let mut sender = answering(on, &sink).await;
        sender.go_on(1).await;
        assert_nothing_is_lost(&sender, &format!("{stage:?}")).await;
        assert_eq!(sink.taken().len(), 2, "{stage:?}");
    }
    let sink = SmtpSink::start();
    sink.fail_path(Path::Plus, Stage::Message, Fault::Part("550 5.7.60 SendAsDenied"));
    let mut sender = answering(on, &sink).await;
    // The second attempt finds nobody.
    sink.fail(Stage::Connect, Fault::HangUp, 3);
    sender.go_on(1).await;
    let rows = store::outbox::list(&mut sender.desk.read().await, 1).await.unwrap();
    assert_eq!((rows[0].state, rows[0].unclear, rows[0].data_started_at), (State::Queued, 0, None));
    sender.go_on(10).await;
    assert_nothing_is_lost(&sender, "in the end").await;
}
