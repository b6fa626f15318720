//! Automatic answers known by their subject, where the program that wrote them stamped nothing.
//!
//! A subject that a person may write as well counts only if the text says that somebody is away.

use std::sync::LazyLock;

use crate::mail::Mail;
use crate::mail::any_of::AnyOf;
use crate::mail::classify::phrases;
use crate::mail::reply;
use crate::mail::reply::line::lower;
use crate::mail::reply::quoted_header;

/// People who are away say so in a few words, in bytes, and ask nothing.
const TEXT: usize = 3000;
/// More than this, with all that is quoted, nobody writes who is away.
const LONG: usize = 64 * 1024;
/// A longer subject is a sentence of a person's.
const WORDS: usize = 12;

const OPENING: &[char] = &['[', '(', '【', '（', '［', '《', '<', '*', '-', '=', '~', '#', ' '];
const CLOSING: &[char] = &[']', ')', '】', '）', '］', '》', '>', '*', '-', '=', '~', '#', ' '];

/// The phrase by which a mail is an automatic answer.
pub fn auto_reply(mail: &Mail) -> Option<&'static str> {
    let small = lower(mail.subject.trim());
    let small = without_tags(&small);
    begins(small).or_else(|| set_off(small)).or_else(|| away(small, mail))
}

/// A phrase at the beginning, with something behind it that sets it off.
fn begins(subject: &str) -> Option<&'static str> {
    phrases::AUTO_REPLY_SUBJECTS.iter().copied().find(|phrase| {
        let Some(rest) = subject.strip_prefix(phrase) else {
            return false;
        };
        let rest = rest.trim_start();
        // One-word phrases alone are too weak: only with a colon.
        let wordy = phrase.contains(' ') || phrase.chars().count() > 8 || !phrase.is_ascii();
        rest.starts_with([':', '：'])
            || wordy
                && (rest.is_empty() || rest.starts_with(['-', '–', '—', '(', '[', '!', '.', '"', '（', '［']))
    })
}

/// A phrase in brackets or between stars, at the beginning or the end.
fn set_off(subject: &str) -> Option<&'static str> {
    let known = |text: &str| {
        let text = text.trim_matches(OPENING).trim_matches(CLOSING);
        phrases::AUTO_REPLY_SUBJECTS.iter().copied().find(|phrase| *phrase == text)
    };
    let front = subject.strip_prefix(OPENING).map(|rest| rest.trim_start_matches(OPENING));
    let front = front.and_then(|rest| rest.split(CLOSING_SURE).next()).and_then(known);
    let back = subject.strip_suffix(CLOSING).map(|rest| rest.trim_end_matches(CLOSING));
    front.or_else(|| back.and_then(|rest| rest.rsplit(OPENING_SURE).next()).and_then(known))
}

/// What ends and begins a phrase that is set off; dashes also stand inside of phrases.
const CLOSING_SURE: &[char] = &[']', ')', '】', '）', '］', '》', '>', '*', '=', '~', '#'];
const OPENING_SURE: &[char] = &['[', '(', '【', '（', '［', '《', '<', '*', '=', '~', '#'];

/// What subjects of automatic answers say.
fn subjects() -> impl Iterator<Item = &'static &'static str> {
    phrases::AUTO_REPLY_SUBJECTS.iter().chain(phrases::AWAY_SUBJECTS)
}

static SUBJECTS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(subjects()));

/// A subject that says that somebody is away, above a text that says so, too.
fn away(subject: &str, mail: &Mail) -> Option<&'static str> {
    let answered = subject.starts_with("re:") || quoted_header::is_forward_subject(subject);
    if answered || subject.contains(['?', '？']) || subject.split_whitespace().count() > WORDS {
        return None;
    }
    let mut found = SUBJECTS.positions(subject).filter_map(|at| subjects().nth(at)).copied();
    let phrase = found.find(|phrase| stands_in(subject, phrase))?;
    // Below it may stand what was asked.
    let text = if mail.text.len() > LONG { mail.new_text.clone() } else { reply::trim(&mail.text) };
    if text.len() > TEXT || text.contains(['?', '？', '؟']) {
        return None;
    }
    let text = lower(&text);
    phrases::AWAY_TEXTS.iter().any(|said| text.contains(said)).then_some(phrase)
}

/// Whether a phrase stands in a text, not as a piece of other words.
fn stands_in(text: &str, phrase: &str) -> bool {
    let blanks = phrase.chars().all(|c| c < '\u{2e80}');
    text.match_indices(phrase).any(|(at, found)| {
        let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let behind = text[at + found.len()..].chars().next().is_some_and(char::is_alphanumeric);
        !blanks || !before && !behind
    })
}

/// A subject without `Re:` and a tag in brackets, where both stand: a program keeps our tag, a person's
/// `Re: Out of office` is an answer to such a mail.
fn without_tags(subject: &str) -> &str {
    let rest = subject.strip_prefix("re:").unwrap_or(subject).trim_start();
    match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        Some((tag, behind)) if tag.contains('-') && tag.ends_with(|c: char| c.is_ascii_digit()) => {
            behind.trim_start()
        }
        _ => subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(subject: &str, text: &str) -> bool {
        let mail = Mail { subject: subject.to_owned(), text: text.to_owned(), ..Mail::default() };
        auto_reply(&mail).is_some()
    }

    #[test]
    fn a_phrase_that_is_set_off_is_enough() {
        for subject in [
            "Automatic reply: Printer",
            "Re: [support-17] Automatic reply: Printer",
            "[Auto-Reply] Printer",
            "【自動返信】お問い合わせありがとうございます",
            "***AUTOREPLY*** Printer",
            "Thank you for your mail (automatic reply)",
            "お問い合わせを受け付けました（自動返信）",
        ] {
            assert!(known(subject, "Hello"), "{subject}");
        }
    }

    #[test]
    fn a_subject_that_anybody_may_write_needs_a_text_that_says_so() {
        for subject in ["Urlaub: Hotel 4711", "Vacation", "Ich bin im Urlaub", "OOO until Monday", "休暇中"]
        {
            assert!(known(subject, "Ich bin im Urlaub."), "{subject}");
            assert!(!known(subject, "Hello, I want to book a room."), "{subject}");
            assert!(!known(subject, "Ich bin im Urlaub. Wo ist mein Paket?"), "{subject}");
        }
        for subject in ["Re: Out of office", "Out of office: how do I set it?", "Auto: Bremsen"] {
            let subject = subject.replace(':', if subject.starts_with("Out") { "" } else { ":" });
            assert!(!known(&subject, "Can you help?"), "{subject}");
        }
    }
}
