//! Mail as a value: what was sent, by whom, what of it is new, and what kind of mail it is.
//!
//! Parsing never fails: broken mail gives a [`Mail`] plus its defects. Nothing here does I/O, asks a
//! clock or a database, or decides what becomes of a ticket.

mod any_of;
pub mod classify;
pub mod compose;
pub mod delivery;
pub mod forward;
pub mod html;
pub mod internal;
pub mod journal;
pub mod language;
pub mod markup;
pub mod parse;
pub mod passages;
pub mod reply;
pub mod report;
#[cfg(test)]
mod tests;
pub mod thread;
pub mod token;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::ticket::priority::Priority;

/// A person or group in a header. The address is as written, without comments or brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    pub name: Option<String>,
    pub address: String,
}

/// One message, decoded. Texts are UTF-8 without NUL; lines end with `\n`.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Every address of every `From` field: anything but exactly one is suspicious.
    pub from: Vec<Address>,
    pub sender: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// Addresses of Delivered-To, X-Original-To, Envelope-To, Resent-To and alike, in order.
    pub(crate) delivered_to: Vec<String>,
    /// Address of the topmost Return-Path; `Some("")` is the null path.
    pub(crate) return_path: Option<String>,
    pub subject: String,
    pub date: Option<Timestamp>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// All header fields in order: name as written, value unfolded and decoded.
    pub headers: Vec<(String, String)>,
    /// The whole readable text.
    pub text: String,
    /// What the author wrote this time: without quoted reply and signature.
    pub new_text: String,
    /// The HTML body, sanitised; nothing if the mail had none.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    /// From X-Priority, Importance or Priority.
    pub priority: Option<Priority>,
    /// Two-letter code, where it could be told.
    pub language: Option<String>,
    pub defects: Vec<Defect>,
    /// SHA-256 over From, Date, Subject and the decoded parts, not the trace headers.
    pub content_digest: [u8; 32],
}

/// One attachment, inline image or enclosed message, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// A name to show: no path, control or bidirectional characters.
    pub name: String,
    /// Sniffed from the bytes where that is possible, else as declared.
    pub content_type: String,
    /// Content-ID without angle brackets, for inline images.
    pub content_id: Option<String>,
    pub inline: bool,
    pub data: Vec<u8>,
}

/// Something that was wrong with a message, and was mended or left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// A short machine-readable word such as `charset-unknown`.
    pub kind: &'static str,
    pub detail: String,
}

/// The longest address that SMTP can carry (RFC 5321 §4.5.3.1), with room for other alphabets.
const LONGEST_ADDRESS: usize = 400;

impl Address {
    /// Whether somebody could be meant: something on both sides of the `@`, and no more than SMTP can carry.
    pub(crate) fn is_plausible(&self) -> bool {
        let parts = self.address.rsplit_once('@');
        self.address.len() <= LONGEST_ADDRESS && parts.is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
    }
}

impl Defect {
    pub fn new(kind: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl Mail {
    /// The one author, if there is exactly one with a plausible address.
    pub fn author(&self) -> Option<&Address> {
        let mut plausible = self.from.iter().filter(|from| from.is_plausible());
        plausible.next().filter(|_| plausible.next().is_none())
    }

    /// The first field called `name`, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// All fields called `name`, in any case.
    pub(crate) fn all_headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}
