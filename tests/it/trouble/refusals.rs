//! A relay that refuses us, or in its confusion everybody: mail waits, nobody is blamed, and the operators hear of it.

use rstest::rstest;

use helpdeskd::desk::relay;
use helpdeskd::store;

use super::sending::Sender;
use crate::support::mail::mail;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;

pub const ALERTS: &str = "alerts = [\"root@ops.test\"]";
pub const CUSTOMERS: [&str; 4] = ["ann@a.test", "bob@b.test", "cid@c.test", "dan@d.test"];

/// What a relay says of us, and where.
const OF_US: [(Stage, &str); 12] = [
    (Stage::Mail, "550 5.7.1 <support@desk.test>: Sender address rejected: not logged in"),
    (Stage::Recipient, "553 5.7.1 <support@desk.test>: Sender address rejected: not owned by user x"),
    (Stage::Recipient, "554 5.7.1 <ann@a.test>: Relay access denied"),
    (Stage::Recipient, "550 5.1.8 <support@desk.test>: Sender address rejected: Domain not found"),
    (Stage::Recipient, "550 5.1.7 bad sender"),
    (Stage::Recipient, "550 5.5.1 out of order"),
    (Stage::Recipient, "550 5.3.2 system not accepting network messages"),
    (Stage::Message, "554 5.2.252 SendAsDenied; not allowed to send as support@desk.test"),
    (Stage::Message, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (Stage::Message, "550 5.4.5 Daily user sending quota exceeded"),
    (Stage::Message, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"),
    (Stage::Data, "550 5.7.57 Client was not authenticated to send mail"),
];

pub async fn sender(on: On, sink: &SmtpSink) -> Sender {
    Sender::of(TestDesk::with_desk(on, ALERTS, "").await, sink.address())
}

pub async fn requests(sender: &Sender, authors: &[&str], subject: &str) {
    for author in authors {
        sender.desk.receive(mail(author, subject)).await;
    }
}

pub async fn suppressed(sender: &Sender) -> Vec<String> {
    let mut tx = sender.desk.read().await;
    let rows = store::suppressions::list(&mut tx, "", sender.desk.now(), 99).await.expect("it is read");
    rows.into_iter().map(|row| row.address).collect()
}

pub async fn paused(sender: &Sender) -> usize {
    relay::paused(&sender.desk.app.desk(), &mut sender.desk.read().await).await.expect("it is read").len()
}

pub async fn alerts(sender: &Sender) -> usize {
    let rows = store::outbox::list(&mut sender.desk.read().await, 100).await.expect("it is read");
    rows.iter().filter(|row| row.event == "alert" && row.content.contains("mail from support@")).count()
}

/// How many mails are in each state.
pub async fn states(sender: &Sender) -> (usize, usize, usize) {
    let rows = sender.outbox().await;
    let count = |wanted: &str| rows.iter().filter(|(state, _)| state == wanted).count();
    (count("queued"), count("sent"), count("rejected"))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_about_us_keeps_all_mail_and_is_told_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    for (stage, words) in OF_US {
        let sink = SmtpSink::start();
        sink.fail(stage, Fault::Reply(words), usize::MAX);
        let mut sender = sender(on, &sink).await;
        requests(&sender, &CUSTOMERS, "Help").await;
        sender.go_on(4).await;
        // From the null path, and from the plain one.
        assert_eq!(sink.passages(stage), 2, "{words}: one mail tries");
        assert_eq!(states(&sender).await, (5, 0, 0), "{words}: with the word to the operators");
        assert_eq!((paused(&sender).await, alerts(&sender).await), (1, 1), "{words}");
        sender.go_on(56).await;
        let tries = sink.passages(stage);
        assert!((12..=26).contains(&tries), "{words}: one every five minutes, not {tries} in an hour");
        assert_eq!((states(&sender).await, alerts(&sender).await), ((5, 0, 0), 1), "{words}");
        sink.recover();
        sender.go_on(6).await;
        assert_eq!(states(&sender).await, (0, 5, 0), "{words}: {:?}", sender.outbox().await);
        assert_eq!(suppressed(&sender).await, Vec::<String>::new(), "{words}");
        assert_eq!(paused(&sender).await, 0, "{words}");
        assert!(store::alerts::list(&mut sender.desk.read().await).await.unwrap().is_empty(), "it is over");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_queue_that_is_refused_does_not_hold_up_another(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sales = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nsmtp = \"default\"\n";
    let sink = SmtpSink::start();
    let mut sender = Sender::of(TestDesk::with_desk(on, ALERTS, sales).await, sink.address());
    // The first is refused from `<>` too, so let every path of both queues speak for itself.
    requests(&sender, &["ann@a.test"], "Help").await;
    sender.go_on(1).await;
    sink.fail(Stage::Recipient, Fault::Reply("553 5.7.1 Sender address rejected: not owned"), 2);
    requests(&sender, &["bob@b.test"], "Help").await;
    sender.go_on(1).await;
    sender.desk.receive_in("sales", mail("cid@c.test", "Offer").to("sales@desk.test")).await;
    sender.go_on(1).await;
    let taken: Vec<String> = sink.taken().iter().map(|mail| mail.recipients.concat()).collect();
    assert_eq!(taken, ["ann@a.test", "root@ops.test", "cid@c.test"], "the word goes out by the other queue");
    sender.go_on(5).await;
    assert_eq!(states(&sender).await, (0, 4, 0));
}

#[rstest]
#[case::unknown("550 5.1.1 no such user")]
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_everybody_for_a_while_loses_nothing(
    #[case] words: &'static str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    sink.fail(Stage::Recipient, Fault::Reply(words), usize::MAX);
    let mut sender = sender(on, &sink).await;
    let alex = sender.desk.agent("alex@staff.test").await;
    requests(&sender, &CUSTOMERS[..1], "Help").await;
    sender.go_on(1).await;
    sender.desk.by(&alex).comment(1, "An answer meanwhile.").await;
    requests(&sender, &CUSTOMERS[1..], "Help").await;
    sender.go_on(1).await;
    assert_eq!((paused(&sender).await, alerts(&sender).await), (1, 1));
    assert_eq!(suppressed(&sender).await, Vec::<String>::new());
    sink.recover();
    sender.go_on(6).await;
    let rows = sender.outbox().await;
    assert!(rows.iter().all(|(state, _)| state == "sent"), "{rows:?}");
    for customer in CUSTOMERS {
        assert!(sink.taken().iter().any(|mail| mail.recipients.concat() == customer), "{customer}");
    }
    assert_eq!((paused(&sender).await, suppressed(&sender).await.len()), (0, 0));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn dead_senders_of_one_domain_or_with_others_served_between_pause_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let dead = Fault::Reply("550 5.1.1 no such user");
    let sink = SmtpSink::start();
    for address in ["x@dead.test", "y@dead.test", "z@dead.test"] {
        sink.fail_recipient(address, dead);
    }
    let mut one_domain = sender(on, &sink).await;
    requests(&one_domain, &["x@dead.test", "y@dead.test", "z@dead.test"], "Buy").await;
    one_domain.go_on(1).await;
    assert_eq!((paused(&one_domain).await, states(&one_domain).await), (0, (0, 0, 3)));
    assert_eq!(suppressed(&one_domain).await, ["x@dead.test", "y@dead.test", "z@dead.test"]);

    let sink = SmtpSink::start();
    for address in ["x@one.test", "y@two.test", "z@three.test"] {
        sink.fail_recipient(address, dead);
    }
    let mut served = sender(on, &sink).await;
    requests(&served, &["x@one.test", "y@two.test", "ann@a.test", "z@three.test"], "Buy").await;
    served.go_on(1).await;
    assert_eq!((paused(&served).await, states(&served).await), (0, (0, 1, 3)));
}

/// A relay that takes no mail to our own address either is not thought to be confused for good.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn dead_senders_of_many_domains_are_given_up_once_the_relay_took_other_mail(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    for address in ["x@one.test", "y@two.test", "z@three.test", "support@desk.test"] {
        sink.fail_recipient(address, Fault::Reply("550 5.1.1 no such user"));
    }
    let mut sender = sender(on, &sink).await;
    requests(&sender, &["x@one.test", "y@two.test", "z@three.test"], "Buy").await;
    sender.go_on(1).await;
    assert_eq!(paused(&sender).await, 1);
    requests(&sender, &["ann@a.test"], "Help").await;
    sender.go_on(20).await;
    assert_eq!((paused(&sender).await, states(&sender).await), (0, (0, 2, 3)));
    assert_eq!(suppressed(&sender).await.len(), 3);
}

/// One recipient's own server may say what a relay says of us; the others are not to wait for it time and again.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_domain_that_relays_badly_pauses_the_sender_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sink = SmtpSink::start();
    sink.fail_recipient("ann@a.test", Fault::Reply("554 5.7.1 Relay access denied"));
    let mut sender = sender(on, &sink).await;
    requests(&sender, &["ann@a.test", "bob@b.test"], "Help").await;
    sender.go_on(11).await;
    assert_eq!((paused(&sender).await, alerts(&sender).await), (0, 1));
    for _ in 0..12 {
        requests(&sender, &["bob@b.test"], "Again").await;
        sender.go_on(60).await;
        let (queued, _, rejected) = states(&sender).await;
        assert_eq!((queued, rejected, paused(&sender).await), (1, 0, 0), "only Ann's waits");
    }
    assert_eq!(alerts(&sender).await, 1);
    sender.desk.leaves_unsettled();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn refusals_that_say_nothing_of_an_address_suppress_nobody_and_our_own_people_never(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for words in ["550 5.0.0 rejected", "550 5.6.0 bad content", "554 no"] {
        let sink = SmtpSink::start();
        let mut sender = sender(on, &sink).await;
        sink.fail(Stage::Recipient, Fault::Reply(words), usize::MAX);
        requests(&sender, &["ann@a.test"], "Help").await;
        sender.go_on(40).await;
        assert_eq!(states(&sender).await, (0, 0, 1), "{words}");
        assert_eq!(suppressed(&sender).await, Vec::<String>::new(), "{words}");
    }
    let sink = SmtpSink::start();
    let mut sender = sender(on, &sink).await;
    let alex = sender.desk.agent("alex@staff.test").await;
    requests(&sender, &["ann@a.test"], "Help").await;
    sender.go_on(1).await;
    sender.desk.by(&alex).assign(1, Some(&alex)).await;
    sink.fail_recipient("alex@staff.test", Fault::Reply("550 5.1.1 no such user"));
    sender.desk.receive(mail("ann@a.test", "Re: [support-1] Help").text("More.")).await;
    sender.go_on(1).await;
    assert_eq!((states(&sender).await.2, suppressed(&sender).await), (1, Vec::new()));
}
