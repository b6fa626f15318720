//! Bulgarian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    labels: &[
        (Label::Subject, &["относно"]),
    ],
    original: &["оригинално съобщение"],
    forwarded: &["препратено съобщение"],
    wrote: &["написа"],
    starters: &["на"],
    ..Words::NONE
};
