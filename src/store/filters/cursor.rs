//! Places in the order of tickets' numbers, and the segments that they are in.

use crate::ticket::id::TicketId;

/// Where a page begins, and which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// Greater numbers than this, the least first.
    After(TicketId),
    /// Lesser numbers than this, the greatest first.
    Before(TicketId),
}

/// Tickets whose numbers divided by this are the same stand together in the indexes of spans.
pub(crate) const SEGMENT: i64 = 4096;

impl Cursor {
    pub fn at(self) -> TicketId {
        let (Self::After(at) | Self::Before(at)) = self;
        at
    }

    /// Another ticket, in the same direction.
    #[must_use]
    pub fn to(self, id: TicketId) -> Self {
        match self {
            Self::After(_) => Self::After(id),
            Self::Before(_) => Self::Before(id),
        }
    }

    /// The same, or where a later segment begins.
    #[must_use]
    pub(crate) fn at_least(self, segment: i64) -> Self {
        match self {
            Self::After(at) => Self::After(at.max(TicketId(segment * SEGMENT - 1))),
            Self::Before(at) => Self::Before(at.min(TicketId((segment + 1) * SEGMENT))),
        }
    }

    /// Where the next segment begins.
    #[must_use]
    pub fn beyond(self, segment: i64) -> Self {
        match self {
            Self::After(_) => Self::After(TicketId((segment + 1) * SEGMENT - 1)),
            Self::Before(_) => Self::Before(TicketId(segment * SEGMENT)),
        }
    }
}
