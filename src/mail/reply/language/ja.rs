//! Japanese: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["差出人", "送信者", "送信元"]),
        (Label::Sent, &["送信日時", "送信日"]),
        (Label::Date, &["日時", "日付"]),
        (Label::To, &["宛先", "受信者"]),
        (Label::Subject, &["件名"]),
    ],
    original: &["元のメッセージ", "オリジナルメッセージ", "original message (元のメッセージ)", "元のメール"],
    forwarded: &["転送メッセージ", "転送されたメッセージ", "転送されたメール", "ここから転送メッセージ", "以下は転送されたメッセージです"],
    forward_prefixes: &["転送"],
    wrote: &["のメール", "が書きました", "さんは書きました", "は書きました", "書き込み", "さんからの引用", "からの引用"],
    quoting: &["引用"],
    above_this_line: &["この行より上", "この線より上"],
    sent_from: &[
        "iphoneから送信", "ipadから送信", "androidから送信", "outlook for ios を入手", "windows 版のメール から送信",
        "windows のメールから送信", "私のiphoneから送信",
    ],
    sent_from_around: &[("", "から送信"), ("", "から送信しました"), ("", "からの送信"), ("", "より送信"), ("", "から送信されました")],
    devices: &["スマートフォン", "スマホ", "携帯", "メール", "アプリ"],
    legal_starts: &["このメール", "本メール", "この電子メール", "誤って"],
    legal_words: &["秘密"],
    ..Vocabulary::NONE
};
