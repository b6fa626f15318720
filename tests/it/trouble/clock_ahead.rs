//! A clock that was ahead for a while, and is set right: mail goes on, and none was given up for it.

use std::time::Duration;

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::store;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;

use super::refusals::requests;
use super::refusals::sender;
use super::refusals::states;
use super::sending::Sender;
use crate::support::mail::mail;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::hours;
use crate::support::story::minutes;

/// What a relay does while the clock is ahead, and where.
const AWAY: [(Stage, &str); 4] = [
    (Stage::Connect, "421 4.3.2 not now"),
    (Stage::Auth, "535 5.7.8 wrong password"),
    (Stage::Recipient, "451 4.3.0 later"),
    (Stage::Mail, "550 5.7.60 SendAsDenied"),
];

/// Sets the clock of a desk, forward or back.
fn set(sender: &Sender, hours: i64) {
    sender.desk.app.clock.set(hours * Timestamp::HOUR);
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

const DAILY: &str = "escalate_after = \"1d\"\nclose_resolved_days = 3\n";

async fn all_jobs(desk: &TestDesk) {
    for job in Job::ALL {
        desk.step(job).await;
    }
}

/// A desk with an open ticket, a resolved one, and raw mail; all jobs have run once.
async fn aged(on: On) -> TestDesk {
    let desk = TestDesk::with_config(on, DAILY).await;
    desk.agent("alex@staff.test").await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.receive(mail("bob@customer.test", "Printer smokes")).await;
    desk.operator().resolve(2, "Use water.").await;
    all_jobs(&desk).await;
    desk.sent().await;
    desk
}

/// What is as it was: priority, status, raw bytes.
async fn standing(desk: &TestDesk) -> (i64, &'static str, bool) {
    let (open, resolved) = (desk.row(1).await, desk.row(2).await);
    (open.priority.number(), resolved.status.as_str(), desk.received().await[0].blob_id.is_some())
}

#[rstest]
#[tokio::test]
async fn nothing_ages_by_a_clock_that_is_set_forward_and_back(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = aged(on).await;
    let before = standing(&desk).await;
    assert_eq!((before.1, before.2), ("resolved", true));
    desk.app.clock.set(500 * Timestamp::DAY);
    for _ in 0..5 {
        desk.advance(minutes(10));
        all_jobs(&desk).await;
    }
    assert_eq!(standing(&desk).await, before);
    desk.app.clock.set(-500 * Timestamp::DAY);
    desk.advance(hours(10));
    all_jobs(&desk).await;
    assert_eq!(standing(&desk).await, before);
    assert_eq!(desk.sent().await.recipients(), [""; 0], "nobody is told of what did not happen");
    // What is lived through counts as ever.
    desk.advance(hours(24));
    all_jobs(&desk).await;
    let after = standing(&desk).await;
    assert_eq!((after.0, after.1, after.2), (before.0 - 1, "resolved", true));
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_clock_that_stays_is_believed_after_an_hour(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = aged(on).await;
    let before = standing(&desk).await;
    desk.app.clock.set(5 * Timestamp::DAY);
    all_jobs(&desk).await;
    assert_eq!(standing(&desk).await, before);
    desk.advance(minutes(61));
    all_jobs(&desk).await;
    assert_eq!(standing(&desk).await, (before.0 - 1, "closed", true));
    desk.sent().await;
}

/// Whoever starts with a clock that is ahead finds everything old.
#[rstest]
#[tokio::test]
async fn a_process_that_starts_with_a_wrong_clock_deletes_nothing_at_first(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = aged(on).await;
    desk.app.clock.set(500 * Timestamp::DAY);
    let another = desk.another(2).await;
    scheduler::step(&another, Job::Housekeeping).await.expect("it runs");
    assert!(standing(&desk).await.2, "the clock may be wrong");
    desk.advance(minutes(61));
    scheduler::step(&another, Job::Housekeeping).await.expect("it runs");
    assert!(!standing(&desk).await.2, "it seems to be right");
    desk.sent().await;
}

/// Whoever had written learned that their mail is four hours late, minutes after they had written it.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_warned_of_a_late_mail_by_a_clock_that_was_set_forward(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    // This desk does not log in.
    for (stage, words) in AWAY.into_iter().filter(|(stage, _)| !matches!(stage, Stage::Auth)) {
        let sink = SmtpSink::start();
        sink.fail(stage, Fault::Reply(words), usize::MAX);
        let mut sender = sender(on, &sink).await;
        sender.desk.agent("alex@staff.test").await;
        requests(&sender, &["ann@a.test"], "Help").await;
        sender.desk.operator().comment(1, "Use water.").await;
        sender.go_on(2).await;
        set(&sender, 10);
        sender.go_on(50).await;
        assert_eq!(warned(&sender).await, 0, "{stage:?}");
        set(&sender, -10);
        sender.go_on(5).await;
        assert_eq!(warned(&sender).await, 0, "{stage:?}");
        // What was lived through counts.
        for _ in 0..12 {
            sender.desk.advance(minutes(30));
            sender.go_on(1).await;
        }
        assert!(warned(&sender).await > 0, "{stage:?}");
        sink.recover();
        sender.desk.advance(hours(5));
        sender.go_on(30).await;
    }
}

/// Mails of which their author was told that they are late.
async fn warned(sender: &Sender) -> usize {
    let rows = store::outbox::list(&mut sender.desk.read().await, 1000).await.expect("they are read");
    rows.iter().filter(|row| row.warned_at.is_some()).count()
}
