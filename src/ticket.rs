//! What a ticket is: its words, its values and the rules that need nothing but them.
//!
//! Pure: no I/O, no clock, no queries. `now` is an argument.

pub mod authentication;
pub mod command;
pub mod draft;
pub mod entry;
pub mod escalation;
pub mod event;
pub mod heard;
pub mod holder;
pub mod id;
pub mod life;
pub mod measure;
pub mod person;
pub mod priority;
pub mod query;
pub mod question;
pub mod rating;
pub mod scope;
pub mod status;
pub mod targets;
pub mod traces;
pub mod until;
pub mod word;
pub mod words;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::ticket::authentication::Authentication;
use crate::ticket::holder::Holder;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;
use crate::ticket::targets::Clocks;

/// What is stored of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    #[serde(flatten)]
    pub clocks: Clocks,
    pub id: TicketId,
    pub uuid: String,
    pub queue_id: QueueId,
    pub type_id: Option<TypeId>,
    pub subject: String,
    pub submitter_id: Option<UserId>,
    /// Where the submitter asked answers to go, if not to his own address.
    pub reply_to: Option<String>,
    pub owner_id: Option<UserId>,
    pub status: Status,
    pub held_at: Option<Timestamp>,
    pub held_by: Option<Holder>,
    /// When the hold ends by itself.
    pub held_until: Option<Timestamp>,
    pub priority: Priority,
    pub due_at: Option<Timestamp>,
    /// When it was seen that it is overdue.
    pub overdue_at: Option<Timestamp>,
    /// When its owner was told so.
    pub reminded_at: Option<Timestamp>,
    pub resolution: Option<String>,
    pub escalate_at: Option<Timestamp>,
    pub escalated_at: Option<Timestamp>,
    /// When the last hold ended: escalation counts from then.
    pub hold_ended_at: Option<Timestamp>,
    pub merged_into: Option<TicketId>,
    /// When it was taken in with old mail: it does not escalate before its customer writes anew.
    #[serde(skip)]
    pub old_since: Option<Timestamp>,
    /// The closed ticket that this one continues.
    pub follows: Option<TicketId>,
    pub door: String,
    pub authentication: Authentication,
    pub locale: Option<String>,
    /// Set when an agent must look, for instance because a reply came back.
    pub attention_at: Option<Timestamp>,
    /// Since when the customer waits for us; none where the last public word is ours, or where it is ended.
    pub waiting_since: Option<Timestamp>,
    /// The last public word of a customer.
    pub customer_at: Option<Timestamp>,
    /// The first words of the newest public entry.
    pub preview: String,
    /// When it was resolved or closed.
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub version: i64,
    /// How many events there were: the number of the last one.
    pub events: i64,
}

/// Characters of a preview.
const PREVIEW: usize = 160;

/// Why a change to a ticket was refused.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    #[error("there is no ticket {0}")]
    Unknown(TicketId),
    #[error("ticket {0} was changed by someone else")]
    Stale(TicketId),
    #[error("ticket {0} cannot be merged into itself")]
    MergedIntoItself(TicketId),
    #[error("ticket {0} is already merged into {1}")]
    AlreadyMerged(TicketId, TicketId),
}

/// The first words of a text, in one line.
pub fn preview(text: &str) -> String {
    let mut words = String::new();
    let mut left = PREVIEW;
    // A word that is longer than all that is kept may be as long as the text.
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| !c.is_control()).take(left).collect();
        let length = word.chars().count() + 1;
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&word);
        match left.checked_sub(length) {
            Some(rest @ 1..) => left = rest,
            _ => break,
        }
    }
    words
}

impl Row {
    pub fn is_held(&self) -> bool {
        self.held_at.is_some()
    }

    /// Whether a customer's word on it needs no reopening.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// The `[slug-id]` that every mail about this ticket has in its subject.
    pub fn tag(&self, slug: &str) -> String {
        format!("[{slug}-{}]", self.id)
    }
}
