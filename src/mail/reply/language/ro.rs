//! Romanian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["de la", "expeditor"]),
        (Label::Sent, &["trimis"]),
        (Label::To, &["către"]),
        (Label::Subject, &["subiect"]),
    ],
    original: &["mesajul original", "mesaj original"],
    forwarded: &["mesaj redirecționat"],
    wrote: &["a scris"],
    starters: &["în"],
    sent_from: &["trimis de pe"],
    ..Vocabulary::NONE
};
