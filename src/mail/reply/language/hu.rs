//! Hungarian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["feladó"]),
        (Label::Sent, &["elküldve"]),
        (Label::Date, &["dátum"]),
        (Label::To, &["címzett"]),
        (Label::Cc, &["másolat"]),
        (Label::Subject, &["tárgy"]),
    ],
    original: &["eredeti üzenet"],
    forwarded: &["továbbított üzenet"],
    forward_prefixes: &["továbbítás"],
    wrote: &["írta", "ezt írta"],
    starters: &["kp"],
    sent_from: &["iphone-ról küldve"],
    sent_from_around: &[("", "ról küldve"), ("", "ről küldve")],
    ..Vocabulary::NONE
};
