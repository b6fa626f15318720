//! What somebody types to search: words that must all be there, phrases in quotation marks, and what must not be there
//! behind a minus. Nothing else has a meaning, so that everything can be looked for.

use std::str::FromStr;

use crate::ticket::words::clause::Clause;
use crate::ticket::words::clause::Last;
use crate::ticket::words::clause::clause;

/// Longest search, in characters; and most words and phrases of one.
const LONGEST: usize = 1000;
const MOST: usize = 32;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    pub wanted: Vec<Clause>,
    pub excluded: Vec<Clause>,
}

/// Why a search finds nothing that it could mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsearchable {
    #[error("there is no word to look for: write one that must be there")]
    Nothing,
    #[error("a search has at most {LONGEST} characters")]
    TooLong,
    #[error("a search has at most {MOST} words and phrases")]
    TooMany,
}

impl FromStr for Sought {
    type Err = Unsearchable;

    fn from_str(text: &str) -> Result<Self, Unsearchable> {
        if text.chars().count() > LONGEST {
            return Err(Unsearchable::TooLong);
        }
        let (mut sought, mut rest) = (Self::default(), text.trim_start());
        while !rest.is_empty() {
            let (is_excluded, term) = match rest.strip_prefix('-') {
                Some(term) if !term.starts_with(char::is_whitespace) => (true, term),
                _ => (false, rest),
            };
            let quoted = term.strip_prefix('"');
            let (term, left) = match quoted {
                // What has no second mark goes on to the end.
                Some(phrase) => phrase.split_once('"').unwrap_or((phrase, "")),
                None => term.split_once(char::is_whitespace).unwrap_or((term, "")),
            };
            let is_last = left.trim_start().is_empty() && quoted.is_none();
            let last = if is_last && !is_excluded { Last::Begun } else { Last::Whole };
            let clauses = if is_excluded { &mut sought.excluded } else { &mut sought.wanted };
            clauses.extend(clause(term, last));
            rest = left.trim_start();
        }
        match sought.wanted.len() + sought.excluded.len() {
            _ if sought.wanted.is_empty() => Err(Unsearchable::Nothing),
            count if count > MOST => Err(Unsearchable::TooMany),
            _ => Ok(sought),
        }
    }
}

impl Sought {
    /// What must have these words.
    pub fn of(clause: Clause) -> Self {
        Self { wanted: vec![clause], excluded: Vec::new() }
    }

    /// Whether only the beginning of some word is known.
    pub fn has_beginnings(&self) -> bool {
        self.wanted.iter().chain(&self.excluded).any(|clause| clause.last == Last::Begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let Ok(sought) = text.parse::<Sought>() else { return "nothing".to_owned() };
        let shown =
            |clause: &Clause| clause.words.join(" ") + if clause.last == Last::Begun { "*" } else { "" };
        let wanted = sought.wanted.iter().map(shown);
        let excluded = sought.excluded.iter().map(|clause| format!("-{}", shown(clause)));
        wanted.chain(excluded).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_search_is_words_phrases_and_what_must_not_be_there() {
        for (text, sought) in [
            ("Printer fire", "printer, fire*"),
            ("\"on Fire\" printer", "on fire, printer*"),
            ("printer \"on fire\"", "printer, on fire"),
            ("fire -\"cold water\" -ice", "fire, -cold water, -ice"),
            ("from:ann@x.test http://x/?q=1", "from ann x test, http x q 1*"),
            ("\"never ends", "never ends"),
            ("a - b", "a, b*"),
            ("東京都 猫", "東京 京都, 猫*"),
            ("", "nothing"),
            ("?! -ice", "nothing"),
        ] {
            assert_eq!(read(text), sought, "{text}");
        }
        assert_eq!("x".repeat(LONGEST + 1).parse::<Sought>(), Err(Unsearchable::TooLong));
        assert_eq!("x ".repeat(MOST + 1).parse::<Sought>(), Err(Unsearchable::TooMany));
    }
}
