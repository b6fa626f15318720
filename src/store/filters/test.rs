//! What can be asked of a ticket: the people and queues by number, the times as moments.
//!
//! Says nothing of how it is asked.

use crate::clock::Timestamp;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;
use crate::ticket::query::Sense;
use crate::ticket::status::Status;

/// One condition, and whether it must be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub sense: Sense,
    pub test: Test,
}

/// One condition on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Number(TicketId),
    Submitter(UserId),
    /// Part of the submitter's address or name.
    SubmitterLike(String),
    Copied(UserId),
    /// Part of the address or name of somebody who gets copies.
    CopiedLike(String),
    Owner(UserId),
    Unowned,
    Queue(QueueId),
    Type(TypeId),
    Tag(String),
    /// From the first to the second, both included.
    Priority(Priority, Priority),
    Created(Span),
    /// From the first to the second, both included.
    Rating(i64, i64),
    /// Open, and due in that time.
    Due(Span),
    /// Open, and the first of its due date and its targets is in that time.
    Late(Span),
    Status(Status),
    /// Open or reopened.
    Open,
    /// Resolved, closed or merged.
    Ended,
    /// Open and on hold.
    Held,
    /// Open, somebody's, and not on hold.
    Active,
    /// Open, nobody's, and not on hold.
    Idle,
    /// Open, and nobody's.
    Unassigned,
    /// Open, and the last public entry is a customer's.
    Waiting,
    Shared,
    HasFile,
    /// One of these; at most `MOST_AMONG`.
    Among(Vec<TicketId>),
}

/// Tickets of one condition.
pub const MOST_AMONG: usize = 64;

/// From a moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// What has an index by segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spanned {
    Created(Span),
    Due(Span),
    Late(Span),
}

/// Whether something is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    Ended,
}

impl Span {
    pub const ALL: Self = Self { from: Timestamp(i64::MIN), until: Timestamp(i64::MAX) };

    /// What both have.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// What a span that is open on one side leaves of all time.
    #[must_use]
    pub fn outside(self) -> Self {
        if self.from == Self::ALL.from {
            Self { from: self.until, until: Self::ALL.until }
        } else {
            Self { from: Self::ALL.from, until: self.from }
        }
    }
}

impl Filter {
    pub fn wanted(test: Test) -> Self {
        Self { sense: Sense::Wanted, test }
    }
}

impl Test {
    /// In which standing a ticket must be to fulfil it.
    pub(super) fn standing(&self) -> Option<Standing> {
        match self {
            Test::Status(status) if status.is_open() => Some(Standing::Open),
            Test::Open
            | Test::Due(_)
            | Test::Late(_)
            | Test::Held
            | Test::Active
            | Test::Idle
            | Test::Unassigned
            | Test::Waiting => Some(Standing::Open),
            Test::Ended | Test::Status(_) => Some(Standing::Ended),
            _ => None,
        }
    }

    pub(super) fn span(&self) -> Option<Spanned> {
        match self {
            Test::Created(span) => Some(Spanned::Created(*span)),
            Test::Due(span) => Some(Spanned::Due(*span)),
            Test::Late(span) => Some(Spanned::Late(*span)),
            _ => None,
        }
    }
}
