//! Baltic languages and Estonian: what mail programs write around a message.

use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    wrote: &["rašė", "rakstīja", "kirjutas"],
    ..Words::NONE
};
