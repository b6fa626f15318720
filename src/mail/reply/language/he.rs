//! Hebrew: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["מאת", "המוצא", "שולח"]),
        (Label::Sent, &["נשלח", "נשלח ב", "נשלח בתאריך"]),
        (Label::Date, &["תאריך", "תאריך ושעה"]),
        (Label::To, &["אל", "נמען"]),
        (Label::Cc, &["עותק"]),
        (Label::Subject, &["נושא"]),
    ],
    original: &["הודעה מקורית", "ההודעה המקורית"],
    forwarded: &["הודעה שהועברה", "תחילת ההודעה שהועברה", "הודעה מועברת"],
    forward_prefixes: &["הועבר"],
    wrote: &["כתב", "כתבה", "כתב/ה", "כתב(ה)"],
    starters: &["בתאריך", "ב", "ביום"],
    quoting: &["ציטוט"],
    own_words: &["כתבתי"],
    above_this_line: &["מעל שורה זו", "מעל לשורה זו", "השב מעל"],
    sent_from: &[
        "נשלח מה", "נשלח מ", "הורד את outlook", "השג את outlook", "קבל את outlook", "קבלת outlook",
        "נשלח באמצעות",
    ],
    devices: &["טלפון", "סמארטפון", "מכשיר"],
    legal_starts: &["הודעה זו", "המידע", "אם אינך"],
    legal_words: &["סודי", "חסוי"],
    ..Vocabulary::NONE
};
