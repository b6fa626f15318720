//! Slovenian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::Sent, &["poslano"]),
        (Label::To, &["za"]),
        (Label::Subject, &["zadeva"]),
    ],
    original: &["izvirno sporočilo"],
    forwarded: &["posredovano sporočilo", "začetek posredovanega sporočila"],
    forward_prefixes: &["posredovano"],
    wrote: &["je napisal", "je napisala", "je napisal/a", "napisal", "napisala"],
    starters: &["v", "dne"],
    sent_from: &["poslano iz", "poslano z"],
    ..Vocabulary::NONE
};
