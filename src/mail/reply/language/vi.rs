//! Vietnamese: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["từ", "người gửi"]),
        (Label::Sent, &["đã gửi"]),
        (Label::To, &["tới", "đến", "người nhận"]),
        (Label::Date, &["ngày"]),
        (Label::Subject, &["chủ đề"]),
    ],
    original: &["tin nhắn gốc"],
    forwarded: &["tin nhắn được chuyển tiếp"],
    forward_prefixes: &["chuyển tiếp"],
    wrote: &["đã viết", "viết"],
    starters: &["vào"],
    sent_from: &["được gửi từ"],
    ..Vocabulary::NONE
};
