//! What a report carries: the fields for each recipient (RFC 3464), and the mail that came back.
//!
//! Does not decide whether a message is a report, nor of which kind.

use crate::mail::Attachment;
use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::Class;
use crate::mail::classify::status;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::parse::field;
use crate::mail::parse::word;

/// How many status parts are read, and how deep a report may be wrapped.
const PARTS: usize = 20;
const NESTED: usize = 3;
/// How many recipients of one report are kept.
const RECIPIENTS: usize = 100;
/// How much of a diagnostic is kept, in characters.
const DIAGNOSTIC: usize = 500;

/// A report, read.
#[derive(Clone, Debug)]
pub struct Report {
    pub class: Class,
    pub reason: String,
    pub bounces: Vec<Bounce>,
    pub returned_message_id: Option<String>,
}

/// The message or header block that a report encloses.
pub(crate) fn mail_within(mail: &Mail) -> Option<&Attachment> {
    let wanted = |a: &&Attachment| {
        a.content_type.starts_with("message/rfc822")
            || a.content_type == "text/rfc822-headers"
            || a.content_type == "message/global"
    };
    mail.attachments.iter().find(wanted)
}

/// The Message-ID of the mail that is enclosed.
pub(crate) fn message_id_of_mail(mail: &Mail) -> Option<String> {
    message_id(&mail_within(mail)?.data, "message-id")
}

/// What all parts of these types say, one below the other. Some systems write one for people and one for programs.
pub(crate) fn all_of(mail: &Mail, types: &[&str]) -> Option<String> {
    let parts = mail.attachments.iter().filter(|a| types.contains(&a.content_type.as_str())).take(PARTS);
    let texts: Vec<_> = parts.map(|a| String::from_utf8_lossy(&a.data)).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// A report inside of a message that is enclosed, as gateways wrap what they got; the innermost counts.
pub(crate) fn nested(mail: &Mail, read: impl Fn(&Mail) -> Option<Report>) -> Option<Report> {
    let mut inner = parse::parse(&message_within(mail)?.data, &Limits::default());
    for _ in 0..NESTED {
        if let Some(found) = read(&inner).filter(|report| !report.bounces.is_empty()) {
            return Some(found);
        }
        inner = parse::parse(&message_within(&inner)?.data, &Limits::default());
    }
    None
}

fn message_within(mail: &Mail) -> Option<&Attachment> {
    mail.attachments.iter().find(|a| matches!(a.content_type.as_str(), "message/rfc822" | "message/global"))
}

/// A Message-ID in a field of a header block.
pub fn message_id(raw: &[u8], field: &str) -> Option<String> {
    let block = field::split(raw.trim_ascii_start(), 64 * 1024, &mut Vec::new());
    let value = block.first(field).map(|v| word::decode(v, None))?;
    parse::ids(&value).into_iter().next()
}

/// The per-recipient blocks of RFC 3464, in a part of their own or in the midst of a text.
pub fn recipients(text: &str) -> Vec<Bounce> {
    let mut out: Vec<Bounce> = Vec::new();
    for group in text.replace("\r\n", "\n").split("\n\n").filter(|g| names_recipient(g)) {
        let block = field::split(group.trim_start().as_bytes(), 16 * 1024, &mut Vec::new());
        let value = |name: &str| block.first(name).map(|v| word::decode(v, None)).unwrap_or_default();
        let typed =
            |name: &str| value(name).split_once(';').map_or(value(name), |(_, v)| v.trim().to_owned());
        let (last, first) = (bare(&typed("final-recipient")), bare(&typed("original-recipient")));
        if last.is_empty() && first.is_empty() {
            continue;
        }
        let action = value("action").split([' ', ';', '(']).next().unwrap_or_default().to_ascii_lowercase();
        let diagnostic: String = typed("diagnostic-code").chars().take(DIAGNOSTIC).collect();
        let status = status::best(&value("status"), &diagnostic);
        let kind = status::kind(&status, &diagnostic);
        let recipient = if last.is_empty() { first.clone() } else { last };
        let original = Some(first).filter(|f| !f.is_empty() && *f != recipient);
        if out.iter().any(|known| known.recipient == recipient) {
            continue;
        }
        out.push(Bounce { recipient, original, action, status, diagnostic, kind });
        if out.len() == RECIPIENTS {
            break;
        }
    }
    out
}

fn names_recipient(group: &str) -> bool {
    let small = group.to_ascii_lowercase();
    small.contains("final-recipient:") || small.contains("original-recipient:")
}

fn bare(address: &str) -> String {
    address.trim().trim_matches(['<', '>', '"', ' ']).to_ascii_lowercase()
}
