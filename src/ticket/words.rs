//! Texts as the words that a search compares: the same for both databases, however somebody writes them.
//!
//! Compatible forms, case, diacritics and `ß` make no difference. What is written without spaces, as Chinese, Japanese
//! and Korean, is cut into pairs of characters. Knows nothing of any index.

pub mod clause;
mod letters;
pub mod snippet;
pub mod sought;

use std::collections::HashMap;
use std::ops::Range;

use crate::ticket::words::letters::Letter;
use crate::ticket::words::letters::Letters;

/// Bytes of a word; the rest of a longer one counts for nothing.
const LONGEST: usize = 48;
/// Words of one text: PostgreSQL keeps no place behind the 16 383rd.
const MOST: usize = 16_000;
/// How often one word counts in one text, as PostgreSQL keeps 255 places of it.
const MOST_OF_ONE: u16 = 255;
/// Bytes of a text that are looked at: one without any word is endless otherwise.
pub const READ: usize = 256 * 1024;

/// A text as its words, with a space between two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded(String);

impl Folded {
    pub fn of(text: &str) -> Self {
        Self::of_all([text])
    }

    /// The words of several texts, as if they were one.
    pub fn of_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut folded = String::new();
        let (mut left, mut seen) = (MOST, HashMap::new());
        for text in texts {
            each(text, &mut |word, _| {
                let count: &mut u16 = match seen.get_mut(word) {
                    Some(count) => count,
                    None => seen.entry(word.to_owned()).or_default(),
                };
                if *count < MOST_OF_ONE {
                    *count += 1;
                    left = left.saturating_sub(1);
                    folded.push_str(if folded.is_empty() { "" } else { " " });
                    folded.push_str(word);
                }
                left > 0
            });
        }
        Self(folded)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }
}

/// Whether a character is one of those that are written without spaces.
fn is_dense(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3031..=0x3035
        | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x3105..=0x318E
        | 0x31A0..=0x31BF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97C
        | 0xAC00..=0xD7FB | 0xF900..=0xFAFF | 0x1B000..=0x1B16F | 0x20000..=0x323AF)
}

/// Calls `take` with each word of a text and where in the text it stands, until that says no.
pub(crate) fn each(text: &str, take: &mut dyn FnMut(&str, Range<usize>) -> bool) {
    let text = &text[..text.floor_char_boundary(READ)];
    let mut word = Word::default();
    for Letter { c, place } in Letters::of(text) {
        let is_over = match c {
            Some(c) if is_dense(c) => word.push_dense(c, place, take),
            Some(c) => word.push(c, place, take),
            None => word.end(take),
        };
        if is_over {
            return;
        }
    }
    word.end(take);
}

/// The word that is just being read.
#[derive(Default)]
struct Word {
    text: String,
    place: Range<usize>,
    /// The last character of a run without spaces: it begins the next pair.
    last: Option<(char, Range<usize>)>,
}

impl Word {
    /// Says whether no more is wanted, as the two below.
    fn push(
        &mut self,
        c: char,
        place: Range<usize>,
        take: &mut dyn FnMut(&str, Range<usize>) -> bool,
    ) -> bool {
        if self.last.is_some() && self.end(take) {
            return true;
        }
        if self.text.is_empty() {
            self.place.start = place.start;
        }
        self.place.end = place.end;
        if self.text.len() + c.len_utf8() <= LONGEST {
            self.text.push(c);
        }
        false
    }

    fn push_dense(
        &mut self,
        c: char,
        place: Range<usize>,
        take: &mut dyn FnMut(&str, Range<usize>) -> bool,
    ) -> bool {
        if !self.text.is_empty() && self.end(take) {
            return true;
        }
        let Some((first, its)) = self.last.replace((c, place.clone())) else { return false };
        !take(&String::from_iter([first, c]), its.start..place.end)
    }

    fn end(&mut self, take: &mut dyn FnMut(&str, Range<usize>) -> bool) -> bool {
        if let Some((c, place)) = self.last.take() {
            return !take(c.encode_utf8(&mut [0; 4]), place);
        }
        let goes_on = self.text.is_empty() || take(&self.text, self.place.clone());
        self.text.clear();
        !goes_on
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text).0
    }

    #[test]
    fn what_is_written_otherwise_is_the_same_word() {
        for (text, words) in [
            ("Größe GRÖSSE groesse", "grosse grosse groesse"),
            ("ＦＵＬＬ ﬁne ①②", "full fine 12"),
            ("Café cafe\u{301} CAFÉ", "cafe cafe cafe"),
            ("Łódź Øresund Đà Nẵng", "lodz oresund da nang"),
            ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
            ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
            ("dampf\u{ad}schiff", "dampfschiff"),
            ("مُحَمَّد محمد", "محمد محمد"),
            ("हिन्दी में", "हिन्दी में"),
            ("ann@example.com, don't; 1.000,50", "ann example com don t 1 000 50"),
            ("ё й", "е и"),
            ("!!! -- \u{1f600}", ""),
        ] {
            assert_eq!(folded(text), words, "{text}");
        }
    }

    #[test]
    fn what_has_no_spaces_is_cut_into_pairs() {
        assert_eq!(folded("東京都"), "東京 京都 都");
        assert_eq!(folded("猫"), "猫");
        assert_eq!(folded("PC東京2026"), "pc 東京 京 2026");
        assert_eq!(folded("ｶﾞｽ ガス"), "ガス ス ガス ス");
        assert_eq!(folded("프린터가"), "프린 린터 터가 가");
    }

    #[test]
    fn every_word_says_where_it_stands() {
        let text = "Die GRÖẞE von 東京都, ok";
        let mut found = Vec::new();
        each(text, &mut |word, place| {
            found.push(format!("{word}={}", &text[place]));
            true
        });
        assert_eq!(found, ["die=Die", "grosse=GRÖẞE", "von=von", "東京=東京", "京都=京都", "都=都", "ok=ok"]);
    }

    #[test]
    fn a_text_has_so_many_words_and_a_word_so_many_letters() {
        assert_eq!(folded(&"x".repeat(500)), "x".repeat(LONGEST));
        assert_eq!(folded(&"ü一".repeat(20_000)).split(' ').count(), 2 * usize::from(MOST_OF_ONE));
        let many: Vec<String> = (0..50_000).map(|n| format!("w{n}")).collect();
        assert_eq!(Folded::of(&many.join(" ")).words().count(), MOST);
        let marks = format!("a{}b", "\u{301}".repeat(3_000_000));
        assert_eq!(folded(&marks), "a");
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in ".{0,60}") {
            let once: Vec<String> = Folded::of(&text).words().map(str::to_owned).collect();
            for word in &once {
                let is_pair = word.chars().count() == 2 && word.chars().all(is_dense);
                let again = folded(word);
                let expected = if is_pair { format!("{word} {}", word.chars().last().unwrap()) } else { word.clone() };
                prop_assert_eq!(&again, &expected);
            }
        }

        #[test]
        fn words_hold_nothing_that_an_index_reads_otherwise(text in "\\PC{0,60}") {
            each(&text, &mut |word, place| {
                let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || !c.is_ascii();
                assert!(!word.is_empty() && word.len() <= LONGEST && word.chars().all(is_fit), "{word:?}");
                assert!(!word.contains(char::is_whitespace), "{word:?}");
                assert!(text.get(place).is_some());
                true
            });
        }
    }
}
