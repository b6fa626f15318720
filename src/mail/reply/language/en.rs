//! English: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["from"]),
        (Label::Sent, &["sent", "sent at", "sent on", "dispatched"]),
        (Label::Date, &["date"]),
        (Label::To, &["to"]),
        (Label::Cc, &["cc", "bcc"]),
        (Label::Subject, &["subject"]),
        (Label::ReplyTo, &[
            "reply-to", "reply to", "attachments", "importance", "priority", "organization", "cc to",
            "mailed-by", "signed-by", "security",
        ]),
    ],
    original: &[
        "original message", "original mail", "original email", "original e-mail", "reply message",
        "replied message",
    ],
    forwarded: &[
        "forwarded message", "forwarded mail", "forwarded email", "forwarded by", "begin forwarded message",
        "start of forwarded message", "forward message", "forwarded email message",
    ],
    forward_prefixes: &["fwd", "fw", "i"],
    wrote: &["wrote", "writes", "has written", "said"],
    starters: &["on", "at", "yb", "date", "date:"],
    quoting: &["quoting", "citing"],
    own_words: &["i wrote", "i said", "we wrote"],
    above_this_line: &[
        "reply above this line", "type your reply above this line", "write your reply above this line",
        "respond above this line", "reply above the line", "add your reply above this line",
        "enter your reply above this line", "replies above this line", "reply above this text",
        "above this line to reply", "write above this line", "respond by replying above this line",
        "text above this line", "write your response above", "edit anything below this line",
        "nothing below this line", "do not reply below this line",
    ],
    sent_from: &[
        "sent via", "sent with", "sent using", "sent on the go", "sent with sparrow", "get outlook for",
        "download outlook for", "get bluemail for", "composed on", "written from my", "typed on my",
        "sent from", "sent on the move", "sent by my", "sent by outlook", "please excuse", "please forgive",
        "excuse the", "excuse any", "excuse my", "apologies for", "yahoo mail:", "typed with", "typed on",
        "dictated",
    ],
    devices: &[
        "iphone", "ipad", "ipod", "android", "galaxy", "samsung", "blackberry", "outlook", "phone",
        "smartphone", "mobile", "mobil", "handy", "huawei", "honor", "xiaomi", "redmi", "oppo", "oneplus",
        "nokia", "motorola", "xperia", "aquos", "pixel", "windows", "mail", "gmail", "yahoo", "proton", "tuta",
        "icloud", "aol", "app", "device", "tablet", "macbook", "surface", "brevity", "typo", "thumbs",
    ],
    footers: &[
        "unsubscribe:", "unsubscribe from", "you received this message because you", "you are receiving this",
        "please consider the environment", "please think of the environment", "think before you print",
        "save a tree", "virus-free", "this email has been checked for viruses",
        "this e-mail has been checked for viruses", "this email has been scanned",
        "this message has been scanned", "scanned by", "get your free", "do you yahoo", "ᐧ",
        "to unsubscribe from", "to unsubscribe,", "to unsubscribe:", "to unsubscribe send",
        "to unsubscribe, send", "to unsubscribe click", "to unsubscribe please", "to unsubscribe or",
        "p please consider", "please do not print", "do you really need to print", "go green",
        "internal use - confidential", "company confidential",
    ],
    footer_headings: &[
        "disclaimer", "legal disclaimer", "email disclaimer", "legal notice", "confidentiality notice",
        "important notice", "confidential",
    ],
    legal_starts: &[
        "this e-mail", "this email", "this message", "this communication", "this transmission",
        "the information", "the contents of this", "confidential", "disclaimer", "legal notice", "privileged",
        "notice", "important", "caution", "privacy", "if you are not the", "if you have received this",
        "any views", "all information", "internet communications", "e-mail confidentiality",
        "email confidentiality", "warning", "the sender",
    ],
    legal_words: &[
        "confidential", "intended recipient", "intended only", "intended solely", "privileged", "virus",
        "unauthorized", "unauthorised", "addressee", "in error",
    ],
    legal_sure: &[
        "confidential", "privileged", "intended recipient", "in error", "notify", "delete", "destroy",
        "solely", "disclos", "unauthori", "viruses",
    ],
    imprint: &[
        "registered in", "registered office", "registration number", "company number", "company no", "vat no",
        "vat reg",
    ],
    ..Vocabulary::NONE
};
