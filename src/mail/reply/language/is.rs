//! Icelandic: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["frá"]),
        (Label::To, &["til"]),
        (Label::Date, &["dagsetning"]),
        (Label::Subject, &["efni"]),
    ],
    wrote: &["skrifaði", "ritaði"],
    forwarded: &["áframsend skilaboð"],
    ..Vocabulary::NONE
};
