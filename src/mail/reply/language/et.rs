//! Estonian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["saatja"]),
        (Label::Sent, &["saadetud"]),
        (Label::Date, &["kuupäev"]),
        (Label::To, &["adressaat", "saaja"]),
        (Label::Cc, &["koopia"]),
        (Label::Subject, &["teema"]),
    ],
    original: &["algne kiri", "algne sõnum"],
    forwarded: &["edastatud kiri", "edastatud sõnum", "edasi saadetud kiri"],
    forward_prefixes: &["edasi", "edastatud"],
    wrote: &["kirjutas", "kirjutas kuupäeval"],
    sent_from: &["saadetud minu", "saadetud seadmest"],
    ..Vocabulary::NONE
};
