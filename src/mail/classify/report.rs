//! Reports that mail systems write about other mails: bounces, delays, receipts and complaints.
//!
//! Whether we really sent what is reported on is for `desk` to check.

use crate::mail::Attachment;
use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::BounceKind;
use crate::mail::classify::Class;
use crate::mail::classify::bounce;
use crate::mail::classify::phrases;
use crate::mail::classify::status;
use crate::mail::parse;
use crate::mail::parse::field;
use crate::mail::parse::word;

/// How many recipients of one report are kept.
const RECIPIENTS: usize = 100;
/// How much of a diagnostic is kept, in characters.
const DIAGNOSTIC: usize = 500;
/// How long a receipt in words may be, in bytes.
const RECEIPT: usize = 2000;

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
    let kind: String = kind.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    let part = |name: &str| mail.attachments.iter().find(|a| a.content_type == name);
    if part("message/feedback-report").is_some() || kind.contains("report-type=feedback-report") {
        return Some(plain(mail, Class::FeedbackReport, "message/feedback-report"));
    }
    if is_complaint(mail) {
        return Some(plain(mail, Class::FeedbackReport, "subject of a complaint"));
    }
    let receipt = part("message/disposition-notification");
    if receipt.is_some() || kind.contains("report-type=disposition-notification") {
        let named = receipt.and_then(|r| message_id(&r.data, "original-message-id"));
        let report = plain(mail, Class::ReadReceipt, "message/disposition-notification");
        return Some(Report { returned_message_id: named.or(report.returned_message_id), ..report });
    }
    if is_receipt(mail) {
        return Some(plain(mail, Class::ReadReceipt, "words of a receipt"));
    }
    match part("message/delivery-status").or_else(|| part("message/global-delivery-status")) {
        Some(status) => Some(delivery(mail, status)),
        None => bounce::read(mail),
    }
}

/// A complaint that a provider passes on in a form of its own.
fn is_complaint(mail: &Mail) -> bool {
    let subject = mail.subject.to_lowercase();
    let local = mail.author().map(|a| a.address.split('@').next().unwrap_or_default().to_ascii_lowercase());
    phrases::COMPLAINT_SUBJECTS.iter().any(|s| subject.starts_with(s))
        && local.is_some_and(|l| phrases::COMPLAINT_ADDRESSES.contains(&l.as_str()))
}

/// A receipt in words, as programs write it that do not know RFC 8098. It is short, and nobody wants it back.
fn is_receipt(mail: &Mail) -> bool {
    let automatic = mail.return_path.as_deref() == Some("")
        || mail
            .header("auto-submitted")
            .is_some_and(|v| v.trim_start().to_ascii_lowercase().starts_with("auto-"));
    let subject = mail.subject.trim().to_lowercase();
    automatic
        && mail.text.len() < RECEIPT
        && phrases::RECEIPT_SUBJECTS.iter().any(|s| subject.starts_with(s))
        && {
            let text = mail.text.to_lowercase();
            phrases::RECEIPT_TEXTS.iter().any(|said| text.contains(said))
        }
}

/// The message or header block that a report encloses.
pub fn enclosed(mail: &Mail) -> Option<&Attachment> {
    let wanted = |a: &&Attachment| {
        a.content_type.starts_with("message/rfc822")
            || a.content_type == "text/rfc822-headers"
            || a.content_type == "message/global"
    };
    mail.attachments.iter().find(wanted)
}

/// The Message-ID of the mail that is enclosed.
pub fn returned_message_id(mail: &Mail) -> Option<String> {
    message_id(&enclosed(mail)?.data, "message-id")
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
        out.push(Bounce { recipient, original, action, status, diagnostic, kind });
        if out.len() == RECIPIENTS {
            break;
        }
    }
    out
}

/// Reads a report whose status is in a part of its own.
fn delivery(mail: &Mail, part: &Attachment) -> Report {
    let mut bounces = recipients(&String::from_utf8_lossy(&part.data));
    let (text, original) = bounce::parts(bounce::head(&mail.text));
    if bounces.is_empty() {
        bounces = bounce::recipients(mail, text, original, "failed");
    }
    let any = |action: &str| bounces.iter().any(|b| b.action == action);
    let good = |b: &Bounce| matches!(b.action.as_str(), "delivered" | "relayed" | "expanded");
    let class = if bounces.is_empty() || any("failed") && !is_passing(mail, text, &bounces) {
        Class::Bounce
    } else if any("delayed") || any("failed") {
        Class::Delay
    } else if bounces.iter().all(good) {
        Class::ReadReceipt
    } else {
        Class::Bounce
    };
    let action = bounces.first().map_or("unreadable", |b| b.action.as_str());
    let reason = format!("delivery-status: {action}");
    Report { reason, bounces, ..plain(mail, class, "") }
}

/// Whether all errors are of the passing kind (4.y.z), the report calls them so or says nothing, and the
/// sender did not give up. The action stays `failed` in each recipient's entry.
fn is_passing(mail: &Mail, text: &str, bounces: &[Bounce]) -> bool {
    let words = format!("{} {text}", mail.subject).to_lowercase();
    let failed = |b: &&Bounce| b.action == "failed";
    let said = bounces
        .iter()
        .filter(failed)
        .any(|b| phrases::GIVEN_UP.iter().any(|p| b.diagnostic.to_lowercase().contains(p)));
    let passing = words.contains("deferred") || text.trim().is_empty();
    passing
        && bounces.iter().filter(failed).all(|b| b.status.starts_with('4'))
        && !said
        && !phrases::GIVEN_UP.iter().any(|p| words.contains(p))
}

fn plain(mail: &Mail, class: Class, reason: &str) -> Report {
    Report {
        class,
        reason: reason.to_owned(),
        bounces: Vec::new(),
        returned_message_id: returned_message_id(mail),
    }
}

fn names_recipient(group: &str) -> bool {
    let small = group.to_ascii_lowercase();
    small.contains("final-recipient:") || small.contains("original-recipient:")
}

fn bare(address: &str) -> String {
    address.trim().trim_matches(['<', '>', '"', ' ']).to_ascii_lowercase()
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
