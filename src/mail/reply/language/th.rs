//! Thai: what mail programs write around a message.

use crate::mail::reply::language::words::Words;

#[rustfmt::skip]
pub const WORDS: Words = Words {
    wrote: &["เขียน", "เขียนว่า"],
    ..Words::NONE
};
