//! What the words of a mail server that refuses speak of, in several languages.
//!
//! Knows nothing of status codes, messages or recipients.

const FULL: &[&str] = &[
    "quota",
    "mailbox full",
    "mailbox is full",
    "mailfolder is full",
    "over storage",
    "insufficient storage",
    "exceeded the local limit",
];
const LARGE: &[&str] = &["too large", "size limit", "message size", "too big"];
const REFUSED: &[&str] =
    &["spam", "blocked", "blacklist", "policy", "reputation", "denied", "dmarc", "relay"];
const UNKNOWN: &[&str] = &[
    "unknown",
    "no such",
    "not found",
    "not exist",
    "invalid address",
    "invalid recipient",
    "not recognized",
    "not listed",
    "no valid recipients",
    "doesn't have",
    "not a known",
    "nicht gefunden",
    "existiert nicht",
    "introuvable",
    "no existe",
    "non esiste",
    "não existe",
    "bestaat niet",
    "не существует",
    "не найден",
    "存在しない",
    "見つかり",
    "不存在",
    "존재하지",
];

/// What a server's words speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    Full,
    Large,
    Unknown,
    Refused,
}

/// What the words of a refusal, in lower case, speak of.
pub(crate) fn by_words(words: &str) -> Option<Meant> {
    let says = |any: &[&str]| any.iter().any(|word| words.contains(word));
    if says(FULL) {
        Some(Meant::Full)
    } else if says(LARGE) {
        Some(Meant::Large)
    } else if says(UNKNOWN) {
        Some(Meant::Unknown)
    } else if says(REFUSED) {
        Some(Meant::Refused)
    } else {
        None
    }
}
