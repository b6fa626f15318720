//! Serbian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["од"]),
        (Label::Sent, &["послато"]),
        (Label::Date, &["датум"]),
        (Label::To, &["за"]),
        (Label::Subject, &["наслов"]),
    ],
    original: &["оригинална порука", "изворна порука"],
    forwarded: &["прослеђена порука"],
    wrote: &["написао", "написала", "је написао", "је написао/ла", "је написала"],
    sent_from: &["послато са"],
    ..Vocabulary::NONE
};
