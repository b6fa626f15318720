//! What a mail is made from: one type for outsiders, one for staff, one for alerts.
//!
//! Plain values that the caller fills in; nothing is cleaned, cut or escaped here. [`Outsider`] has no
//! field for private text, command help or an agent's token, so that no template can show them.

use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::template::body::Body;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// What one mail is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Context<'a> {
    Outsider(&'a Outsider),
    Staff(&'a Staff),
    Alert(&'a Alert),
}

/// The desk as a whole.
#[derive(Clone, Debug)]
pub(crate) struct DeskFacts {
    pub(crate) name: String,
    /// In which times are written.
    pub(crate) timezone: TimeZone,
}

/// The queue a ticket is in.
#[derive(Clone, Debug)]
pub(crate) struct QueueFacts {
    pub(crate) title: String,
    pub(crate) address: String,
    /// May have several lines or be empty; then the title signs.
    pub(crate) signature: String,
}

/// The ticket a mail is about.
#[derive(Clone, Debug)]
pub(crate) struct TicketFacts {
    pub(crate) number: i64,
    /// Such as `[support-12]`.
    pub(crate) tag: String,
    /// The title; for a sender who is not authenticated a fixed one, see `Templates::fixed_title`.
    pub(crate) subject: String,
    pub(crate) status: Status,
    pub(crate) opened_at: Timestamp,
    /// The tag of the ticket that this one was merged into.
    pub(crate) merged_into: Option<String>,
}

/// A mail to a submitter or to somebody copied on a ticket.
#[derive(Clone, Debug)]
pub(crate) struct Outsider {
    pub(crate) desk: DeskFacts,
    pub(crate) queue: QueueFacts,
    pub(crate) ticket: TicketFacts,
    /// Name of the one who gets this mail; empty, or his address, when he has none.
    pub(crate) recipient: String,
    /// Name of the one who wrote or did it; none for the desk itself.
    pub(crate) actor: Option<String>,
    /// What was written.
    pub(crate) body: Body,
    /// Attachments that are not in this mail, each with its size.
    pub(crate) left_out: Vec<String>,
    /// Whether the mail asks how it went.
    pub(crate) asks_rating: bool,
    /// Where a recipient of copies can end them; shown only when it is `https`.
    pub(crate) unsubscribe: Option<String>,
}

/// A mail to the owner, to other agents or to a queue's lists.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    pub(crate) desk: DeskFacts,
    pub(crate) queue: QueueFacts,
    pub(crate) ticket: TicketFacts,
    pub(crate) recipient: String,
    pub(crate) actor: Option<String>,
    /// The new part; see `visibility`.
    pub(crate) body: Body,
    /// Who may see its new part.
    pub(crate) visibility: Visibility,
    pub(crate) priority: Priority,
    pub(crate) owner: Option<String>,
    /// As `Name <address>`.
    pub(crate) submitter: String,
    /// What was found out about the mail that opened the ticket, where that is not that it is the submitter's.
    pub(crate) unproven: Option<Authentication>,
    /// Where the submitter gets answers, if elsewhere than at their address.
    pub(crate) answers_to: Option<String>,
    pub(crate) held_at: Option<Timestamp>,
    pub(crate) due_at: Option<Timestamp>,
    /// Until when it was on hold, where the mail says that this is over.
    pub(crate) woken_at: Option<Timestamp>,
    /// That an answer or a resolution is late, or soon will be.
    pub(crate) target: Option<String>,
    /// The line above which agents type; it stands first and again before each delicate section.
    pub(crate) marker: String,
    /// The last public entries, newest first.
    pub(crate) history: Vec<Entry>,
    /// Names and sizes of what is attached.
    pub(crate) attachments: Vec<String>,
    /// Names and sizes of what was too large to attach.
    pub(crate) left_out: Vec<String>,
    /// The number under which the text is kept that was to go out.
    pub(crate) draft: Option<i64>,
    pub(crate) help: CommandHelp,
    /// One more sentence of the machine: why a mail was not trusted, what a mail server answered.
    pub(crate) note: Option<String>,
    /// Commands of a mail that were carried out, and those that were not, each with its reason.
    pub(crate) done: Vec<String>,
    pub(crate) refused: Vec<String>,
}

/// A mail to the operators; about no ticket.
#[derive(Clone, Debug)]
pub(crate) struct Alert {
    pub(crate) desk: DeskFacts,
    /// The trouble in a few words; it becomes the subject.
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Whether a mail to staff explains the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandHelp {
    Shown,
    Hidden,
}

/// An earlier public entry of a ticket.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) author: String,
    pub(crate) at: Timestamp,
    pub(crate) body: Body,
}

impl Context<'_> {
    /// Whether a mail of this name can be made from it.
    ///
    /// What is for staff must never fill in a mail to an outsider.
    pub(crate) fn fits(self, name: Name) -> bool {
        match self {
            Self::Outsider(_) => name.audience() == Audience::Outsider,
            Self::Staff(_) => name.audience() == Audience::Staff && name != Name::Alert,
            Self::Alert(_) => name == Name::Alert,
        }
    }
}
