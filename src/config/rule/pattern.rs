//! The patterns of rules, each compiled once, and all of one kind held against a text in one go.
//!
//! Matching takes time in proportion to the text, whatever the pattern is: there is no backtracking.

use regex::RegexBuilder;
use regex::RegexSet;
use regex::RegexSetBuilder;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

/// Room that one compiled pattern may take, and all of one kind together.
const LARGEST: usize = 256 * 1024;
const LARGEST_SET: usize = 64 * 1024 * 1024;

/// A regular expression that is looked for anywhere in a text, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// An address in which `*` stands for anything, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPattern(String);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let compiled = RegexBuilder::new(&text).case_insensitive(true).size_limit(LARGEST).build();
        match compiled {
            Ok(_) => Ok(Self(text)),
            Err(error) => Err(D::Error::custom(format!("`{text}` is no pattern: {}", in_a_line(&error)))),
        }
    }
}

impl<'de> Deserialize<'de> for AddressPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fits = text.matches('@').count() == 1
            && !text.starts_with('@')
            && !text.ends_with('@')
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits {
            return Ok(Self(text));
        }
        Err(D::Error::custom(format!(
            "`{text}` is no address; `*` stands for anything in one, as in *@example.com"
        )))
    }
}

impl Pattern {
    pub(crate) fn expression(&self) -> String {
        self.0.clone()
    }
}

impl AddressPattern {
    pub(crate) fn expression(&self) -> String {
        let parts: Vec<String> = self.0.split('*').map(regex::escape).collect();
        format!("^{}$", parts.join(".*"))
    }
}

/// The last line of what the library says: those before show the pattern with a mark below.
fn in_a_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}

/// Patterns of one kind, each with the rule that it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    set: RegexSet,
    /// The rule of each pattern.
    rules: Vec<usize>,
}

/// Which rules have a pattern of a kind that was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(Vec<usize>);

impl Matcher {
    pub(crate) fn of(patterns: Vec<(usize, String)>) -> Result<Self, String> {
        let (rules, patterns): (Vec<usize>, Vec<String>) = patterns.into_iter().unzip();
        let set = RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(LARGEST_SET).build();
        let set =
            set.map_err(|error| format!("the patterns together are too much: {}", in_a_line(&error)))?;
        Ok(Self { set, rules })
    }

    /// The rules of the patterns that are found in any of the texts; each text is looked at once.
    pub(crate) fn find<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Found {
        if self.rules.is_empty() {
            return Found::default();
        }
        let mut found: Vec<usize> = Vec::new();
        for text in texts {
            found.extend(self.set.matches(text).iter().map(|pattern| self.rules[pattern]));
        }
        found.sort_unstable();
        Found(found)
    }
}

impl Found {
    pub(crate) fn has(&self, rule: usize) -> bool {
        self.0.binary_search(&rule).is_ok()
    }
}
