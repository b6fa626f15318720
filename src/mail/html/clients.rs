//! How mail programs name the elements that hold an older mail, the line above it, and a signature.
//!
//! Knows names only; what is marked and what is left out is for others.

use crate::mail::html::tokens::attribute;

/// Elements that begin an older mail, by their id. Names are compared without a prefix `x_`.
const QUOTE_IDS: &[&str] = &[
    "divrplyfwdmsg",
    "appendonsend",
    "stopspelling",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "replysplit",
    "isreplycontent",
    "oriMsgHtmlSeperator",
    "forwardbody1",
];
/// The same by the beginning of an id, by class, and by name.
const QUOTE_ID_STARTS: &[&str] = &["olk_src_body_section", "yahoo_quoted", "mailruwrapper", "orimsg"];
const QUOTE_CLASSES: &[&str] = &[
    "yahoo_quoted",
    "outlookmessageheader",
    "zmail_extra",
    "front-blockquote",
    "mail_quote",
    "tutanota_quote_outer",
    "reply_quote_outer",
];
const QUOTE_NAMES: &[&str] = &["quote", "messagereplysection"];
/// Elements that hold the line above a quote.
const INTRO_CLASSES: &[&str] = &["gmail_attr", "moz-cite-prefix", "cite-prefix"];
const INTRO_IDS: &[&str] = &["reply-intro"];
/// Elements that hold a signature, by their id, class and name.
const SIGNATURE_IDS: &[&str] = &[
    "signature",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "apple-mail-signature",
    "zm-_id_-sgn",
    "_rc_sig",
    "mail-signature",
    "protonmail_signature",
];
const SIGNATURE_ID_STARTS: &[&str] = &["bloop_sign", "ms-outlook-mobile-signature"];
const SIGNATURE_CLASSES: &[&str] = &[
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "protonmail_signature_block",
    "zmail_signature_below",
    "yahoo-signature",
    "mail-signature",
    "email-signature",
    "front-signature",
    "tutanota_signature",
];
const SIGNATURE_NAMES: &[&str] = &["messagesignaturesection"];
/// Yahoo writes a number between these.
const YAHOO: (&str, &str) = ("ydp", "signature");

/// Whether an element begins an older mail.
pub(crate) fn begins_quote(name: &str, tag: &str) -> bool {
    if !tag.contains('=') {
        return false;
    }
    let value = |attr| attribute(tag, attr).map(str::to_ascii_lowercase).unwrap_or_default();
    let id = value("id");
    let id = id.trim_start_matches("x_");
    let class = value("class");
    let named = |list: &[&str], word: &str| list.iter().any(|l| l.eq_ignore_ascii_case(word));
    let style = if name == "div" { value("style") } else { String::new() };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    // The line that Outlook draws above the header of an older mail.
    let ruled = style.contains("border-top:solid#b5c4df") || style.contains("border-top:solid#e1e1e1");
    named(QUOTE_IDS, id)
        || !id.is_empty() && QUOTE_ID_STARTS.iter().any(|s| id.starts_with(s))
        || class.split_whitespace().any(|c| named(QUOTE_CLASSES, c.trim_start_matches("x_")))
        || name == "div" && named(QUOTE_NAMES, &value("name"))
        || ruled
}

/// Whether an element holds the line above a quote.
pub(crate) fn introduces(tag: &str) -> bool {
    tag.contains('=')
        && (attribute(tag, "class").is_some_and(|v| v.split_whitespace().any(|c| INTRO_CLASSES.contains(&c)))
            || attribute(tag, "id").is_some_and(|v| INTRO_IDS.contains(&v)))
}

/// Whether an element holds a signature.
pub(crate) fn begins_signature(name: &str, tag: &str) -> bool {
    if !tag.contains('=') || matches!(name, "br" | "hr" | "img" | "td" | "tr" | "table" | "body" | "html") {
        return false;
    }
    let value = |attr| attribute(tag, attr).map(str::to_ascii_lowercase).unwrap_or_default();
    let (id, class) = (value("id"), value("class"));
    let id = id.trim_start_matches("x_");
    let by_class = |class: &str| {
        let class = class.trim_start_matches("x_");
        let is_yahoo = class.starts_with(YAHOO.0) && class.ends_with(YAHOO.1);
        is_yahoo || SIGNATURE_CLASSES.contains(&class)
    };
    SIGNATURE_IDS.contains(&id)
        || SIGNATURE_ID_STARTS.iter().any(|start| id.starts_with(start))
        || class.split_whitespace().any(by_class)
        || name == "div" && SIGNATURE_NAMES.contains(&value("name").as_str())
}
