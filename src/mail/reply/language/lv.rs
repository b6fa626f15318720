//! Latvian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["no"]),
        (Label::Sent, &["nosūtīts", "nosūtīta"]),
        (Label::Date, &["datums"]),
        (Label::To, &["kam"]),
        (Label::Cc, &["kopija"]),
        (Label::Subject, &["tēma", "temats"]),
    ],
    original: &["sākotnējais ziņojums", "oriģinālais ziņojums"],
    forwarded: &["pārsūtīts ziņojums", "pārsūtītais ziņojums"],
    forward_prefixes: &["pārs", "pārsūtīts"],
    wrote: &["rakstīja", "raksta"],
    sent_from: &["nosūtīts no", "sūtīts no"],
    ..Vocabulary::NONE
};
