//! Thai: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["จาก"]),
        (Label::Sent, &["ส่ง", "ส่งเมื่อ"]),
        (Label::Date, &["วันที่"]),
        (Label::To, &["ถึง"]),
        (Label::Cc, &["สำเนา"]),
        (Label::Subject, &["เรื่อง", "หัวเรื่อง"]),
    ],
    original: &["ข้อความต้นฉบับ"],
    forwarded: &["ข้อความที่ส่งต่อ"],
    forward_prefixes: &["ส่งต่อ"],
    wrote: &["เขียน", "เขียนว่า"],
    ..Vocabulary::NONE
};
