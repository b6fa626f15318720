//! The rule on single days, the mistakes of the system that it replaces, and whole lives of tickets against a
//! count of every minute.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::calendar::working_time::WorkingHours;
use crate::calendar::working_time::tests::Made;
use crate::calendar::working_time::tests::made;
use crate::calendar::working_time::tests::moment;
use crate::ticket::holder::Hold;
use crate::ticket::holder::Holder;
use crate::ticket::life::tests::opened;

const SUPPORT: QueueId = QueueId(1);
const SALES: QueueId = QueueId(2);

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn calendar(excluded: &[&str]) -> Calendar {
    Calendar::new(WorkingHours::default(), TimeZone::UTC, excluded.iter().map(|text| date(text)))
}

fn limits(text: &str) -> Limits {
    Limits { queue: Some(text.parse().unwrap()), ..Limits::default() }
}

fn ticket(created_at: &str) -> Standing {
    Standing {
        created_at: at(created_at),
        escalated_at: None,
        hold_ended_at: None,
        held_at: None,
        old_since: None,
        status: Status::Open,
        priority: Priority::NORMAL,
    }
}

/// The moments at which a ticket is raised by a run every hour.
fn hourly(mut standing: Standing, limits: &Limits, calendar: &Calendar, runs: i64) -> Vec<Timestamp> {
    let mut raised = vec![];
    for run in 1..=runs {
        let now = Timestamp(standing.created_at.0 + run * Timestamp::HOUR);
        if let Verdict::Due(_) = verdict(standing, limits, calendar, now) {
            standing = standing.after(step(standing, Mode::Raise, now));
            raised.push(now);
        }
    }
    raised
}

#[test]
fn a_limit_counts_from_the_latest_of_creation_escalation_and_end_of_hold() {
    let new = ticket("2026-06-01T08:00:00Z");
    let raised = Standing { escalated_at: Some(at("2026-06-02T09:00:00Z")), ..new };
    let freed = Standing { hold_ended_at: Some(at("2026-06-03T10:00:00Z")), ..raised };
    for (standing, expected) in
        [(new, "2026-06-02T08:00:00Z"), (raised, "2026-06-03T09:00:00Z"), (freed, "2026-06-04T10:00:00Z")]
    {
        assert_eq!(escalate_at(standing, &limits("1d"), &calendar(&[])), Some(at(expected)));
    }
}

#[test]
fn tickets_that_are_held_settled_or_at_the_top_never_escalate() {
    let new = ticket("2026-06-01T08:00:00Z");
    let judge = |standing| verdict(standing, &limits("1h"), &calendar(&[]), at("2026-07-01T00:00:00Z"));
    assert_eq!(judge(new), Verdict::Due(at("2026-06-01T09:00:00Z")));
    assert_eq!(judge(Standing { held_at: Some(at("2026-06-01T08:30:00Z")), ..new }), Verdict::Held);
    assert_eq!(judge(Standing { priority: Priority::HIGHEST, ..new }), Verdict::Highest);
    for status in [Status::Resolved, Status::Closed, Status::Merged] {
        assert_eq!(judge(Standing { status, ..new }), Verdict::Settled(status));
        assert_eq!(escalate_at(Standing { status, ..new }, &limits("1h"), &calendar(&[])), None);
    }
    assert!(matches!(judge(Standing { status: Status::Reopened, ..new }), Verdict::Due(_)));
}

#[test]
fn a_priority_may_have_a_limit_of_its_own_and_no_limit_means_never() {
    let new = ticket("2026-06-01T08:00:00Z");
    let mut limits = limits("2d");
    limits.priorities.insert(Priority::NORMAL, Limit::Hours(4));
    assert_eq!(escalate_at(new, &limits, &calendar(&[])), Some(at("2026-06-01T12:00:00Z")));
    let low = Standing { priority: Priority::LOWEST, ..new };
    assert_eq!(escalate_at(low, &limits, &calendar(&[])), Some(at("2026-06-03T08:00:00Z")));
    let none = Limits { queue: None, ..limits };
    assert_eq!(verdict(low, &none, &calendar(&[]), new.created_at), Verdict::NoLimit);
}

#[test]
fn after_a_month_of_downtime_a_ticket_is_raised_one_step() {
    let late = ticket("2026-06-01T08:00:00Z");
    let now = at("2026-07-01T08:00:00Z");
    let raised = late.after(step(late, Mode::Raise, now));
    assert_eq!(raised.priority.number(), 2);
    assert_eq!(escalate_at(raised, &limits("1d"), &calendar(&[])), Some(at("2026-07-02T08:00:00Z")));
}

#[test]
fn a_raise_stops_at_the_top() {
    let moments = hourly(ticket("2026-06-01T08:00:00Z"), &limits("1d"), &calendar(&[]), 24 * 10);
    assert_eq!(moments, [at("2026-06-02T08:00:00Z"), at("2026-06-03T08:00:00Z")]);
}

#[test]
fn defect_1_an_excluded_day_makes_escalation_later_not_earlier() {
    let new = ticket("2026-06-01T08:00:00Z");
    let mut last = escalate_at(new, &limits("3d"), &calendar(&[]));
    let excluded = ["2026-06-02", "2026-06-03", "2026-06-04"];
    for count in 1..=excluded.len() {
        let due = escalate_at(new, &limits("3d"), &calendar(&excluded[..count]));
        assert_eq!(due, last.map(|last| Timestamp(last.0 + Timestamp::DAY)));
        last = due;
    }
}

#[test]
fn defect_2_excluded_days_of_other_queues_do_not_count() {
    let exclusions = [
        Exclusion { date: date("2026-06-02"), queues: Scope::Some(vec![SALES]) },
        Exclusion { date: date("2026-06-03"), queues: Scope::All },
        Exclusion { date: date("2026-06-04"), queues: Scope::Some(vec![SALES, SUPPORT]) },
    ];
    let due = |queue| {
        let calendar = Calendar::new(WorkingHours::default(), TimeZone::UTC, dates_for(&exclusions, queue));
        escalate_at(ticket("2026-06-01T08:00:00Z"), &limits("2d"), &calendar)
    };
    assert_eq!(due(SUPPORT), Some(at("2026-06-05T08:00:00Z")));
    assert_eq!(due(SALES), Some(at("2026-06-06T08:00:00Z")));
    assert_eq!(due(QueueId(3)), Some(at("2026-06-04T08:00:00Z")));
}

#[test]
fn defect_3_nothing_is_raised_on_an_excluded_day() {
    let overdue = ticket("2026-06-01T08:00:00Z");
    let today = calendar(&["2026-06-05"]);
    let judge = |now| verdict(overdue, &limits("1d"), &today, at(now));
    assert!(matches!(judge("2026-06-04T23:59:59Z"), Verdict::Due(_)));
    assert_eq!(judge("2026-06-05T00:00:00Z"), Verdict::Excluded);
    assert_eq!(judge("2026-06-05T23:59:59Z"), Verdict::Excluded);
    assert!(matches!(judge("2026-06-06T00:00:00Z"), Verdict::Due(_)));
    // A limit that is reached at midnight, at the beginning of an excluded day.
    let midnight = ticket("2026-06-04T00:00:00Z");
    assert_eq!(escalate_at(midnight, &limits("1d"), &today), Some(at("2026-06-06T00:00:00Z")));
}

#[test]
fn defect_4_with_one_day_and_yesterday_excluded_not_every_run_escalates() {
    let yesterday = calendar(&["2026-06-02"]);
    let raised = hourly(ticket("2026-06-01T08:00:00Z"), &limits("1d"), &yesterday, 24 * 4);
    assert_eq!(raised, [at("2026-06-03T08:00:00Z"), at("2026-06-04T08:00:00Z")]);
}

#[test]
fn defect_5_notify_only_changes_nothing_of_the_ticket() {
    let due = ticket("2026-06-01T08:00:00Z");
    let told = step(due, Mode::NotifyOnly, at("2026-06-05T08:00:00Z"));
    assert_eq!(told, Step::Tell);
    assert_eq!(due.after(told), due);
}

#[test]
fn defect_6_a_ticket_that_fails_stops_no_other_and_stays_due() {
    let tickets = ["2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z"].map(ticket);
    let (now, limits, calendar) = (at("2026-06-05T08:00:00Z"), limits("1d"), calendar(&[]));
    let run = |tickets: [Standing; 3], failing: Option<usize>| {
        let mut at = 0..;
        tickets.map(|standing| {
            let fails = at.next() == failing;
            let due = matches!(verdict(standing, &limits, &calendar, now), Verdict::Due(_));
            if due && !fails { standing.after(step(standing, Mode::Raise, now)) } else { standing }
        })
    };
    let first = run(tickets, Some(1));
    assert_eq!(first.map(|standing| standing.priority.number()), [2, 3, 2]);
    let second = run(first, None);
    assert_eq!(second.map(|standing| standing.priority.number()), [2, 2, 2], "each one is raised once");
}

#[test]
fn defect_7_days_are_those_of_the_queues_zone_not_of_utc() {
    let zone = TimeZone::get("America/Los_Angeles").unwrap();
    let calendar = Calendar::new(WorkingHours::default(), zone, [date("2026-06-05")]);
    let overdue = ticket("2026-06-01T08:00:00Z");
    let judge = |now| verdict(overdue, &limits("1d"), &calendar, at(now));
    assert!(matches!(judge("2026-06-05T06:59:59Z"), Verdict::Due(_)), "still the 4th in Los Angeles");
    assert_eq!(judge("2026-06-05T07:00:00Z"), Verdict::Excluded);
    assert_eq!(judge("2026-06-06T06:59:59Z"), Verdict::Excluded, "already the 6th in UTC");
    assert!(matches!(judge("2026-06-06T07:00:00Z"), Verdict::Due(_)));
}

#[test]
fn every_verdict_reads_as_the_rest_of_a_sentence() {
    let moment = at("2026-06-05T08:00:00Z");
    assert_eq!(Verdict::Due(moment).to_string(), "is due since 2026-06-05T08:00:00Z");
    assert_eq!(Verdict::Settled(Status::Closed).to_string(), "is closed");
}

/// Something that happens to a ticket.
#[derive(Clone, Copy, Debug)]
enum Event {
    Run,
    Hold,
    Unhold,
}

/// Whether a ticket is due by counting every minute.
fn counted_due(standing: Standing, limit: u64, made: &Made, now: Timestamp) -> bool {
    let today = jiff::Timestamp::from_microsecond(now.0).unwrap();
    standing.held_at.is_none()
        && standing.priority != Priority::HIGHEST
        && !made.is_excluded(today)
        && made.count(standing.since(), now) >= limit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn over_holds_downtimes_and_changes_of_the_clock_a_run_raises_what_a_count_of_minutes_says(
        (start, made) in moment().prop_flat_map(|start| (Just(start), made(start))),
        limit in 1..40_u32,
        events in proptest::collection::vec(
            (1..4_000_i64, prop_oneof![3 => Just(Event::Run), 1 => Just(Event::Hold), 1 => Just(Event::Unhold)]),
            1..15,
        ),
    ) {
        let limits = Limits { queue: Some(Limit::Hours(limit)), ..Limits::default() };
        let mut now = start;
        let mut standing = Standing { created_at: start, priority: Priority::LOWEST, ..ticket("2026-01-01T00:00:00Z") };
        for (pause, event) in events {
            now = Timestamp(now.0 + pause * Timestamp::MINUTE);
            match event {
                Event::Hold => standing.held_at = standing.held_at.or(Some(now)),
                Event::Unhold if standing.held_at.is_some() => {
                    standing = Standing { held_at: None, hold_ended_at: Some(now), ..standing };
                }
                Event::Unhold => {}
                Event::Run => {
                    let expected = counted_due(standing, u64::from(limit) * 60, &made, now);
                    let found = verdict(standing, &limits, &made.calendar, now);
                    prop_assert_eq!(matches!(found, Verdict::Due(_)), expected, "{:?} at {}", found, now);
                    let stored = escalate_at(standing, &limits, &made.calendar);
                    let by_stored = stored.is_some_and(|at| at <= now) && !made.calendar.excludes(now);
                    prop_assert_eq!(by_stored, expected, "what is stored says the same");
                    if expected {
                        standing = standing.after(step(standing, Mode::Raise, now));
                    }
                }
            }
        }
    }
    #[test]
    fn a_hold_that_ends_by_itself_counts_as_one_that_was_ended_at_that_minute_whenever_a_run_sees_it(
        (start, made) in moment().prop_flat_map(|start| (Just(start), made(start))),
        limit in 1..40_u32,
        events in proptest::collection::vec(
            // Until a run, and for how long it is put on hold then, if it is.
            (1..4_000_i64, proptest::option::weighted(0.4, 1..6_000_i64)),
            1..15,
        ),
    ) {
        let limits = Limits { queue: Some(Limit::Hours(limit)), ..Limits::default() };
        let (mut now, mut until) = (start, None);
        let mut ticket = opened(start, Priority::LOWEST);
        // What is so, told in the words of the reference.
        let mut told = Standing::from(&ticket);
        for (pause, snooze) in events {
            now = Timestamp(now.0 + pause * Timestamp::MINUTE);
            let woke = until.take_if(|until| *until <= now);
            if woke.is_some() {
                told = Standing { held_at: None, hold_ended_at: woke, ..told };
            }
            prop_assert_eq!(ticket.wake(now).is_some(), woke.is_some());
            let standing = Standing::from(&ticket);
            let expected = counted_due(told, u64::from(limit) * 60, &made, now);
            let found = verdict(standing, &limits, &made.calendar, now);
            prop_assert_eq!(matches!(found, Verdict::Due(_)), expected, "{:?} at {}", found, now);
            let stored = escalate_at(standing, &limits, &made.calendar);
            let by_stored = stored.is_some_and(|at| at <= now) && !made.calendar.excludes(now);
            prop_assert_eq!(by_stored, expected, "what is stored says the same");
            if expected {
                let raised = standing.after(step(standing, Mode::Raise, now));
                ticket.escalate(raised.priority, raised.escalated_at);
                told = Standing { priority: raised.priority, escalated_at: Some(now), ..told };
            }
            if let Some(minutes) = snooze {
                until = Some(Timestamp(now.0 + minutes * Timestamp::MINUTE));
                ticket.hold(Hold { by: Holder::Us, until }, now);
                told.held_at = told.held_at.or(Some(now));
                prop_assert_eq!(escalate_at(Standing::from(&ticket), &limits, &made.calendar), None);
            }
        }
    }
}
