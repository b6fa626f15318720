//! Hindi: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["प्रेषक"]),
        (Label::Sent, &["भेजा गया"]),
        (Label::Date, &["दिनांक"]),
        (Label::To, &["प्रति"]),
        (Label::Subject, &["विषय"]),
    ],
    forwarded: &["अग्रेषित संदेश"],
    wrote: &["ने लिखा", "लिखा"],
    ..Vocabulary::NONE
};
