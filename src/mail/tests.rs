//! Mails of every kind that was once read wrongly, each told in a few lines.
//!
//! Looks at whole messages only; what a module does by itself is tested beside it.

mod answers;
mod cards;
mod contents;
mod first;
mod forwards;
mod growth;
mod nested;
mod odd;
mod openings;
mod passed_on;
mod quotes;
mod reports;
mod returned;
mod salvage;
mod words;

use crate::mail::Mail;
use crate::mail::classify::Own;
use crate::mail::classify::Verdict;
use crate::mail::classify::judge;
use crate::mail::parse;
use crate::mail::parse::Limits;

fn read(raw: impl AsRef<[u8]>) -> Mail {
    parse::parse(raw.as_ref(), &Limits::default())
}

fn judged(raw: impl AsRef<[u8]>) -> Verdict {
    let own = Own { addresses: vec!["help@desk.test".to_owned()], ..Own::default() };
    judge::judge(&read(raw), &own)
}

/// A mail of one text part with this subject, and perhaps more fields.
fn plain(subject: &str, text: &str) -> String {
    format!(
        "From: Ida <ida@customer.test>\nTo: help@desk.test\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    )
}

fn html(subject: &str, markup: &str) -> String {
    format!(
        "From: Ida <ida@customer.test>\nTo: help@desk.test\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{markup}"
    )
}
