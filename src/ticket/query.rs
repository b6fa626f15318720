//! The query language: which tickets somebody wants to see, as `is:open owner:me -tag:"on sale" printer`.
//!
//! A query is a list of terms, all of which must be true; a minus before one excludes what it finds. Values with
//! spaces stand in quotation marks, inside which `\"` is one and `\\` a backslash. What a query says is kept as it
//! was said: nobody is looked up here, and a day is not yet a moment.

pub mod day;
pub mod mistake;
pub mod parse;

use std::fmt;

use crate::ticket::id::TicketId;
use crate::ticket::priority::Priority;
use crate::ticket::query::day::Day;

/// What somebody wants to see. Empty: all tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub terms: Vec<Term>,
}

/// One condition, and whether it must be true or must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub sense: Sense,
    pub test: Test,
}

/// Whether what a condition finds is wanted, or excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    Wanted,
    Excluded,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Is(State),
    Owner(Owner),
    /// Address, part of it, or part of the name of who asked.
    From(String),
    /// The same of somebody who gets copies.
    Cc(String),
    /// Slug or title.
    Queue(String),
    Type(String),
    Tag(String),
    /// From the first to the second, both included.
    Priority(Priority, Priority),
    /// Rated from the first to the second, both included.
    Rating(i64, i64),
    /// Opened before the day began.
    Before(Day),
    /// Opened on that day or later.
    After(Day),
    /// A file hangs on it.
    HasFile,
    Number(TicketId),
    /// Part of the subject.
    Word(String),
}

/// What a ticket can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Open or reopened.
    Open,
    Reopened,
    Resolved,
    Closed,
    Merged,
    /// On hold.
    Held,
    /// Open, and nobody's.
    Unassigned,
    /// Open, and a customer spoke last.
    Waiting,
    /// Open, and its due date or a target is over.
    Overdue,
    /// With another help desk.
    Shared,
}

/// Whose a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Me,
    Nobody,
    /// User name, address or name of an agent.
    Named(String),
}

impl State {
    pub const ALL: [Self; 10] = [
        Self::Open,
        Self::Reopened,
        Self::Resolved,
        Self::Closed,
        Self::Merged,
        Self::Held,
        Self::Unassigned,
        Self::Waiting,
        Self::Overdue,
        Self::Shared,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reopened => "reopened",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Held => "held",
            Self::Unassigned => "unassigned",
            Self::Waiting => "waiting",
            Self::Overdue => "overdue",
            Self::Shared => "shared",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str().eq_ignore_ascii_case(text))
    }
}

impl Query {
    /// The query that one wanted condition makes.
    pub fn of(test: Test) -> Self {
        Self::default().and(test)
    }

    /// The same, and this as well.
    #[must_use]
    pub fn and(mut self, test: Test) -> Self {
        self.terms.push(Term { sense: Sense::Wanted, test });
        self
    }
}

impl fmt::Display for Query {
    /// As it could have been typed: reading it gives the same query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, term) in self.terms.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            if term.sense == Sense::Excluded {
                f.write_str("-")?;
            }
            term.test.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(state) => write!(f, "is:{}", state.as_str()),
            Self::Owner(Owner::Me) => f.write_str("owner:me"),
            Self::Owner(Owner::Nobody) => f.write_str("owner:nobody"),
            Self::Owner(Owner::Named(name)) => {
                let is_taken = ["me", "nobody"].iter().any(|word| word.eq_ignore_ascii_case(name));
                f.write_str("owner:")?;
                if is_taken { quoted(f, name) } else { value(f, name) }
            }
            Self::From(text) => keyed(f, "from:", text),
            Self::Cc(text) => keyed(f, "cc:", text),
            Self::Queue(text) => keyed(f, "queue:", text),
            Self::Type(text) => keyed(f, "type:", text),
            Self::Tag(text) => keyed(f, "tag:", text),
            Self::Priority(from, to) if from == to => write!(f, "priority:{from}"),
            Self::Priority(from, to) => write!(f, "priority:{from}-{to}"),
            Self::Rating(from, to) if from == to => write!(f, "rating:{from}"),
            Self::Rating(from, to) => write!(f, "rating:{from}-{to}"),
            Self::Before(day) => write!(f, "before:{day}"),
            Self::After(day) => write!(f, "after:{day}"),
            Self::HasFile => f.write_str("has:file"),
            Self::Number(id) => write!(f, "number:{id}"),
            Self::Word(text) if text.starts_with('-') || key_of(text).is_some() => quoted(f, text),
            Self::Word(text) => value(f, text),
        }
    }
}

fn keyed(f: &mut fmt::Formatter<'_>, key: &str, text: &str) -> fmt::Result {
    f.write_str(key)?;
    value(f, text)
}

/// A value, in quotation marks where it would not be read back otherwise.
fn value(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let is_plain = !text.is_empty() && !text.contains(|c: char| c == '"' || is_space(c));
    if is_plain { f.write_str(text) } else { quoted(f, text) }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}

/// What separates terms: a control character, as from a pasted text, is no part of any.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The letters before the first colon, as of `owner:me`, if there are any and nothing else before it.
fn key_of(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(':')?;
    (!key.is_empty() && key.bytes().all(|c| c.is_ascii_alphabetic())).then_some(key)
}
