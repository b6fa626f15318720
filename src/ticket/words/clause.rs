//! What somebody looks for: a word, or several that stand together.

use crate::ticket::words::each;
use crate::ticket::words::is_dense;

/// More words are no phrase that anybody remembers.
const MOST: usize = 64;

/// Words that must stand together, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// At least one.
    pub words: Vec<String>,
    pub last: Last,
}

/// How the last word of a clause is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    Whole,
    /// It is the beginning of one.
    Begun,
}

/// The words of a text as a clause; none for a text without any.
pub fn clause(text: &str, last: Last) -> Option<Clause> {
    let mut found = Vec::new();
    each(text, &mut |word, place| {
        found.push((word.to_owned(), place.end));
        found.len() < MOST
    });
    let (word, end) = found.pop()?;
    let is_single = word.chars().all(is_dense) && word.chars().count() == 1;
    let is_dense = word.chars().all(is_dense);
    // The last character of a longer run is in its last pair, behind which other texts go on.
    let is_in_pair = is_single && found.last().is_some_and(|(_, before)| *before == end);
    if !is_in_pair {
        found.push((word, end));
    }
    let last = match last {
        // It begins any pair.
        _ if is_single && !is_in_pair => Last::Begun,
        last if !is_dense => last,
        _ => Last::Whole,
    };
    Some(Clause { words: found.into_iter().map(|(word, _)| word).collect(), last })
}

impl Clause {
    /// Whether it stands at the beginning of these words.
    pub(super) fn begins<W: AsRef<str>>(&self, words: &[W]) -> bool {
        let Some((last, before)) = self.words.split_last() else { return false };
        let Some(found) = words.get(..self.words.len()) else { return false };
        let is_last = |word: &str| match self.last {
            Last::Whole => word == last,
            Last::Begun => word.starts_with(last),
        };
        before.iter().zip(found).all(|(one, other)| one == other.as_ref())
            && found.last().is_some_and(|word| is_last(word.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_the_words_of_a_text_in_their_order() {
        let shown = |text: &str, last| {
            let clause = clause(text, last)?;
            Some(clause.words.join(" ") + if clause.last == Last::Begun { "*" } else { "" })
        };
        for (text, whole, begun) in [
            ("Printer", "printer", "printer*"),
            ("on FIRE", "on fire", "on fire*"),
            ("ann@example.com", "ann example com", "ann example com*"),
            ("東京都", "東京 京都", "東京 京都"),
            ("猫", "猫*", "猫*"),
            ("PC東京", "pc 東京", "pc 東京"),
            ("東京PC", "東京 京 pc", "東京 京 pc*"),
        ] {
            assert_eq!(shown(text, Last::Whole).as_deref(), Some(whole), "{text}");
            assert_eq!(shown(text, Last::Begun).as_deref(), Some(begun), "{text}");
        }
        assert_eq!(shown("?!", Last::Begun), None);
        assert_eq!(clause(&"x ".repeat(1000), Last::Whole).unwrap().words.len(), MOST);
    }

    #[test]
    fn a_clause_is_found_in_every_text_that_it_was_taken_from() {
        for text in ["黒猫が東京都に", "プリンター", "프린터가", "on fire", "Straße 5"] {
            let words: Vec<String> =
                crate::ticket::words::Folded::of(text).words().map(str::to_owned).collect();
            let chars: Vec<char> = text.chars().collect();
            for from in 0..chars.len() {
                let part: String = chars[from..].iter().collect();
                let Some(clause) = clause(&part, Last::Whole) else { continue };
                let starts_word = from == 0 || is_dense(chars[from]) || !chars[from - 1].is_alphanumeric();
                let is_found = (0..words.len()).any(|at| clause.begins(&words[at..]));
                assert!(is_found || !starts_word, "{part} in {words:?}");
            }
        }
    }
}
