//! Chinese: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["发件人", "發件人", "寄件者", "寄件人", "发信人"]),
        (Label::Sent, &[
            "发送时间", "發送時間", "發送日期", "寄件日期", "傳送日期", "已傳送", "傳送時間", "寄件時間", "發送於", "已发送", "发送日期", "送信时间",
        ]),
        (Label::Date, &["日期", "时间", "時間", "日期时间"]),
        (Label::To, &["收件人", "收件者", "收信人"]),
        (Label::Cc, &["抄送", "副本", "抄送至", "抄送人", "複本"]),
        (Label::Subject, &["主题", "主題", "主旨"]),
    ],
    original: &["原始邮件", "原邮件", "原始郵件", "原始訊息", "原始信息", "回复的原邮件", "回复邮件"],
    forwarded: &[
        "转发的邮件", "转发邮件", "转发邮件信息", "轉寄的郵件", "轉寄郵件", "开始转发的邮件", "开始转发邮件", "被转发邮件", "下面是被转发的邮件", "以下是轉寄的郵件",
        "以下是轉寄的信件", "開始轉寄郵件", "转发的消息", "已转发的邮件", "轉寄的訊息",
    ],
    forward_prefixes: &["转发", "轉寄"],
    wrote: &["写道", "寫道", "写到", "來信", "写信给", "寫到"],
    starters: &["在", "于"],
    above_this_line: &["在此行上方", "在这行上方", "在此行以上", "此行上方"],
    sent_from: &[
        "发自我的", "发送自", "從我的", "从我的", "來自我的", "来自我的", "發自我的", "获取 outlook", "取得 outlook", "通过 outlook", "发自",
        "寄件自", "傳送自", "来自 outlook", "来自outlook", "来自 iphone", "来自我", "從我", "获取适用于", "获取outlook",
    ],
    sent_from_around: &[
        ("从", "发送"), ("由", "发送"), ("通过", "发送"), ("從", "發送"), ("從", "傳送"), ("由", "傳送"), ("透過", "傳送"),
    ],
    devices: &["手机", "手機", "小米", "华为", "邮箱", "邮件", "客户端", "信箱", "郵件"],
    footer_headings: &["免责声明", "免責聲明", "保密声明"],
    legal_starts: &["本邮件", "此邮件", "本郵件", "本電子郵件", "如果您", "若您", "若非"],
    legal_words: &["机密", "機密", "保密", "机密信息"],
    ..Vocabulary::NONE
};
