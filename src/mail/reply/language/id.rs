//! Indonesian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["dari", "pengirim"]),
        (Label::Sent, &["dikirim"]),
        (Label::Date, &["tanggal"]),
        (Label::To, &["kepada"]),
        (Label::Subject, &["subjek", "perihal"]),
    ],
    original: &["pesan asli"],
    forwarded: &["pesan terusan"],
    forward_prefixes: &["diteruskan", "terusan"],
    wrote: &["menulis"],
    starters: &["pada"],
    sent_from: &["dikirim dari"],
    ..Vocabulary::NONE
};
