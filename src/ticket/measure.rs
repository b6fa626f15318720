//! What the clocks of a ticket show after each action, and what is counted of it.
//!
//! Both clocks rest while the ticket is on hold, while it waits for its customer, and when it is ended. Nothing is
//! stored here.

use std::time::Duration;

use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;
use crate::ticket::Row;
use crate::ticket::status::Status;
use crate::ticket::targets::Clocks;
use crate::ticket::targets::Targets;
use crate::ticket::targets::micros;
use crate::ticket::word::words;

words! {
    /// What is counted.
    pub enum MeasureKind {
        FirstAnswer = "first_answer",
        NextAnswer = "next_answer",
        Resolved = "resolved",
        Merged = "merged",
        Reopened = "reopened",
    }
}

/// Something that is counted, with what its clock showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub kind: MeasureKind,
    /// Whole minutes of working time; none where no clock ran, as for old mail.
    pub minutes: Option<i64>,
    /// Whether its target was met, if there was one.
    pub met: Option<bool>,
}

/// Who ended a ticket, as far as that is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ender {
    /// Whoever answers customers: the end is an answer.
    Staff,
    /// The customer, a program, the clock.
    Other,
}

/// What the clocks show after an action, and what it was.
#[derive(Clone, Debug)]
pub struct Counted {
    pub clocks: Clocks,
    pub measures: Vec<Measure>,
}

/// Counts an action on a ticket: `before` and after it. The calendar and the targets are those from before.
pub fn count(
    (before, after): (&Row, &Row),
    ender: Ender,
    calendar: &Calendar,
    targets: &Targets,
    now: Timestamp,
) -> Counted {
    let step = Step::of(before, after, ender);
    // What was told meanwhile is marked on it.
    let mut clocks = after.clocks;
    let since = before.clocks.counted_at.or(before.waiting_since);
    if let Some(since) = since.filter(|_| step.settles() && step.ran && !step.old) {
        let worked = i64::try_from(calendar.elapsed(since, now).as_micros()).unwrap_or(i64::MAX);
        clocks.answer_spent = clocks.answer_spent.saturating_add(worked);
        clocks.resolution_spent = clocks.resolution_spent.saturating_add(worked);
    }
    let measures = step.measures(&clocks, targets);
    if step.answered {
        clocks.answered_at = clocks.answered_at.or(Some(now));
        clocks.forget_answer();
    }
    if step.ended || step.reopened {
        clocks.forget_answer();
    }
    if step.reopened {
        clocks.resolution_spent = 0;
        clocks.resolution_reminded_at = None;
        clocks.resolution_missed_at = None;
    }
    clocks.counted_at = step.runs.then(|| match since {
        // It ended when it was to, however late that is seen.
        _ if !step.ran => after.hold_ended_at.filter(|_| before.is_held()).unwrap_or(now).min(now),
        Some(since) if !step.settles() => since,
        _ => now,
    });
    Counted { clocks, measures }
}

/// Whether what the clocks show is added up by an action, so that the calendar is asked.
pub fn settles((before, after): (&Row, &Row), ender: Ender) -> bool {
    let step = Step::of(before, after, ender);
    step.settles() && step.ran && !step.old
}

/// What an action did, as far as the clocks are concerned.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that an action may have done")]
struct Step {
    ran: bool,
    runs: bool,
    /// It has to do with old mail, of which no time is counted.
    old: bool,
    was_answered: bool,
    answered: bool,
    ended: bool,
    merged: bool,
    reopened: bool,
    moved: bool,
}

impl Step {
    fn of(before: &Row, after: &Row, ender: Ender) -> Self {
        let waited = before.is_open() && before.waiting_since.is_some();
        let ends = before.is_open() && !after.is_open();
        let merged = after.status == Status::Merged;
        let spoken = after.is_open() && after.waiting_since.is_none();
        Self {
            ran: runs(before),
            runs: runs(after),
            old: before.old_since.is_some() || after.old_since.is_some(),
            was_answered: before.clocks.answered_at.is_some(),
            answered: waited && (spoken || ends && !merged && ender == Ender::Staff),
            ended: ends,
            merged,
            reopened: !before.is_open() && after.is_open(),
            moved: before.queue_id != after.queue_id,
        }
    }

    /// Whether what the clocks show must be added up: else they run on.
    fn settles(&self) -> bool {
        self.answered || self.ended || self.reopened || self.moved || self.ran != self.runs
    }

    fn measures(&self, clocks: &Clocks, targets: &Targets) -> Vec<Measure> {
        let measure = |kind, spent: i64, limit: Option<Duration>| {
            let minutes = (!self.old).then_some(spent / Timestamp::MINUTE);
            let met = limit.filter(|_| !self.old).map(|limit| i128::from(spent) <= micros(limit));
            Measure { kind, minutes, met }
        };
        let mut measures = Vec::new();
        if self.answered {
            let (kind, limit) = if self.was_answered {
                (MeasureKind::NextAnswer, targets.next_answer)
            } else {
                (MeasureKind::FirstAnswer, targets.first_answer)
            };
            measures.push(measure(kind, clocks.answer_spent, limit));
        }
        if self.ended {
            measures.push(if self.merged {
                Measure { kind: MeasureKind::Merged, minutes: None, met: None }
            } else {
                measure(MeasureKind::Resolved, clocks.resolution_spent, targets.resolution)
            });
        }
        if self.reopened {
            measures.push(Measure { kind: MeasureKind::Reopened, minutes: None, met: None });
        }
        measures
    }
}

/// Whether the clocks of a ticket run.
fn runs(row: &Row) -> bool {
    row.is_open() && !row.is_held() && row.waiting_since.is_some() && row.old_since.is_none()
}

#[cfg(test)]
mod tests;
