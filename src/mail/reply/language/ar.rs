//! Arabic: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["من", "المرسل"]),
        (Label::Sent, &["نشرت", "تم الإرسال", "أرسلت", "تاريخ الإرسال", "إرسال"]),
        (Label::Date, &["التاريخ"]),
        (Label::To, &["إلى", "المستلم"]),
        (Label::Cc, &["نسخة"]),
        (Label::Subject, &["الموضوع"]),
    ],
    original: &["الرسالة الأصلية", "رسالة أصلية"],
    forwarded: &[
        "رسالة معاد توجيهها", "رسالة تم توجيهها", "رسالة محولة", "بداية الرسالة المعاد توجيهها",
        "بداية الرسالة المُعاد توجيهها",
    ],
    forward_prefixes: &["إعادة توجيه"],
    wrote: &["كتب", "كتبت", "تمت كتابة ما يلي بواسطة", "يكتب", "كتبتم"],
    starters: &["في", "بتاريخ"],
    quoting: &["اقتباس"],
    own_words: &["لقد كتبت"],
    above_this_line: &["فوق هذا السطر", "الرد فوق"],
    sent_from: &["أرسلت من", "تم الإرسال من", "أُرسلت من", "مرسل من", "الحصول على outlook", "احصل على outlook"],
    devices: &["هاتف", "جهاز", "جوال"],
    legal_starts: &["هذه الرسالة", "إذا لم تكن"],
    legal_words: &["سري", "مخصصة", "سرية"],
    ..Vocabulary::NONE
};
