//! Who is mailed when: the one table, as data.
//!
//! An event not listed here mails nobody: hold, tags, priority, rating, deletion, automatic replies.

use crate::template::name::Name;

/// Something that happened to a ticket. One action is one event: the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Opened,
    Commented,
    /// A private comment.
    Noted,
    /// What somebody who is not believed, or a program, wrote: for staff only.
    Kept,
    Resolved,
    Closed,
    Reopened,
    Assigned,
    Escalated,
    /// The due date is over. Told to the owner, and to the queue's lists only where there is none.
    Overdue,
    /// The time until which it was on hold has come. Told as [`Overdue`](Self::Overdue) is.
    Woken,
    /// An answer or a resolution is late, or soon will be. Told as [`Overdue`](Self::Overdue) is.
    Target,
    /// A mail came back or was given up.
    Returned,
    /// A mail is late, or did not reach one of several who were told the same. Told to whoever comes first of its
    /// author, the owner and the queue's list.
    Late,
    Merged,
}

/// Whose doing an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Agent,
    /// A customer, an outsider, a partner, a program, or the clock.
    Other,
}

/// The template for each role, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub submitter: Option<Name>,
    pub owner: Option<Name>,
    /// The queue's `new_ticket_cc`.
    pub(crate) new_cc: Option<Name>,
    /// The queue's `updated_ticket_cc`.
    pub updated_cc: Option<Name>,
    pub ccs: Option<Name>,
}

impl Row {
    /// What agents get who are told because nobody else is.
    pub fn agents(self) -> Option<Name> {
        self.new_cc.or(self.updated_cc)
    }
}

impl Event {
    pub const ALL: [Self; 15] = [
        Self::Opened,
        Self::Commented,
        Self::Noted,
        Self::Kept,
        Self::Resolved,
        Self::Closed,
        Self::Reopened,
        Self::Assigned,
        Self::Escalated,
        Self::Overdue,
        Self::Woken,
        Self::Target,
        Self::Returned,
        Self::Late,
        Self::Merged,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Commented => "commented",
            Self::Noted => "noted",
            Self::Kept => "kept",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Assigned => "assigned",
            Self::Escalated => "escalated",
            Self::Overdue => "overdue",
            Self::Woken => "woken",
            Self::Target => "target",
            Self::Returned => "returned",
            Self::Late => "late",
            Self::Merged => "merged",
        }
    }

    /// Whether this must reach an agent: where neither owner nor list hears of it, all agents of the queue do.
    pub(crate) fn needs_agent(self, by: By) -> bool {
        match self {
            Self::Opened
            | Self::Kept
            | Self::Escalated
            | Self::Overdue
            | Self::Woken
            | Self::Target
            | Self::Returned => true,
            Self::Commented | Self::Noted | Self::Reopened => by == By::Other,
            Self::Resolved | Self::Closed | Self::Assigned | Self::Late | Self::Merged => false,
        }
    }

    /// Whether one who must see to it is enough: the owner, and lists only where there is none.
    pub(crate) fn is_for_one(self) -> bool {
        matches!(self, Self::Overdue | Self::Woken | Self::Target | Self::Late)
    }

    /// Whether somebody's words, or a new beginning: what whoever answered before must hear of.
    pub(crate) fn is_word(self) -> bool {
        matches!(self, Self::Commented | Self::Noted | Self::Kept | Self::Reopened)
    }

    /// Whether customers must not read what it is about, in whatever role.
    pub(crate) fn is_private(self) -> bool {
        matches!(self, Self::Noted | Self::Kept)
    }

    /// Whether it is, of an agent, an answer to the customer.
    pub(crate) fn is_answer(self) -> bool {
        matches!(self, Self::Commented | Self::Resolved | Self::Closed | Self::Reopened)
    }

    /// Whether a ticket ends with it.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }

    /// Whoever could be told of several things is told of the one with the least rank.
    pub(crate) fn rank(self) -> usize {
        match self {
            Self::Opened => 0,
            Self::Merged => 1,
            Self::Closed => 2,
            Self::Resolved => 3,
            Self::Reopened => 4,
            Self::Commented => 5,
            Self::Kept => 6,
            Self::Noted => 7,
            Self::Assigned => 8,
            Self::Escalated => 9,
            Self::Overdue => 10,
            Self::Woken => 11,
            Self::Target => 12,
            Self::Returned => 13,
            Self::Late => 14,
        }
    }

    pub fn row(self) -> Row {
        let row =
            |submitter, owner, new_cc, updated_cc, ccs| Row { submitter, owner, new_cc, updated_cc, ccs };
        match self {
            Self::Opened => row(
                Some(Name::NewticketSubmitter),
                Some(Name::AssignedOwner),
                Some(Name::NewticketCc),
                Some(Name::NewticketCc),
                Some(Name::NewticketCopy),
            ),
            Self::Commented | Self::Reopened => row(
                Some(Name::UpdatedSubmitter),
                Some(Name::UpdatedOwner),
                None,
                Some(Name::UpdatedCc),
                Some(Name::UpdatedCopy),
            ),
            Self::Noted | Self::Kept => {
                row(None, Some(Name::UpdatedOwner), None, Some(Name::UpdatedCc), None)
            }
            Self::Resolved => row(
                Some(Name::ResolvedSubmitter),
                Some(Name::ResolvedOwner),
                None,
                Some(Name::ResolvedCc),
                Some(Name::ResolvedCopy),
            ),
            Self::Closed => row(
                Some(Name::ClosedSubmitter),
                Some(Name::ClosedOwner),
                None,
                Some(Name::ClosedCc),
                Some(Name::ClosedCopy),
            ),
            Self::Assigned => row(None, Some(Name::AssignedOwner), None, Some(Name::AssignedCc), None),
            Self::Escalated => row(
                Some(Name::EscalatedSubmitter),
                Some(Name::EscalatedOwner),
                None,
                Some(Name::EscalatedCc),
                None,
            ),
            Self::Overdue | Self::Woken | Self::Target => {
                row(None, Some(Name::DueReminder), Some(Name::DueReminder), Some(Name::DueReminder), None)
            }
            Self::Returned | Self::Late => {
                row(None, Some(Name::DeliveryFailed), None, Some(Name::DeliveryFailed), None)
            }
            Self::Merged => row(Some(Name::MergedSubmitter), None, None, None, Some(Name::MergedCopy)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_an_agent_has_words_for_all_of_them() {
        for event in Event::ALL {
            let needs = event.needs_agent(By::Other) || event.needs_agent(By::Agent);
            assert!(!needs || event.row().agents().is_some(), "{event:?}");
            assert!(!event.needs_agent(By::Agent) || event.needs_agent(By::Other), "{event:?}");
        }
    }
}
