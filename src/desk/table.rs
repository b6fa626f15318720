//! Who is mailed when: the one table, as data.
//!
//! An event not listed here mails nobody: hold, tags, priority, rating, deletion, machine mail.

use crate::template::name::Name;

/// Something that happened to a ticket. One action is one event: the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Opened,
    Commented,
    /// A private comment.
    Noted,
    Resolved,
    Closed,
    Reopened,
    Assigned,
    Escalated,
    /// The due date is over. Told to the owner, and to the queue's lists only where there is none.
    Overdue,
    Merged,
}

/// The template for each role, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub submitter: Option<Name>,
    pub owner: Option<Name>,
    /// The queue's `new_ticket_cc`.
    pub new_cc: Option<Name>,
    /// The queue's `updated_ticket_cc`.
    pub updated_cc: Option<Name>,
    pub ccs: Option<Name>,
}

impl Event {
    pub const ALL: [Self; 10] = [
        Self::Opened,
        Self::Commented,
        Self::Noted,
        Self::Resolved,
        Self::Closed,
        Self::Reopened,
        Self::Assigned,
        Self::Escalated,
        Self::Overdue,
        Self::Merged,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Commented => "commented",
            Self::Noted => "noted",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Assigned => "assigned",
            Self::Escalated => "escalated",
            Self::Overdue => "overdue",
            Self::Merged => "merged",
        }
    }

    /// Whether a ticket ends with it.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }

    /// Whoever could be told of several things is told of the one with the least rank.
    pub fn rank(self) -> usize {
        match self {
            Self::Opened => 0,
            Self::Merged => 1,
            Self::Closed => 2,
            Self::Resolved => 3,
            Self::Reopened => 4,
            Self::Commented => 5,
            Self::Noted => 6,
            Self::Assigned => 7,
            Self::Escalated => 8,
            Self::Overdue => 9,
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
            Self::Noted => row(None, Some(Name::UpdatedOwner), None, Some(Name::UpdatedCc), None),
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
            Self::Overdue => {
                row(None, Some(Name::DueReminder), Some(Name::DueReminder), Some(Name::DueReminder), None)
            }
            Self::Merged => row(Some(Name::MergedSubmitter), None, None, None, Some(Name::MergedCopy)),
        }
    }
}
