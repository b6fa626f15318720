//! Turkish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["kimden", "gönderen"]),
        (Label::Sent, &["gönderildi", "gönderme tarihi", "gönderim tarihi", "gönderilme tarihi", "gönderilme"]),
        (Label::Date, &["tarih"]),
        (Label::To, &["kime", "alıcı", "gönderilen"]),
        (Label::Cc, &["bilgi"]),
        (Label::Subject, &["konu"]),
    ],
    original: &["özgün ileti", "orijinal ileti", "orijinal mesaj", "asıl ileti"],
    forwarded: &[
        "iletilen mesaj", "iletilmiş ileti", "yönlendirilen mesaj", "iletilen ileti", "yönlendirilmiş ileti",
        "iletilmiş mesajın başı", "başlangıç iletilen mesaj", "iletilmiş mesajın başlangıcı",
        "iletilen mesajın başlangıcı",
    ],
    forward_prefixes: &["ilt"],
    wrote: &["yazdı", "şunu yazdı", "şunları yazdı", "yazmış", "şöyle yazdı", "yazdı ki"],
    quoting: &["alıntı"],
    own_words: &["yazdım", "yazmıştım"],
    above_this_line: &["bu satırın üzerine", "bu satırın üstüne", "yanıtınızı bu satırın"],
    sent_from: &[
        "iphone'umdan gönderildi", "iphone’umdan gönderildi", "ipad'imden gönderildi", "iphone'dan gönderildi",
        "ios için outlook", "android için outlook", "samsung cihazımdan gönderildi",
    ],
    sent_from_around: &[
        ("", "dan gönderildi"), ("", "den gönderildi"), ("", "tan gönderildi"), ("", "ten gönderildi"),
        ("", "ile gönderildi"), ("", "uygulamasını edinin"),
    ],
    devices: &["cihaz"],
    footers: &["virüssüz"],
    legal_starts: &["bu e-posta", "bu mesaj", "bu ileti", "eğer bu"],
    legal_words: &["gizli"],
    legal_sure: &["gizli", "yanlışlıkla", "gönderen"],
    ..Vocabulary::NONE
};
