//! Croatian and Slovene: what mail programs write around a message.

use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    original: &["izvorna poruka", "originalna poruka"],
    forwarded: &["proslijeđena poruka", "početak proslijeđene poruke"],
    wrote: &["napisao", "napisao/la", "je napisao", "napisala", "je napisala", "piše"],
    sent_from: &["poslano s", "poslano iz"],
    ..Words::NONE
};
