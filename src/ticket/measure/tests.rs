//! Whole lives of tickets against a count of every minute.

use proptest::prelude::*;

use super::*;
use crate::calendar::span::Remind;
use crate::calendar::working_time::WorkingHours;
use crate::calendar::working_time::tests::Made;
use crate::calendar::working_time::tests::made;
use crate::calendar::working_time::tests::moment;
use crate::ticket::holder::Hold;
use crate::ticket::holder::Holder;
use crate::ticket::life::Speaker;
use crate::ticket::life::Ticket;
use crate::ticket::life::tests::opened;
use crate::ticket::priority::Priority;
use crate::ticket::targets::Toll;

/// Something that happens to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Customer,
    Agent,
    Hold,
    /// By itself, this many minutes ago.
    Unhold(i64),
    Resolve,
    Withdraw,
    Reopen,
}

/// What is so, told without the ticket: minutes are counted one by one.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is so")]
struct Told {
    at: Timestamp,
    open: bool,
    held: bool,
    waits: bool,
    answered: bool,
    answer: u64,
    resolution: u64,
}

impl Told {
    fn runs(&self) -> bool {
        self.open && !self.held && self.waits
    }

    fn until(&mut self, at: Timestamp, made: &Made) {
        if self.runs() {
            let minutes = made.count(self.at, at);
            self.answer += minutes;
            self.resolution += minutes;
        }
        self.at = at;
    }

    /// What is measured, in minutes.
    fn take(&mut self, event: Event) -> Vec<(MeasureKind, Option<u64>)> {
        let mut measures = Vec::new();
        let ends = matches!(event, Event::Resolve | Event::Withdraw) && self.open;
        let answers = matches!(event, Event::Agent | Event::Resolve) && self.open && self.waits;
        if answers {
            let kind = if self.answered { MeasureKind::NextAnswer } else { MeasureKind::FirstAnswer };
            measures.push((kind, Some(self.answer)));
            self.answered = true;
        }
        if answers || ends {
            (self.answer, self.waits) = (0, false);
        }
        if ends {
            measures.push((MeasureKind::Resolved, Some(self.resolution)));
            (self.open, self.held) = (false, false);
        }
        match event {
            Event::Customer if self.open => self.waits = true,
            Event::Hold if self.open => self.held = true,
            Event::Unhold(_) => self.held = false,
            Event::Reopen if !self.open => {
                measures.push((MeasureKind::Reopened, None));
                (self.open, self.waits, self.answer, self.resolution) = (true, true, 0, 0);
            }
            _ => {}
        }
        measures
    }
}

fn happens(ticket: &mut Ticket, event: Event, now: Timestamp) {
    match event {
        Event::Customer => ticket.hear(Speaker::Customer, "And?", now),
        Event::Agent if ticket.is_open() => ticket.hear(Speaker::Staff, "Well.", now),
        Event::Hold if ticket.is_open() => drop(ticket.hold(Hold { by: Holder::Us, until: None }, now)),
        Event::Unhold(ago) => drop(ticket.unhold(Timestamp(now.0 - ago * Timestamp::MINUTE))),
        Event::Resolve if ticket.is_open() => drop(ticket.resolve(None, now)),
        Event::Withdraw if ticket.is_open() => drop(ticket.close(now)),
        Event::Reopen => drop(ticket.reopen(now)),
        Event::Agent | Event::Hold | Event::Resolve | Event::Withdraw => {}
    }
}

fn events() -> impl Strategy<Value = Vec<(i64, Event)>> {
    let event = prop_oneof![
        3 => Just(Event::Customer),
        3 => Just(Event::Agent),
        2 => Just(Event::Hold),
        2 => (0..60_i64).prop_map(Event::Unhold),
        1 => Just(Event::Resolve),
        1 => Just(Event::Withdraw),
        2 => Just(Event::Reopen),
    ];
    proptest::collection::vec((60..4_000_i64, event), 1..25)
}

fn hours(limit: u64) -> Duration {
    Duration::from_hours(limit)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn over_holds_waits_downtimes_and_changes_of_the_clock_clocks_show_what_a_count_of_minutes_says(
        (start, made) in moment().prop_flat_map(|start| (Just(start), made(start))),
        (first, next, whole) in (1..30_u64, 1..30_u64, 1..60_u64),
        events in events(),
    ) {
        let targets = Targets {
            first_answer: Some(hours(first)),
            next_answer: Some(hours(next)),
            resolution: Some(hours(whole)),
            remind: Remind::Share(50),
        };
        let mut ticket = opened(start, Priority::NORMAL);
        let mut clocks = Clocks::opened(start);
        clocks.aim(&targets, &made.calendar, None);
        ticket.clock(clocks);
        let mut told =
            Told { at: start, open: true, held: false, waits: true, answered: false, answer: 0, resolution: 0 };
        let mut now = start;
        for (pause, event) in events {
            now = Timestamp(now.0 + pause * Timestamp::MINUTE);
            // A hold is over when it was to be; what was before that is not counted.
            if let Event::Unhold(ago) = event {
                let ended = Timestamp(now.0 - ago * Timestamp::MINUTE);
                told.until(ended, &made);
                told.take(event);
            }
            told.until(now, &made);
            let limit = if told.answered { next } else { first };
            if !matches!(event, Event::Unhold(_)) {
                let answer = ticket.clocks.answer_due_at.is_some_and(|at| at <= now);
                prop_assert_eq!(answer, told.runs() && told.answer >= limit * 60, "{:?}", told);
                let resolution = ticket.clocks.resolution_due_at.is_some_and(|at| at <= now);
                prop_assert_eq!(resolution, told.runs() && told.resolution >= whole * 60, "{:?}", told);
            }
            let before = Row::clone(&ticket);
            happens(&mut ticket, event, now);
            let ender = if event == Event::Resolve { Ender::Staff } else { Ender::Other };
            let counted = count((&before, &ticket), ender, &made.calendar, &targets, now);
            let found: Vec<_> = counted.measures.iter()
                .map(|one| (one.kind, one.minutes.map(i64::unsigned_abs))).collect();
            let limits = [first, next, whole].map(|limit| limit * 60);
            prop_assert_eq!(&found, &told.take(event), "{:?} at {}", event, now);
            for one in &counted.measures {
                let limit = match one.kind {
                    MeasureKind::FirstAnswer => limits[0],
                    MeasureKind::NextAnswer => limits[1],
                    _ => limits[2],
                };
                let met = one.minutes.map(|minutes| minutes.unsigned_abs() <= limit);
                prop_assert_eq!(one.met, met);
            }
            let mut clocks = counted.clocks;
            clocks.aim(&targets, &made.calendar, None);
            prop_assert_eq!(clocks.counted_at.is_some(), told.runs());
            ticket.clock(clocks);
        }
    }

    #[test]
    fn each_target_is_told_near_once_and_missed_once_however_seldom_somebody_looks(
        (start, made) in moment().prop_flat_map(|start| (Just(start), made(start))),
        limit in 2..30_u64,
        pauses in proptest::collection::vec(1..3_000_i64, 1..30),
    ) {
        let targets = Targets { first_answer: Some(hours(limit)), remind: Remind::Share(50), ..Targets::default() };
        let mut clocks = Clocks::opened(start);
        let (mut now, mut told) = (start, Vec::new());
        clocks.aim(&targets, &made.calendar, None);
        for pause in pauses {
            now = Timestamp(now.0 + pause * Timestamp::MINUTE);
            let is_due = clocks.target_at.is_some_and(|at| at <= now);
            let tolled = clocks.toll(&targets, &made.calendar, now);
            prop_assert_eq!(is_due, !tolled.is_empty(), "what is stored says the same");
            for one in tolled {
                let minutes = made.count(start, now);
                let missed = minutes >= limit * 60;
                prop_assert_eq!(one.toll, if missed { Toll::Missed } else { Toll::Near });
                prop_assert!(minutes >= limit * 30);
                prop_assert!(!told.contains(&one.toll));
                told.push(one.toll);
            }
            clocks.aim(&targets, &made.calendar, None);
        }
        prop_assert_eq!(told.contains(&Toll::Missed), made.count(start, now) >= limit * 60);
    }
}

#[test]
fn of_old_mail_no_time_is_counted() {
    let mut ticket = opened(Timestamp(0), Priority::NORMAL);
    ticket.clock(Clocks::opened(Timestamp(0)));
    let always = Calendar::new(WorkingHours::default(), jiff::tz::TimeZone::UTC, []);
    let targets = Targets { first_answer: Some(hours(1)), ..Targets::default() };
    let (day, week) = (Timestamp(Timestamp::DAY), Timestamp(7 * Timestamp::DAY));
    let before = Row::clone(&ticket);
    ticket.come_with_old_mail(day);
    let counted = count((&before, &ticket), Ender::Other, &always, &targets, day);
    assert_eq!((counted.clocks.counted_at, counted.clocks.answer_spent), (None, 0));
    ticket.clock(counted.clocks);
    let before = Row::clone(&ticket);
    ticket.hear(Speaker::Staff, "Well.", week);
    let counted = count((&before, &ticket), Ender::Other, &always, &targets, week);
    assert_eq!(
        counted.measures,
        [Measure { kind: MeasureKind::FirstAnswer, minutes: None, met: None }],
        "it is an answer all the same"
    );
}
