//! One day with a relay that goes through everything that relays were seen to say: what is written on it arrives.

use rstest::rstest;

use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::worker::handle;

use super::refusals::paused;
use super::refusals::sender;
use super::refusals::suppressed;
use super::sending::Sender;
use crate::support::mail::mail;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::Path;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;

/// What the relay says to everybody for five minutes, each in its turn.
const SAID: [(Stage, Fault); 25] = [
    (Stage::Connect, Fault::Part("421 4.3.2 not now")),
    (Stage::Connect, Fault::Part("554 no service here")),
    (Stage::Hello, Fault::Reply("504 5.5.2 <localhost>: Helo command rejected")),
    (Stage::Mail, Fault::Reply("550 5.7.1 Sender address rejected: not logged in")),
    (Stage::Mail, Fault::Reply("451 4.3.0 later")),
    (Stage::Mail, Fault::Part("421 4.7.0 too many messages")),
    (Stage::Recipient, Fault::Reply("554 5.7.1 Relay access denied")),
    (Stage::Recipient, Fault::Reply("550 5.1.8 Sender address rejected: Domain not found")),
    (Stage::Recipient, Fault::Reply("550 5.1.7 bad sender")),
    (Stage::Recipient, Fault::Reply("550 5.5.1 out of order")),
    (Stage::Recipient, Fault::Reply("550 5.5.0 no")),
    (Stage::Recipient, Fault::Reply("550 5.3.2 system not accepting network messages")),
    (Stage::Recipient, Fault::Reply("550 5.4.0 routing")),
    (Stage::Recipient, Fault::Reply("550 5.6.0 media")),
    (Stage::Recipient, Fault::Reply("550 5.0.0 rejected")),
    (Stage::Recipient, Fault::Reply("550 5.1.1 no such user")),
    (Stage::Recipient, Fault::Reply("550 5.7.1 refused")),
    (Stage::Recipient, Fault::Reply("450 4.2.0 greylisted")),
    (Stage::Recipient, Fault::HangUp),
    (Stage::Data, Fault::Reply("554 5.7.1 no")),
    (Stage::Message, Fault::Reply("554 5.2.252 SendAsDenied; not allowed to send as support@desk.test")),
    (Stage::Message, Fault::Part("550 5.7.60 SMTP; Client does not have permissions to send as this sender")),
    (Stage::Message, Fault::Reply("550 5.4.5 Daily user sending quota exceeded")),
    (Stage::Message, Fault::Reply("554 5.2.0 SubmissionQuotaExceededException")),
    (Stage::Message, Fault::HangUp),
];
/// Customers who write while the relay says one thing.
const EACH: usize = 12;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_three_hundred_mails_on_the_worst_day_each_arrives_and_nobody_is_blamed(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sink = SmtpSink::start();
    let mut sender = sender(on, &sink).await;
    sender.desk.agent("alex@staff.test").await;
    for (turn, (stage, fault)) in SAID.into_iter().enumerate() {
        match turn % 5 {
            0 => sink.fail_path(Path::Null, Stage::Recipient, Fault::Reply("501 5.1.7 no empty sender")),
            _ => sink.fail(stage, fault, usize::MAX),
        }
        for number in 0..EACH {
            write(&sender, &customer(turn, number)).await;
        }
        sink.fail(stage, fault, usize::MAX);
        sender.go_on(5).await;
        sink.recover();
        sender.go_on(10).await;
    }
    sender.go_on(60).await;
    let rows = sender.outbox().await;
    let unsent: Vec<_> = rows.iter().filter(|(state, _)| state != "sent").collect();
    assert!(unsent.is_empty(), "{unsent:?}");
    for (turn, (stage, fault)) in SAID.into_iter().enumerate() {
        // Without an answer to the text nobody can know, and it is sent once more.
        let most = if (stage, fault) == (Stage::Message, Fault::HangUp) { 2 } else { 1 };
        for number in 0..EACH {
            let customer = customer(turn, number);
            let times = sink.taken().iter().filter(|mail| mail.recipients.concat() == customer).count();
            assert!((1..=most).contains(&times), "{stage:?} {fault:?}: {customer} got {times}");
        }
    }
    assert_eq!((suppressed(&sender).await, paused(&sender).await), (Vec::new(), 0));
}

fn customer(turn: usize, number: usize) -> String {
    format!("guest{number}@t{turn}n{number}.test")
}

/// A request comes in. Handled once: what twice would do is not the question here.
async fn write(sender: &Sender, author: &str) {
    let desk = &sender.desk;
    let mut item = desk.record("support", mail(author, &format!("From {author}")).into(), Extent::Full).await;
    item.received.authentication = Some(Found(Some(Authentication::Pass)));
    handle::handle(&desk.app, vec![item], &desk.rules).await.expect("it is handled");
    let mut tx = desk.read().await;
    assert!(store::users::find_by_email(&mut tx, author).await.expect("it is read").is_some());
}
