//! What a mail is made from: one type for outsiders, one for staff, one for alerts.
//!
//! Plain values that the caller fills in; nothing is cleaned, cut or escaped here. [`Outsider`] has no
//! field for private text, command help or an agent's token, so that no template can show them.

use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::mail::authentication::Authentication;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// What one mail is made from.
#[derive(Clone, Copy, Debug)]
pub enum Context<'a> {
    Outsider(&'a Outsider),
    Staff(&'a Staff),
    Alert(&'a Alert),
}

/// The desk as a whole.
#[derive(Clone, Debug)]
pub struct DeskFacts {
    pub name: String,
    /// In which times are written.
    pub timezone: TimeZone,
}

/// The queue a ticket is in.
#[derive(Clone, Debug)]
pub struct QueueFacts {
    pub title: String,
    pub address: String,
    /// May have several lines or be empty; then the title signs.
    pub signature: String,
}

/// The ticket a mail is about.
#[derive(Clone, Debug)]
pub struct TicketFacts {
    pub number: i64,
    /// Such as `[support-12]`.
    pub tag: String,
    /// The title; for a sender who is not authenticated a fixed one, see `Templates::fixed_title`.
    pub subject: String,
    pub status: Status,
    pub opened_at: Timestamp,
    /// The tag of the ticket that this one was merged into.
    pub merged_into: Option<String>,
}

/// A mail to a submitter or to somebody copied on a ticket.
#[derive(Clone, Debug)]
pub struct Outsider {
    pub desk: DeskFacts,
    pub queue: QueueFacts,
    pub ticket: TicketFacts,
    /// Name of the one who gets this mail; empty, or his address, when he has none.
    pub recipient: String,
    /// Name of the one who wrote or did it; none for the desk itself.
    pub actor: Option<String>,
    /// What was written, as plain text.
    pub text: String,
    /// The same words as sanitised HTML.
    pub html: Option<String>,
    /// Attachments that are not in this mail, each with its size.
    pub left_out: Vec<String>,
    /// Where a recipient of copies can end them; shown only when it is `https`.
    pub unsubscribe: Option<String>,
}

/// A mail to the owner, to other agents or to a queue's lists.
#[derive(Clone, Debug)]
pub struct Staff {
    pub desk: DeskFacts,
    pub queue: QueueFacts,
    pub ticket: TicketFacts,
    pub recipient: String,
    pub actor: Option<String>,
    /// The new part; see `visibility`.
    pub text: String,
    pub html: Option<String>,
    pub visibility: Visibility,
    pub priority: Priority,
    pub owner: Option<String>,
    /// As `Name <address>`.
    pub submitter: String,
    /// What was found out about the mail that opened the ticket, where that is not that it is the submitter's.
    pub unproven: Option<Authentication>,
    /// Where the submitter gets answers, if elsewhere than at their address.
    pub answers_to: Option<String>,
    pub held_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// The line above which agents type; it stands first and again before each delicate section.
    pub marker: String,
    /// The last public entries, newest first.
    pub history: Vec<Entry>,
    /// Names and sizes of what is attached.
    pub attachments: Vec<String>,
    /// Names and sizes of what was too large to attach.
    pub left_out: Vec<String>,
    pub help: CommandHelp,
    /// One more sentence of the machine: why a mail was not trusted, what a mail server answered.
    pub note: Option<String>,
    /// Commands of a mail that were carried out, and those that were not, each with its reason.
    pub done: Vec<String>,
    pub refused: Vec<String>,
}

/// A mail to the operators; about no ticket.
#[derive(Clone, Debug)]
pub struct Alert {
    pub desk: DeskFacts,
    /// The trouble in a few words; it becomes the subject.
    pub title: String,
    pub text: String,
}

/// Who may see the new part of a mail to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Private,
}

/// Whether a mail to staff explains the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandHelp {
    Shown,
    Hidden,
}

/// An earlier public entry of a ticket.
#[derive(Clone, Debug)]
pub struct Entry {
    pub author: String,
    pub at: Timestamp,
    pub text: String,
}

impl Context<'_> {
    /// Whether a mail of this name can be made from it.
    ///
    /// What is for staff must never fill in a mail to an outsider.
    pub fn fits(self, name: Name) -> bool {
        match self {
            Self::Outsider(_) => name.audience() == Audience::Outsider,
            Self::Staff(_) => name.audience() == Audience::Staff && name != Name::Alert,
            Self::Alert(_) => name == Name::Alert,
        }
    }
}
