//! When the jobs run: by their schedules in the desk's zone, once after a pause, once among several processes.

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::minutes;
use crate::support::story::moment;

const HOURLY: &str = "escalation_schedule = \"0 * * * *\"";
const ONE_DAY: &str = "escalate_after = \"1d\"";
/// Somebody of the desk hears of it: without that its customer does not either.
const BOSS: &str = "updated_ticket_cc = [\"boss@staff.test\"]\n";

async fn priority(desk: &TestDesk, id: i64) -> i64 {
    desk.row(id).await.priority.number()
}

#[rstest]
#[tokio::test]
async fn a_job_runs_when_its_time_has_come_and_not_before(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_desk(on, HOURLY, ONE_DAY).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.advance(days(1) + minutes(30));
    assert_eq!(desk.step(Job::Escalation).await, Some(moment("2026-03-03T10:00:00Z")));
    assert_eq!(priority(&desk, 1).await, 3, "a desk that never ran has missed nothing");
    desk.advance(minutes(29));
    desk.step(Job::Escalation).await;
    assert_eq!(priority(&desk, 1).await, 3);
    desk.advance(minutes(1));
    assert_eq!(desk.step(Job::Escalation).await, Some(moment("2026-03-03T11:00:00Z")));
    assert_eq!(priority(&desk, 1).await, 2);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn after_a_pause_a_job_catches_up_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_desk(on, HOURLY, &format!("{BOSS}{ONE_DAY}")).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.step(Job::Escalation).await;
    desk.sent().await;
    desk.advance(days(30) + minutes(17));
    // 720 runs were missed, and the ticket is due since 29 days.
    assert_eq!(desk.step(Job::Escalation).await, Some(moment("2026-04-01T10:00:00Z")));
    assert_eq!(priority(&desk, 1).await, 2, "one step");
    assert_eq!(desk.sent().await.recipients(), ["ann@customer.test", "boss@staff.test"], "one mail each");
    for _ in 0..23 {
        desk.advance(hours(1));
        desk.step(Job::Escalation).await;
    }
    assert_eq!(priority(&desk, 1).await, 2, "the next step is a day later");
    desk.advance(hours(2));
    desk.step(Job::Escalation).await;
    assert_eq!(priority(&desk, 1).await, 1);
    desk.sent().await;
}

/// The moments at which a job ran, looked at every ten minutes.
async fn runs(desk: &TestDesk, job: Job, until: &str) -> Vec<Timestamp> {
    let mut runs = Vec::new();
    desk.step(job).await;
    while desk.now() < moment(until) {
        desk.advance(minutes(10));
        let before = ran_at(desk, job).await;
        desk.step(job).await;
        if ran_at(desk, job).await != before {
            runs.push(desk.now());
        }
    }
    runs
}

async fn ran_at(desk: &TestDesk, job: Job) -> Option<Timestamp> {
    helpdeskd::store::schedules::find(&mut desk.read().await, job.name()).await.expect("it is read")
}

#[tokio::test]
async fn a_change_of_the_clock_neither_skips_a_run_nor_repeats_it() {
    let keys = "timezone = \"Europe/Berlin\"\nhousekeeping_schedule = \"30 2 * * *\"";
    let desk = TestDesk::with_desk(On::Sqlite, keys, "").await;
    desk.advance_to("2026-03-28T12:00:00Z");
    // On the 29th there is no 02:30: the clock goes from 02:00 to 03:00.
    assert_eq!(
        runs(&desk, Job::Housekeeping, "2026-03-30T12:00:00Z").await,
        [moment("2026-03-29T01:30:00Z"), moment("2026-03-30T00:30:00Z")]
    );
    desk.advance_to("2026-10-24T12:00:00Z");
    desk.step(Job::Housekeeping).await;
    // On the 25th there are two.
    assert_eq!(
        runs(&desk, Job::Housekeeping, "2026-10-26T12:00:00Z").await,
        [moment("2026-10-25T00:30:00Z"), moment("2026-10-26T01:30:00Z")]
    );
}

#[rstest]
#[tokio::test]
async fn a_clock_that_was_ahead_does_not_stop_the_job_until_it_is_there_again(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_desk(on, HOURLY, ONE_DAY).await;
    desk.step(Job::Escalation).await;
    let mut ahead = desk.app.clone();
    ahead.clock = Clock::manual(moment("2031-01-01T00:00:00Z"));
    scheduler::step(&ahead, Job::Escalation).await.expect("it runs");
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.advance(days(1));
    desk.step(Job::Escalation).await;
    desk.advance(hours(1));
    desk.step(Job::Escalation).await;
    assert_eq!(priority(&desk, 1).await, 2);
    desk.sent().await;
}
