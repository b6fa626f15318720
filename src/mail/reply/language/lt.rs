//! Baltic languages and Estonian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["nuo", "siuntėjas"]),
        (Label::Sent, &["išsiųsta"]),
        (Label::To, &["gavėjas"]),
        (Label::Subject, &["tema"]),
    ],
    original: &["pradinis laiškas"],
    forwarded: &["persiųstas laiškas", "persiųstas pranešimas"],
    forward_prefixes: &["persiųsta"],
    wrote: &["rašė", "parašė"],
    ..Vocabulary::NONE
};
