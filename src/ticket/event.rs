//! What can happen to a ticket: each with its kind, and with its values as the log keeps them.
//!
//! Holds no text of any entry.

use serde::Serialize;

use crate::ticket::id::FollowupId;
use crate::ticket::life::Change;
use crate::ticket::status::Status;

/// Declares the kinds with the words by which programs know them.
macro_rules! kinds {
    ($($name:ident = $word:literal,)*) => {
        /// What happened, as programs are told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum Kind {
            $(#[serde(rename = $word)] $name,)*
        }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    Opened = "ticket.opened",
    Status = "ticket.status",
    Owner = "ticket.owner",
    Priority = "ticket.priority",
    Queue = "ticket.queue",
    Subject = "ticket.subject",
    Submitter = "ticket.submitter",
    Hold = "ticket.hold",
    Due = "ticket.due",
    Type = "ticket.type",
    Tags = "ticket.tags",
    Ccs = "ticket.ccs",
    Fields = "ticket.fields",
    Merged = "ticket.merged",
    Split = "ticket.split",
    Deleted = "ticket.deleted",
    Escalated = "ticket.escalated",
    Overdue = "ticket.overdue",
    Rated = "ticket.rated",
    TargetReminded = "target.reminded",
    TargetMissed = "target.missed",
    Shared = "ticket.shared",
    Unshared = "ticket.unshared",
    EntryPublic = "entry.public",
    EntryPrivate = "entry.private",
    EntryExternal = "entry.external",
    EntryUnproven = "entry.unproven",
    MailDuplicate = "mail.duplicate",
    DeliveryFailed = "delivery.failed",
    DeliveryHeld = "delivery.held",
    UserChanged = "user.changed",
    SettingsChanged = "settings.changed",
}

impl Kind {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: Kind,
    /// The audit log's word for what changed.
    pub field: &'static str,
    pub old: Option<String>,
    pub new: Option<String>,
    /// The entry that says it.
    pub entry_id: Option<FollowupId>,
}

impl Event {
    pub fn new(kind: Kind, field: &'static str, old: Option<String>, new: Option<String>) -> Self {
        Self { kind, field, old, new, entry_id: None }
    }

    /// One more of something that a ticket has several of: a tag, a CC.
    pub fn added(kind: Kind, field: &'static str, what: impl Into<String>) -> Self {
        Self::new(kind, field, None, Some(what.into()))
    }

    /// One less of it.
    pub(crate) fn removed(kind: Kind, field: &'static str, what: impl Into<String>) -> Self {
        Self::new(kind, field, Some(what.into()), None)
    }

    /// A move of the ticket itself.
    pub fn moved(change: Change) -> Self {
        match change {
            Change::Status { from, to } => {
                let kind = if to == Status::Merged { Kind::Merged } else { Kind::Status };
                Self::new(kind, "status", Some(from.to_string()), Some(to.to_string()))
            }
            Change::Owner { from, to } => Self::new(Kind::Owner, "owner", text(from), text(to)),
            Change::Priority { from, to } => {
                Self::new(Kind::Priority, "priority", text(Some(from)), text(Some(to)))
            }
            Change::Queue { from, to } => Self::new(Kind::Queue, "queue", text(Some(from)), text(Some(to))),
            Change::Subject { from, to } => Self::new(Kind::Subject, "subject", Some(from), Some(to)),
            Change::Submitter { from, to } => {
                Self::new(Kind::Submitter, "submitter", text(from), text(Some(to)))
            }
            Change::Due { from, to } => Self::new(Kind::Due, "due", text(from), text(to)),
            Change::Type { from, to } => Self::new(Kind::Type, "type", text(from), text(Some(to))),
            Change::Hold { from, to } => Self::new(Kind::Hold, "hold", text(from), text(to)),
        }
    }

    /// The same event, said by this entry.
    #[must_use]
    pub(crate) fn by_entry(self, id: FollowupId) -> Self {
        Self { entry_id: Some(id), ..self }
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::parse("ticket"), None);
    }

    #[test]
    fn a_merge_is_an_event_of_its_own() {
        let change = Change::Status { from: Status::Open, to: Status::Merged };
        assert_eq!(Event::moved(change).kind, Kind::Merged);
    }
}
