//! Persian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["از", "فرستنده"]),
        (Label::Sent, &["ارسال شده", "زمان ارسال"]),
        (Label::Date, &["تاریخ"]),
        (Label::To, &["به", "گیرنده"]),
        (Label::Cc, &["رونوشت"]),
        (Label::Subject, &["موضوع"]),
    ],
    original: &["پیام اصلی"],
    forwarded: &["پیام هدایت‌شده", "پیام بازارسال شده", "پیام ارجاع شده"],
    forward_prefixes: &["بازارسال"],
    wrote: &["نوشت", "نوشته است", "نوشته"],
    starters: &["در", "در تاریخ"],
    sent_from: &["ارسال شده از", "ارسال‌شده از"],
    ..Vocabulary::NONE
};
