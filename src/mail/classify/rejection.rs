//! Rejections that mailbox servers send as if they were receipts (Sieve's `reject`, RFC 5429, and full mailboxes).
//!
//! A mail that was deleted unread by a person is none: both words and disposition must say so.

use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::Class;
use crate::mail::classify::bounce;
use crate::mail::classify::enclosed;
use crate::mail::classify::enclosed::Report;
use crate::mail::classify::status;
use crate::mail::parse::field;
use crate::mail::parse::word;

/// How much of the words for people is read.
const TEXT: usize = 4000;

/// Words that a server would not take a mail, in what looks like a receipt.
#[rustfmt::skip]
const REJECTED: &[&str] = &[
    "reject", "refused", "quota", "mailbox full", "mailbox is full", "over limit", "zurückgewiesen", "abgelehnt",
    "abgewiesen", "postfach voll", "konto voll", "rejeté", "refusé", "boîte pleine", "rechazad", "buzón lleno",
    "rifiutat", "respint", "casella piena", "rejeitad", "recusad", "caixa cheia", "geweigerd", "afgewezen",
    "avvisad", "avvisat", "avvist", "afvist", "hylätty", "odrzucon", "odmítnut", "odmietnut", "отклонен",
    "отклонён", "відхилен", "reddedildi", "απορρίφθηκε", "נדחתה", "رفض", "拒收", "拒绝", "拒絕", "拒否", "거부",
    "elutasít", "respins",
];

/// Words that a mail was deleted by somebody who did not read it.
#[rustfmt::skip]
const UNREAD: &[&str] = &[
    "without being read", "not read:", "unread", "ungelesen", "sans avoir été lu", "non lu", "sin leer", "sin ser leíd",
    "senza essere lett", "non lett", "sem ser lid", "não lid", "ongelezen", "niet gelezen", "utan att läsas", "oläst",
    "uden at blive læst", "ikke læst", "uten å bli lest", "ikke lest", "lukematta", "bez przeczytania", "bez přečtení",
    "непрочитан", "не прочитано", "okunmadan", "未读", "未讀", "未開封", "읽지 않",
];

/// Reads a receipt as a rejection, if it is one.
pub(crate) fn read(mail: &Mail) -> Option<Report> {
    let fields = enclosed::all_of(mail, &["message/disposition-notification"])?;
    let small: String = fields.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let disposition = small.split_once("disposition:automatic-action/")?.1;
    let (_, kind) = disposition.split_once(';')?;
    let is_refused = ["deleted", "denied", "failed"].iter().any(|word| kind.starts_with(word));
    let text = &mail.text[..mail.text.floor_char_boundary(TEXT)];
    let words = format!("{}\n{text}", mail.subject).to_lowercase();
    let says = |any: &[&str]| any.iter().any(|word| words.contains(word));
    if !is_refused || says(UNREAD) || !says(REJECTED) {
        return None;
    }
    let block = field::split(fields.trim_start().as_bytes(), 16 * 1024, &mut Vec::new());
    let named = block.first("original-message-id").map(|v| word::decode(v, None));
    let id = named.and_then(|id| crate::mail::parse::ids(&id).into_iter().next());
    let mut bounces = enclosed::recipients(&fields);
    for bounce in &mut bounces {
        fill(bounce, text);
    }
    Some(Report {
        class: Class::Bounce,
        reason: "disposition-notification: rejected".to_owned(),
        bounces,
        returned_message_id: id.or_else(|| enclosed::message_id_of_mail(mail)),
    })
}

/// What such a report says of a recipient only stands in its words.
fn fill(bounce: &mut Bounce, text: &str) {
    "failed".clone_into(&mut bounce.action);
    if bounce.diagnostic.is_empty() {
        bounce.diagnostic = bounce::one_line(text);
    }
    if bounce.status.is_empty() {
        bounce.status = status::enhanced(text).unwrap_or_default();
    }
    bounce.kind = status::kind(&bounce.status, &bounce.diagnostic);
}
