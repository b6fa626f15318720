//! When nobody took care of a ticket: the moment at which it is raised, and what a raise is.
//!
//! Rules only. What they decide is stored and mailed by others; nothing here depends on whether that works.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::calendar::limit::Limit;
use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;
use crate::ticket::id::QueueId;
use crate::ticket::life::Ticket;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// The limits of one queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// For priorities without a limit of their own; none: they never escalate.
    pub queue: Option<Limit>,
    pub priorities: BTreeMap<Priority, Limit>,
}

/// A day on which nothing escalates and that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exclusion {
    /// As people in the queue's zone have it.
    pub date: Date,
    pub queues: Scope,
}

/// Which queues an exclusion is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    Some(Vec<QueueId>),
}

/// What matters of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub created_at: Timestamp,
    pub escalated_at: Option<Timestamp>,
    /// When the last hold ended.
    pub(crate) hold_ended_at: Option<Timestamp>,
    pub held_at: Option<Timestamp>,
    /// When it was taken in with old mail.
    pub old_since: Option<Timestamp>,
    pub status: Status,
    pub priority: Priority,
}

/// What the rule says of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Settled(Status),
    Held,
    /// It came with old mail, and its customer did not write anew.
    Old,
    Highest,
    /// Its queue sets no limit for its priority.
    NoLimit,
    /// The limit is more working time than the next ten years have.
    Never,
    Later(Timestamp),
    /// It is time, but this day is excluded.
    Excluded,
    Due(Timestamp),
}

/// Whether a run changes tickets or only tells of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Raise,
    NotifyOnly,
}

/// What happens to a due ticket. Either way the mails of an escalation go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// New priority, mark, public follow-up, audit.
    Raise {
        priority: Priority,
        at: Timestamp,
    },
    Tell,
}

/// The moment to store: when the ticket escalates unless something happens before; none: it does not.
pub fn escalate_at(standing: Standing, limits: &Limits, calendar: &Calendar) -> Option<Timestamp> {
    match verdict(standing, limits, calendar, Timestamp(i64::MIN)) {
        Verdict::Later(at) | Verdict::Due(at) => Some(at),
        _ => None,
    }
}

/// The limit that runs for a ticket; none if it does not escalate, however long it waits.
pub fn limit(standing: Standing, limits: &Limits) -> Option<Limit> {
    if standing.rest().is_some() { None } else { limits.of(standing.priority) }
}

/// What the rule says of a ticket at `now`, with the reason.
pub fn verdict(standing: Standing, limits: &Limits, calendar: &Calendar, now: Timestamp) -> Verdict {
    let Some(limit) = limits.of(standing.priority) else {
        return standing.rest().unwrap_or(Verdict::NoLimit);
    };
    if let Some(rest) = standing.rest() {
        return rest;
    }
    // A limit that is reached at midnight would otherwise fall on the day after, which may be excluded.
    let due = calendar.due(standing.since(), limit.time()).and_then(|at| calendar.allowed_from(at));
    match due {
        None => Verdict::Never,
        Some(at) if now < at => Verdict::Later(at),
        Some(_) if calendar.excludes(now) => Verdict::Excluded,
        Some(at) => Verdict::Due(at),
    }
}

/// What to do to a ticket that is due: one step, however long ago it was.
pub fn step(standing: Standing, mode: Mode, now: Timestamp) -> Step {
    match mode {
        Mode::Raise => Step::Raise { priority: higher(standing.priority), at: now },
        Mode::NotifyOnly => Step::Tell,
    }
}

/// The dates that count for one queue.
pub(crate) fn dates_for(exclusions: &[Exclusion], queue: QueueId) -> impl Iterator<Item = Date> {
    exclusions.iter().filter(move |exclusion| exclusion.queues.has(queue)).map(|exclusion| exclusion.date)
}

impl Standing {
    /// A new ticket.
    pub fn opened(priority: Priority, created_at: Timestamp) -> Self {
        Self {
            created_at,
            escalated_at: None,
            hold_ended_at: None,
            held_at: None,
            old_since: None,
            status: Status::Open,
            priority,
        }
    }

    /// From when the limit counts.
    pub fn since(self) -> Timestamp {
        [Some(self.created_at), self.escalated_at, self.hold_ended_at]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or_default()
    }

    /// The ticket after a step.
    #[must_use]
    pub fn after(self, step: Step) -> Self {
        match step {
            Step::Raise { priority, at } => Self { priority, escalated_at: Some(at), ..self },
            Step::Tell => self,
        }
    }

    /// Why it does not escalate, whatever the limits.
    fn rest(self) -> Option<Verdict> {
        if !self.status.is_open() {
            Some(Verdict::Settled(self.status))
        } else if self.held_at.is_some() {
            Some(Verdict::Held)
        } else if self.old_since.is_some() {
            Some(Verdict::Old)
        } else if self.priority == Priority::HIGHEST {
            Some(Verdict::Highest)
        } else {
            None
        }
    }
}

impl From<&Ticket> for Standing {
    fn from(ticket: &Ticket) -> Self {
        Self {
            created_at: ticket.created_at,
            escalated_at: ticket.escalated_at,
            hold_ended_at: ticket.hold_ended_at,
            held_at: ticket.held_at,
            old_since: ticket.old_since,
            status: ticket.status,
            priority: ticket.priority,
        }
    }
}

impl Limits {
    /// The limit for one priority.
    pub fn of(&self, priority: Priority) -> Option<Limit> {
        self.priorities.get(&priority).copied().or(self.queue)
    }
}

impl Scope {
    fn has(&self, queue: QueueId) -> bool {
        match self {
            Self::All => true,
            Self::Some(queues) => queues.contains(&queue),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled(status) => write!(f, "is {status}"),
            Self::Held => f.write_str("is on hold"),
            Self::Old => f.write_str("came with old mail, and its customer has not written since"),
            Self::Highest => f.write_str("has the highest priority already"),
            Self::NoLimit => f.write_str("has no limit in its queue"),
            Self::Never => f.write_str("reaches its limit in no working time of the next ten years"),
            Self::Later(at) => write!(f, "will be due at {at}"),
            Self::Excluded => f.write_str("is due, but this day is excluded"),
            Self::Due(at) => write!(f, "is due since {at}"),
        }
    }
}

/// One step up, at most to the top.
fn higher(priority: Priority) -> Priority {
    Priority::try_from(priority.number() - 1).unwrap_or(Priority::HIGHEST)
}

#[cfg(test)]
mod tests;
