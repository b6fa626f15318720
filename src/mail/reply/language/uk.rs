//! Ukrainian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["від", "відправник"]),
        (Label::Sent, &["надіслано", "відправлено", "надіслані"]),
        (Label::Date, &["дата/час"]),
        (Label::To, &["отримувач", "одержувач"]),
        (Label::Cc, &["копія", "копію"]),
    ],
    original: &["оригінальне повідомлення", "вихідне повідомлення", "початкове повідомлення"],
    forwarded: &[
        "переслане повідомлення", "пересилане повідомлення", "початок переадресованого повідомлення",
        "переслане письмо",
    ],
    wrote: &["написав", "написала(в)", "пише", "писав"],
    starters: &["у"],
    quoting: &["цитування"],
    own_words: &["я написав", "я писав"],
    above_this_line: &["вище цього рядка", "над цим рядком", "відповідайте вище"],
    sent_from: &[
        "надіслано з", "надіслано із", "відправлено з", "отримайте outlook", "отримати outlook",
        "завантажити outlook", "відправлено із",
    ],
    devices: &["мобіл", "пристро"],
    legal_starts: &["це повідомлення", "якщо ви не є"],
    legal_words: &["конфіденційн"],
    legal_sure: &["конфіденційн", "помилково", "відправник"],
    ..Vocabulary::NONE
};
