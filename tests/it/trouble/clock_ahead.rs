//! A clock that was ahead for a while, and is set right: mail goes on, and none was given up for it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rstest::rstest;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;

use super::refusals::requests;
use super::refusals::sender;
use super::refusals::states;
use super::sending::Sender;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;

/// What a relay does while the clock is ahead, and where.
const AWAY: [(Stage, &str); 4] = [
    (Stage::Connect, "421 4.3.2 not now"),
    (Stage::Auth, "535 5.7.8 wrong password"),
    (Stage::Recipient, "451 4.3.0 later"),
    (Stage::Mail, "550 5.7.60 SendAsDenied"),
];

/// Sets the clock of a desk, forward or back.
fn set(sender: &Sender, hours: i64) {
    let Clock::Manual(at) = &sender.desk.app.clock else { panic!("a story has a clock of its own") };
    at.fetch_add(hours * Timestamp::HOUR, Ordering::SeqCst);
}

/// All mail rested until the moment that the wrong clock had written, and neither a restart nor a person could help.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_on_soon_after_a_clock_that_was_ten_hours_ahead_is_set_right(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for (stage, words) in AWAY {
        let sink = SmtpSink::start();
        sink.fail(stage, Fault::Reply(words), usize::MAX);
        let mut sender = sender(on, &sink).await;
        requests(&sender, &["ann@a.test"], "Before").await;
        sender.go_on(2).await;
        set(&sender, 10);
        requests(&sender, &["bob@b.test"], "Meanwhile").await;
        sender.go_on(10).await;
        set(&sender, -10);
        sink.recover();
        sender.go_on(2).await;
        let (queued, sent, rejected) = states(&sender).await;
        assert!(queued == 0 && sent >= 2 && rejected == 0, "{stage:?}: {:?}", sender.outbox().await);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn seconds_of_a_clock_that_is_ten_days_ahead_give_up_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for (stage, words) in AWAY {
        let sink = SmtpSink::start();
        sink.fail(stage, Fault::Reply(words), usize::MAX);
        let mut sender = sender(on, &sink).await;
        requests(&sender, &["ann@a.test", "bob@b.test"], "Help").await;
        sender.go_on(1).await;
        set(&sender, 240);
        for _ in 0..10 {
            sender.step().await;
            sender.desk.advance(Duration::from_secs(1));
        }
        set(&sender, -240);
        sink.recover();
        sender.go_on(2).await;
        let (queued, sent, rejected) = states(&sender).await;
        assert!(queued == 0 && sent >= 2 && rejected == 0, "{stage:?}: {:?}", sender.outbox().await);
    }
}
