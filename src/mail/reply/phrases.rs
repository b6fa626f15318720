//! The words by which mail programs mark what is quoted, forwarded or signed, of all languages together.
//!
//! Each language's own stand in `language`.

use std::sync::LazyLock;

use crate::mail::any_of::AnyOf;
use crate::mail::reply::language;
use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

/// Labels of quoted header lines.
pub(crate) static LABELS: LazyLock<Vec<(Label, &'static [&'static str])>> =
    LazyLock::new(|| of_all(|words| words.labels));

/// "Original message", as it stands between dashes.
pub(crate) static ORIGINAL: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.original));

/// "Forwarded message", alone on a line or between dashes.
pub(crate) static FORWARDED: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.forwarded));

/// "Wrote", as it stands at the end of a line that introduces a quote.
pub(crate) static WROTE: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.wrote));

/// Vocabulary at the start of a line that introduces a quote by its date.
pub(crate) static STARTERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.starters));

/// Vocabulary that stand before a name where a program has no date to give.
pub(crate) static QUOTING: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.quoting));

/// Lines above which an answer is to be typed, as help desks ask for it.
pub(crate) static ABOVE_THIS_LINE: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&of_all(|words| words.above_this_line)));

/// First persons: a sentence of the author's own, not a line that introduces a quote.
pub(crate) static OWN_WORDS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&of_all(|words| words.own_words)));

/// Prefixes of the subject of a forwarded mail, each followed by a colon.
pub(crate) static FORWARD_PREFIXES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| of_all(|words| words.forward_prefixes));

/// Lines that phones and programs put under a message: how such a line begins.
pub(crate) static SENT_FROM: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.sent_from));

/// How such lines begin and end in languages that put the verb last. A device must be named, too.
pub(crate) static SENT_FROM_AROUND: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| of_all(|words| words.sent_from_around));

/// Vocabulary for what such a line names.
pub(crate) static DEVICES: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.devices));

/// How paragraphs begin that lists, newsletters and virus scanners put under a message.
pub(crate) static FOOTERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.footers));

/// How paragraphs begin that lawyers put under a message; one of [`LEGAL_WORDS`] must follow.
pub static LEGAL_STARTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.legal_starts));

/// Vocabulary that make a paragraph a lawyer's.
pub static LEGAL_WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.legal_words));

/// Vocabulary that together with others make a paragraph a lawyer's, however it begins.
pub static LEGAL_SURE: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.legal_sure));

/// Vocabulary of the particulars that a company must put under its mail.
pub(crate) static IMPRINT: LazyLock<Vec<&'static str>> = LazyLock::new(|| of_all(|words| words.imprint));

/// What such paragraphs may have as a heading of their own.
pub(crate) static FOOTER_HEADINGS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| of_all(|words| words.footer_headings));

/// What the languages have, one after the other, each word once: some rules count them.
fn of_all<T: Copy + PartialEq + 'static>(some: impl Fn(&Vocabulary) -> &'static [T]) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for word in language::ALL.iter().flat_map(|words| some(words)) {
        if !all.contains(word) {
            all.push(*word);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_label_of_one_language_means_something_else_in_another() {
        let mut known = HashMap::new();
        for (label, words) in LABELS.iter() {
            for word in *words {
                assert_eq!(*known.entry(word).or_insert(label), label, "{word}");
                assert_eq!(word.to_lowercase(), *word);
            }
        }
    }
}
