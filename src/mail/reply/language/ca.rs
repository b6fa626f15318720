//! Catalan: what mail programs write around a message.

use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    wrote: &["va escriure"],
    ..Vocabulary::NONE
};
