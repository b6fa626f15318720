//! Reports that mail systems write about other mails: bounces, delays, receipts and complaints.
//!
//! Whether we really sent what is reported on is for `desk` to check.

use crate::mail::Attachment;
use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::BounceKind;
use crate::mail::classify::Class;
use crate::mail::classify::status;
use crate::mail::parse;
use crate::mail::parse::field;
use crate::mail::parse::word;

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

/// Reads a message as a report, if it is one.
pub fn read(mail: &Mail) -> Option<Report> {
    let kind = mail.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let part = |name: &str| mail.attachments.iter().find(|a| a.content_type == name);
    if part("message/feedback-report").is_some() || kind.contains("report-type=feedback-report") {
        return Some(plain(mail, Class::FeedbackReport, "message/feedback-report"));
    }
    if part("message/disposition-notification").is_some() {
        return Some(plain(mail, Class::ReadReceipt, "message/disposition-notification"));
    }
    let status = part("message/delivery-status").or_else(|| part("message/global-delivery-status"))?;
    let bounces = recipients(status);
    let actions: Vec<&str> = bounces.iter().map(|b| b.action.as_str()).collect();
    let class = if actions.is_empty() || actions.contains(&"failed") {
        Class::Bounce
    } else if actions.contains(&"delayed") {
        Class::Delay
    } else if actions.iter().all(|a| matches!(*a, "delivered" | "relayed" | "expanded")) {
        Class::ReadReceipt
    } else {
        Class::Bounce
    };
    let reason = format!("delivery-status: {}", actions.first().unwrap_or(&"unreadable"));
    Some(Report { reason, bounces, ..plain(mail, class, "") })
}

/// The Message-ID of the mail that is enclosed.
pub fn returned_message_id(mail: &Mail) -> Option<String> {
    let enclosed = |a: &&Attachment| {
        a.content_type.starts_with("message/rfc822") || a.content_type == "text/rfc822-headers"
    };
    mail.attachments.iter().filter(enclosed).find_map(|a| {
        let block = field::split(&a.data, 64 * 1024, &mut Vec::new());
        let value = block.first("message-id").map(|v| word::decode(v, None))?;
        parse::ids(&value).into_iter().next()
    })
}

fn plain(mail: &Mail, class: Class, reason: &str) -> Report {
    Report {
        class,
        reason: reason.to_owned(),
        bounces: Vec::new(),
        returned_message_id: returned_message_id(mail),
    }
}

/// The per-recipient blocks of RFC 3464. The first block is about the whole message.
fn recipients(part: &Attachment) -> Vec<Bounce> {
    let text = String::from_utf8_lossy(&part.data).replace("\r\n", "\n");
    let mut out: Vec<Bounce> = Vec::new();
    for group in text.split("\n\n") {
        let block = field::split(group.trim_start().as_bytes(), 16 * 1024, &mut Vec::new());
        let value = |name: &str| block.first(name).map(|v| word::decode(v, None)).unwrap_or_default();
        let typed =
            |name: &str| value(name).split_once(';').map_or(value(name), |(_, v)| v.trim().to_owned());
        let (last, first) = (bare(&typed("final-recipient")), bare(&typed("original-recipient")));
        if last.is_empty() && first.is_empty() {
            continue;
        }
        let action = value("action").split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let diagnostic: String = typed("diagnostic-code").chars().take(DIAGNOSTIC).collect();
        let status = status::enhanced(&value("status")).unwrap_or_default();
        let kind = status::kind(&status, &diagnostic);
        let recipient = if last.is_empty() { first.clone() } else { last };
        let original = Some(first).filter(|f| !f.is_empty() && *f != recipient);
        out.push(Bounce { recipient, original, action, status, diagnostic, kind });
        if out.len() == RECIPIENTS {
            break;
        }
    }
    out
}

fn bare(address: &str) -> String {
    address.trim().trim_matches(['<', '>', '"', ' ']).to_lowercase()
}

impl Default for Bounce {
    fn default() -> Self {
        Self {
            recipient: String::new(),
            original: None,
            action: String::new(),
            status: String::new(),
            diagnostic: String::new(),
            kind: BounceKind::Transient,
        }
    }
}
