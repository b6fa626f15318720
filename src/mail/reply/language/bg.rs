//! Bulgarian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::Subject, &["относно"]),
    ],
    original: &["оригинално съобщение"],
    forwarded: &["препратено съобщение"],
    wrote: &["написа"],
    starters: &["на"],
    ..Vocabulary::NONE
};
