//! Outgoing mail: frozen as a [`Draft`] when it is caused, written as RFC 5322 bytes when it is sent.
//!
//! A draft holds everything but the attachments' bytes, so the same mail comes out however often it is sent.
//! Writing takes time in proportion to the text, and too much of it for a thread on which others wait.

mod lines;
pub(crate) mod slot;
#[cfg(test)]
mod tests;

use std::time::Duration;
use std::time::UNIX_EPOCH;

use lettre::Address;
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::Attachment;
use lettre::message::Body;
use lettre::message::Mailbox;
use lettre::message::MultiPart;
use lettre::message::SinglePart;
use lettre::message::header::ContentTransferEncoding;
use lettre::message::header::ContentType;
use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use serde::Deserialize;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::mail::compose::slot::Forms;

/// The file of a mail whose text is too long to stand in it.
pub(crate) const TEXT_FILE: &str = "message.txt";
/// The name of the file that holds also what is old in a message.
pub(crate) const FULL_FILE: &str = "full.txt";
/// Characters of a header's text. With the field's name they stay below the 998 of a line without a blank to break
/// it at (RFC 5322 §2.1.1), which servers refuse.
const LONGEST_LINE: usize = 900;
/// Characters of a name: each can become two when it is quoted, and an address follows.
const LONGEST_NAME: usize = 300;
/// References kept: RFC 5322 sets no limit, but header fields of many kilobytes are refused by servers.
const MOST_REFERENCES: usize = 12;

/// Whose words a mail carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// An agent's: nothing on it says automatic.
    Agent,
    /// The desk's own, answering a mail (RFC 3834 `auto-replied`).
    Answer,
    /// The desk's own, caused by something else (RFC 3834 `auto-generated`).
    Notice,
}

impl Voice {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Answer => "answer",
            Self::Notice => "notice",
        }
    }
}

/// One mail to one recipient.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub from_name: String,
    pub from: String,
    pub(crate) to_name: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    /// Without angle brackets, as all ids here.
    pub message_id: String,
    pub in_reply_to: Option<String>,
    /// Oldest first.
    pub references: Vec<String>,
    /// Seconds since 1970.
    pub date: i64,
    pub voice: Voice,
    /// RFC 8058 one-click address.
    pub unsubscribe: Option<String>,
    pub text: String,
    pub html: String,
    /// Numbers of the bodies that are left out of both, in the order of their marks; see [`Draft::filled`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<i64>,
    /// The entry whose new words are too many for `text` and go with the mail as [`TEXT_FILE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) whole_text: Option<i64>,
    /// The entry of which `text` shows only what is new; all of it goes with the mail as [`FULL_FILE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) full_text: Option<i64>,
    pub attachments: Vec<Enclosure>,
}

/// The bytes of all that goes with a mail.
#[derive(Debug, Default)]
pub struct Files {
    /// Of `whole_text`.
    pub text: String,
    /// Of `full_text`.
    pub full: String,
    /// Of `attachments`, in the same order.
    pub attachments: Vec<Vec<u8>>,
}

/// Words that several mails share, as text and as HTML.
#[derive(Clone, Debug)]
pub struct SharedBody {
    pub text: String,
    pub html: String,
}

/// An attachment by the number of its stored bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enclosure {
    pub blob: i64,
    pub name: String,
    pub content_type: String,
}

/// Why a draft cannot be written. Its row is then settled as rejected.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("the address cannot be used in a mail")]
    Address(#[from] lettre::address::AddressError),
    #[error("the mail cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
    #[error("the frozen mail cannot be read: {0}")]
    Frozen(#[from] serde_json::Error),
    #[error("a part of the frozen mail is not stored")]
    Incomplete,
    #[error("writing the mail failed")]
    Failed,
}

impl Draft {
    /// The text that the outbox keeps.
    pub(crate) fn freeze(&self) -> Result<String, ComposeError> {
        Ok(serde_json::to_string(self)?)
    }

    pub fn thaw(content: &str) -> Result<Self, ComposeError> {
        Ok(serde_json::from_str(content)?)
    }

    /// With its bodies, which are given in the order of `bodies`. Without any it is whole as it was frozen.
    #[must_use]
    pub fn filled(self, bodies: &[SharedBody]) -> Self {
        if self.bodies.is_empty() {
            return self;
        }
        let bodies: Vec<Forms<'_>> =
            bodies.iter().map(|body| Forms { text: &body.text, html: &body.html }).collect();
        let [text, html] = [&self.text, &self.html].map(|frame| slot::filled(frame, &bodies));
        Self { text, html, bodies: Vec::new(), ..self }
    }

    /// The mail as it goes over the wire.
    pub fn compose(&self, files: Files) -> Result<Vec<u8>, ComposeError> {
        let since = Duration::from_secs(u64::try_from(self.date).unwrap_or_default());
        let (from, to) = (mailbox(&self.from_name, &self.from)?, mailbox(&self.to_name, &self.to)?);
        // Not left to the library, which cannot read back what it wrote of a quoted local part.
        let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()])?;
        let mut builder = Message::builder()
            .envelope(envelope)
            .message_id(Some(format!("<{}>", id(&self.message_id))))
            .date(UNIX_EPOCH + since)
            .from(from)
            .to(to)
            .subject(line(&self.subject, LONGEST_LINE));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox(&self.from_name, reply_to)?);
        }
        if let Some(in_reply_to) = &self.in_reply_to {
            builder = builder.in_reply_to(format!("<{}>", id(in_reply_to)));
        }
        let references = references(&self.references, self.in_reply_to.as_deref());
        if !references.is_empty() {
            builder = builder.references(references);
        }
        for (name, value) in self.marks() {
            builder = builder.raw_header(HeaderValue::new(name, value));
        }
        let body = alternative(&self.text, &self.html);
        if !self.has_files() {
            return Ok(builder.multipart(body)?.formatted());
        }
        let mut mixed = MultiPart::mixed().multipart(body);
        for (entry, name, text) in
            [(self.whole_text, TEXT_FILE, files.text), (self.full_text, FULL_FILE, files.full)]
        {
            if entry.is_some() {
                mixed = mixed.singlepart(enclosed(name, "text/plain; charset=utf-8", text.into_bytes()));
            }
        }
        for (enclosure, bytes) in self.attachments.iter().zip(files.attachments) {
            mixed = mixed.singlepart(enclosed(&enclosure.name, &enclosure.content_type, bytes));
        }
        Ok(builder.multipart(mixed)?.formatted())
    }

    /// Whether files go with it.
    pub fn has_files(&self) -> bool {
        self.whole_text.is_some() || self.full_text.is_some() || !self.attachments.is_empty()
    }

    fn marks(&self) -> Vec<(HeaderName, String)> {
        let mut marks = Vec::new();
        let automatic = match self.voice {
            Voice::Agent => None,
            Voice::Answer => Some("auto-replied"),
            Voice::Notice => Some("auto-generated"),
        };
        if let Some(word) = automatic {
            marks.push((HeaderName::new_from_ascii_str("Auto-Submitted"), word.to_owned()));
            marks.push((HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All".to_owned()));
        }
        if let Some(url) = &self.unsubscribe {
            marks.push((
                HeaderName::new_from_ascii_str("List-Unsubscribe"),
                format!("<{}>", line(url, LONGEST_LINE)),
            ));
            let click = "List-Unsubscribe=One-Click".to_owned();
            marks.push((HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), click));
        }
        marks
    }
}

/// The moment a draft is dated, in its unit.
pub fn date(now: Timestamp) -> i64 {
    now.seconds()
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, ComposeError> {
    let name = line(name, LONGEST_NAME);
    let address: Address = address.parse()?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// One header line's worth of text: CR, LF, NUL and other controls become spaces.
fn line(text: &str, longest: usize) -> String {
    let kept = text.chars().take(longest);
    let flat: String = kept.map(|c| if c.is_control() { ' ' } else { c }).collect();
    flat.trim().to_owned()
}

/// A Message-ID that cannot end its field.
fn id(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).take(500).collect()
}

/// The first and the newest ids; what is between is left out when there are too many.
fn references(ids: &[String], in_reply_to: Option<&str>) -> String {
    let mut all: Vec<String> = ids.iter().map(|text| id(text)).filter(|text| !text.is_empty()).collect();
    if let Some(parent) = in_reply_to.map(id)
        && all.last() != Some(&parent)
    {
        all.retain(|text| *text != parent);
        all.push(parent);
    }
    if all.len() > MOST_REFERENCES {
        all.drain(1..=all.len() - MOST_REFERENCES);
    }
    all.iter().map(|text| format!("<{text}>")).collect::<Vec<_>>().join(" ")
}

fn alternative(text: &str, html: &str) -> MultiPart {
    let plain = ContentType::parse("text/plain; charset=utf-8; format=flowed");
    let plain = plain.unwrap_or(ContentType::TEXT_PLAIN);
    MultiPart::alternative()
        .singlepart(SinglePart::builder().header(plain).body(lines::flowed(text)))
        .singlepart(SinglePart::html(lines::crlf(html)))
}

fn enclosed(name: &str, content_type: &str, bytes: Vec<u8>) -> SinglePart {
    let kind = ContentType::parse(content_type).or_else(|_| ContentType::parse("application/octet-stream"));
    let kind = kind.unwrap_or(ContentType::TEXT_PLAIN);
    // A text attachment sent as 7bit would have its line ends rewritten on the way.
    let body = match Body::new_with_encoding(bytes, ContentTransferEncoding::Base64) {
        Ok(body) => body,
        Err(bytes) => Body::new(bytes),
    };
    Attachment::new(line(name, LONGEST_NAME)).body(body, kind)
}
