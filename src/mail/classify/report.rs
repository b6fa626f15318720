//! Reports that mail systems write about other mails: bounces, delays, receipts and complaints.
//!
//! Whether we really sent what is reported on is for `desk` to check.

use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::Class;
use crate::mail::classify::bounce;
use crate::mail::classify::enclosed;
use crate::mail::classify::enclosed::Report;
use crate::mail::classify::phrases;
use crate::mail::classify::rejection;

/// How long a receipt in words may be, in bytes.
const RECEIPT: usize = 2000;

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
    if let Some(rejected) = rejection::read(mail) {
        return Some(rejected);
    }
    let receipt = part("message/disposition-notification");
    if receipt.is_some() || kind.contains("report-type=disposition-notification") {
        let named = receipt.and_then(|r| enclosed::message_id(&r.data, "original-message-id"));
        let report = plain(mail, Class::ReadReceipt, "message/disposition-notification");
        return Some(Report { returned_message_id: named.or(report.returned_message_id), ..report });
    }
    if is_receipt(mail) {
        return Some(plain(mail, Class::ReadReceipt, "words of a receipt"));
    }
    match enclosed::all_of(mail, &["message/delivery-status", "message/global-delivery-status"]) {
        Some(status) => Some(delivery(mail, &status)),
        None => bounce::read(mail).map(|found| enclosed::nested(mail, wrapped).unwrap_or(found)),
    }
}

/// The report in a mail that a gateway has wrapped.
fn wrapped(mail: &Mail) -> Option<Report> {
    match enclosed::all_of(mail, &["message/delivery-status", "message/global-delivery-status"]) {
        Some(status) => Some(delivery(mail, &status)),
        None => rejection::read(mail),
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

/// Reads a report whose status is in a part of its own.
fn delivery(mail: &Mail, status: &str) -> Report {
    let mut bounces = enclosed::recipients(status);
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
    let passing = words.contains("deferred") || text.trim().is_empty() || bounce::is_still_tried(&words);
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
        returned_message_id: enclosed::message_id_of_mail(mail),
    }
}
