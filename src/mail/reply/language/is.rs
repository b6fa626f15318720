//! Icelandic: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    labels: &[
        (Label::From, &["frá"]),
        (Label::To, &["til"]),
        (Label::Date, &["dagsetning"]),
        (Label::Subject, &["efni"]),
    ],
    wrote: &["skrifaði", "ritaði"],
    forwarded: &["áframsend skilaboð"],
    ..Words::NONE
};
