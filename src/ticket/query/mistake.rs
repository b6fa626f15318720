//! What can be wrong with a query, in sentences.

use crate::ticket::id::NotATicket;

/// What is wrong with a query, and at which of its characters, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {place} of the query: {wrong}")]
pub struct Mistake {
    pub place: usize,
    pub wrong: Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("it is longer than {most} characters", most = LONGEST)]
    TooLong,
    #[error("it has more than {most} terms", most = MOST)]
    TooMany,
    #[error("the quotation mark that begins here has no end")]
    Unclosed,
    #[error("behind a quotation mark must be a space")]
    Glued,
    #[error("a quotation mark inside a word: put the whole in quotation marks, and \\\" for this one")]
    QuoteInside,
    #[error("a minus must stand directly before what it excludes, and once")]
    Minus,
    #[error("`{0}:` needs a value behind it")]
    NoValue(&'static str),
    #[error("there is nothing between the quotation marks")]
    Nothing,
    #[error("there is no filter `{0}:`, but {keys}; a word with a colon stands in quotation marks", keys = listed(&KEYS))]
    NoKey(String),
    #[error("a ticket is never `{0}`, but {states}", states = listed(&STATES))]
    NoState(String),
    #[error("`{0}` is no priority: write a number from 1 to 5, or two with a minus between, the less first")]
    NoPriority(String),
    #[error("`{0}` is no rating: write a number from 1 to 5, or two with a minus between, the less first")]
    NoRating(String),
    #[error("`{0}` is no day: write 2026-03-01, today, yesterday, 12h, 7d or 2w")]
    NoDay(String),
    #[error("a ticket can have `file`, not `{0}`")]
    NoThing(String),
    #[error(transparent)]
    NoTicket(#[from] NotATicket),
}

/// Longest query, in characters.
pub(super) const LONGEST: usize = 1000;
/// Most terms: each is a condition that is asked of each ticket.
pub(super) const MOST: usize = 32;

pub(super) const KEYS: [&str; 13] = [
    "is", "owner", "from", "cc", "queue", "type", "tag", "priority", "rating", "before", "after", "has",
    "number",
];
pub(super) const STATES: [&str; 10] = [
    "open",
    "reopened",
    "resolved",
    "closed",
    "merged",
    "held",
    "unassigned",
    "waiting",
    "overdue",
    "shared",
];

/// `a, b or c`.
fn listed(words: &[&str]) -> String {
    match words {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => words.concat(),
    }
}
