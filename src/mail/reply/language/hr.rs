//! Croatian and Slovene: what mail programs write around a message.

use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    original: &["izvorna poruka", "originalna poruka"],
    forwarded: &["proslijeđena poruka", "početak proslijeđene poruke"],
    wrote: &["napisao", "napisao/la", "je napisao", "napisala", "je napisala", "piše"],
    sent_from: &["poslano s", "poslano iz"],
    ..Vocabulary::NONE
};
