//! Indonesian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    labels: &[
        (Label::From, &["dari"]),
    ],
    original: &["pesan asli"],
    forwarded: &["pesan terusan"],
    wrote: &["menulis"],
    starters: &["pada"],
    sent_from: &["dikirim dari"],
    ..Words::NONE
};
