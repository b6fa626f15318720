//! The lines of a report.

use serde::Serialize;

/// The numbers of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is of; empty: of nobody, or of no type.
    pub name: String,
    pub opened: i64,
    /// Answers that somebody waited for.
    pub answered: i64,
    pub resolved: i64,
    /// Open at the end.
    pub backlog: i64,
    pub first_answer: Times,
    pub next_answer: Times,
    pub resolution: Times,
    pub targets_met: i64,
    pub targets_missed: i64,
    pub ratings: i64,
    /// In hundredths; none without ratings.
    pub rating_mean: Option<i64>,
}

/// How long something took, in whole minutes of working time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    pub count: i64,
    pub median: Option<i64>,
    pub p90: Option<i64>,
}
