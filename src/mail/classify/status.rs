//! Status codes of mail servers: finding them in a text, and what they mean for the next mail.
//!
//! Knows nothing of messages or recipients.

use crate::mail::classify::BounceKind;
use crate::mail::classify::blame;
use crate::mail::classify::refusal;
use crate::mail::classify::refusal::Meant;

/// The first enhanced status (RFC 3463) in a text, such as `5.1.1`.
pub fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let before = at.checked_sub(1).map(|i| bytes[i]);
        let fresh = before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'.');
        if !fresh || !matches!(bytes[at], b'2' | b'4' | b'5') {
            return None;
        }
        code_at(&text[at..])
    })
}

/// The more telling one of a declared status and the one inside of a server's words.
pub fn best(declared: &str, words: &str) -> String {
    let declared = enhanced(declared).unwrap_or_default();
    let told = enhanced(words);
    match told {
        Some(told)
            if declared.is_empty() || declared.ends_with(".0.0") && told.starts_with(&declared[..1]) =>
        {
            told
        }
        _ => declared,
    }
}

/// What a failure means, by its status and else by its words.
pub fn kind(status: &str, diagnostic: &str) -> BounceKind {
    let by_status = match status.get(2..) {
        Some("2.2") => Some(BounceKind::MailboxFull),
        Some("2.3" | "3.4") => Some(BounceKind::Size),
        Some("1.1" | "1.2" | "1.3" | "1.6" | "1.10" | "2.1" | "4.4") if status.starts_with('5') => {
            Some(BounceKind::Address)
        }
        Some(detail) if detail.starts_with("7.") => Some(BounceKind::Policy),
        // `quota exceeded` may be ours, and `not found` our own domain.
        _ if blame::speaks_of_us(status, diagnostic) => Some(BounceKind::Policy),
        _ => None,
    };
    by_status.unwrap_or_else(|| match refusal::by_words(&diagnostic.to_lowercase()) {
        Some(Meant::Full) => BounceKind::MailboxFull,
        Some(Meant::Large) => BounceKind::Size,
        Some(Meant::Unknown) => BounceKind::Address,
        Some(Meant::Refused) => BounceKind::Policy,
        // What is said of the system, the session or the text is not about the address (RFC 3463 §2).
        None if ["5.3.", "5.5.", "5.6."].iter().any(|begin| status.starts_with(begin)) => BounceKind::Policy,
        None if status.starts_with('5') => BounceKind::Address,
        None => BounceKind::Transient,
    })
}

/// `d.d.d` with up to three digits behind each dot, and nothing that makes it a longer number.
fn code_at(text: &str) -> Option<String> {
    let end = text.bytes().position(|b| !b.is_ascii_digit() && b != b'.').unwrap_or(text.len());
    let code = text[..end].trim_end_matches('.');
    let mut pieces = code.split('.');
    let (class, subject, detail) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let short = |s: &str| (1..=3).contains(&s.len());
    let tail = text[end..].bytes().next();
    let clean = tail.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'-' && b != b'@');
    (pieces.next().is_none() && class.len() == 1 && short(subject) && short(detail) && clean)
        .then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_found_but_an_address_is_not_one() {
        let cases = [
            ("5.1.1 (unknown)", Some("5.1.1")),
            ("550 5.7.606 blocked", Some("5.7.606")),
            ("smtp; 550-5.1.1 gone.", Some("5.1.1")),
            ("host 5.1.2.3 said", None),
            ("(#5.1.1)", Some("5.1.1")),
            ("ver 5.1", None),
            ("15.1.1", None),
        ];
        for (text, want) in cases {
            assert_eq!(enhanced(text).as_deref(), want, "{text}");
        }
    }
}
