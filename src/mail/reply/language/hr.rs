//! Croatian and Slovene: what mail programs write around a message.

use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    original: &["izvorna poruka", "originalna poruka", "izvirno sporočilo"],
    forwarded: &["proslijeđena poruka", "posredovano sporočilo"],
    wrote: &["napisao", "napisao/la", "je napisao", "je napisal", "je napisal/a", "piše"],
    sent_from: &["poslano s", "poslano iz"],
    ..Words::NONE
};
