//! How long a ticket's answers and its resolution take, in working time, and how long they may.
//!
//! Rules only: when each target ends, and when somebody is to be told. When the clocks run is said in `measure`.

use std::time::Duration;

use serde::Serialize;

use crate::calendar::span::Remind;
use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;
use crate::ticket::priority::Priority;
use crate::ticket::word::words;

/// How long it may take; none: as long as it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    pub first_answer: Option<Duration>,
    /// From when the customer waits again.
    pub next_answer: Option<Duration>,
    pub resolution: Option<Duration>,
    pub remind: Remind,
}

/// What is kept of a ticket's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// The first answer.
    pub answered_at: Option<Timestamp>,
    /// Since when they run; none: they rest.
    #[serde(skip)]
    pub counted_at: Option<Timestamp>,
    /// Working time before that, in microseconds: of the answer that is waited for, and of the resolution.
    #[serde(skip)]
    pub answer_spent: i64,
    #[serde(skip)]
    pub resolution_spent: i64,
    /// When the target ends, as long as the clock runs.
    pub answer_due_at: Option<Timestamp>,
    pub answer_reminded_at: Option<Timestamp>,
    pub answer_missed_at: Option<Timestamp>,
    pub resolution_due_at: Option<Timestamp>,
    pub resolution_reminded_at: Option<Timestamp>,
    pub resolution_missed_at: Option<Timestamp>,
    /// The first of its due date and its targets.
    pub late_at: Option<Timestamp>,
    /// When somebody is to be told of a target next.
    #[serde(skip)]
    pub target_at: Option<Timestamp>,
}

words! {
    /// What a target is for.
    pub enum Aim {
        FirstAnswer = "first_answer",
        NextAnswer = "next_answer",
        Resolution = "resolution",
    }
}

/// A target whose moment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolled {
    pub aim: Aim,
    pub toll: Toll,
    /// When it ends, or ended.
    pub due_at: Timestamp,
}

/// What is to be told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toll {
    Near,
    Missed,
}

impl Clocks {
    /// Of a ticket that was opened then.
    pub fn opened(created_at: Timestamp) -> Self {
        Self { counted_at: Some(created_at), ..Self::default() }
    }

    /// Sets what follows from what the clocks show: when each target ends, and when somebody is to be told.
    pub fn aim(&mut self, targets: &Targets, calendar: &Calendar, due_at: Option<Timestamp>) {
        let mut next = Vec::new();
        for aim in self.aims() {
            let ends = targets.of(aim).and_then(|limit| self.reaches(aim, micros(limit), calendar));
            let hint = self.hint(aim, targets, calendar);
            let [reminded, missed] = self.marks(aim).map(|mark| mark.is_some());
            if aim == Aim::Resolution {
                self.resolution_due_at = ends;
            } else {
                self.answer_due_at = ends;
            }
            next.extend(ends.filter(|_| !missed));
            next.extend(hint.filter(|_| !missed && !reminded));
        }
        self.target_at = next.into_iter().min();
        self.late_at = [due_at, self.answer_due_at, self.resolution_due_at].into_iter().flatten().min();
    }

    /// Marks what is to be told now. What is missed already is not told as near.
    pub fn toll(&mut self, targets: &Targets, calendar: &Calendar, now: Timestamp) -> Vec<Tolled> {
        let mut tolled = Vec::new();
        for aim in self.aims() {
            let due_at = if aim == Aim::Resolution { self.resolution_due_at } else { self.answer_due_at };
            let Some(due_at) = due_at else { continue };
            let [reminded, missed] = self.marks(aim).map(|mark| mark.is_some());
            let hint = self.hint(aim, targets, calendar);
            let toll = match () {
                () if missed => continue,
                () if due_at <= now => Toll::Missed,
                () if !reminded && hint.is_some_and(|hint| hint <= now) => Toll::Near,
                () => continue,
            };
            let [reminded, missed] = match aim {
                Aim::Resolution => [&mut self.resolution_reminded_at, &mut self.resolution_missed_at],
                Aim::FirstAnswer | Aim::NextAnswer => {
                    [&mut self.answer_reminded_at, &mut self.answer_missed_at]
                }
            };
            *(if toll == Toll::Missed { missed } else { reminded }) = Some(now);
            tolled.push(Tolled { aim, toll, due_at });
        }
        tolled
    }

    /// When its clock shows so much; what it showed already was so when it began to run. None: it rests.
    fn reaches(&self, aim: Aim, limit: i128, calendar: &Calendar) -> Option<Timestamp> {
        let left = u64::try_from(limit - i128::from(self.spent(aim))).unwrap_or(0);
        calendar.due(self.counted_at?, Duration::from_micros(left))
    }

    /// When it is near.
    fn hint(&self, aim: Aim, targets: &Targets, calendar: &Calendar) -> Option<Timestamp> {
        let limit = micros(targets.of(aim)?);
        let part = match targets.remind {
            Remind::Never => return None,
            Remind::Share(share) => limit * i128::from(share) / 100,
            Remind::Before(time) => (limit - micros(time)).max(0),
        };
        self.reaches(aim, part, calendar)
    }

    /// The two that run at a time.
    fn aims(&self) -> [Aim; 2] {
        let answer = if self.answered_at.is_some() { Aim::NextAnswer } else { Aim::FirstAnswer };
        [answer, Aim::Resolution]
    }

    fn spent(&self, aim: Aim) -> i64 {
        if aim == Aim::Resolution { self.resolution_spent } else { self.answer_spent }
    }

    fn marks(&self, aim: Aim) -> [Option<Timestamp>; 2] {
        match aim {
            Aim::Resolution => [self.resolution_reminded_at, self.resolution_missed_at],
            Aim::FirstAnswer | Aim::NextAnswer => [self.answer_reminded_at, self.answer_missed_at],
        }
    }

    pub(super) fn forget_answer(&mut self) {
        self.answer_spent = 0;
        self.answer_reminded_at = None;
        self.answer_missed_at = None;
    }
}

/// Targets of tickets of some priorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// None are all.
    pub priorities: Vec<Priority>,
    pub targets: Targets,
}

impl Rule {
    /// The first of a queue's rules for a priority.
    pub fn find(rules: &[Self], priority: Priority) -> Targets {
        let fits = |rule: &&Self| rule.priorities.is_empty() || rule.priorities.contains(&priority);
        rules.iter().find(fits).map(|rule| rule.targets).unwrap_or_default()
    }
}

impl Targets {
    pub fn of(&self, aim: Aim) -> Option<Duration> {
        match aim {
            Aim::FirstAnswer => self.first_answer,
            Aim::NextAnswer => self.next_answer,
            Aim::Resolution => self.resolution,
        }
    }

    pub fn is_empty(&self) -> bool {
        Aim::ALL.iter().all(|aim| self.of(*aim).is_none())
    }
}

pub(super) fn micros(time: Duration) -> i128 {
    i128::try_from(time.as_micros()).unwrap_or(i128::MAX)
}
