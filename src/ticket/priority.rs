//! How urgent a ticket is.
//!
//! The words that APIs use for a priority belong to those APIs.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// How urgent: 1 is the most urgent, 5 the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Priority(i64);

/// A number that is no priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a number from 1 (high) to 5 (low), not {0}")]
pub struct NotAPriority(pub i64);

impl Priority {
    pub(crate) const HIGHEST: Self = Self(1);
    pub const NORMAL: Self = Self(3);
    pub const LOWEST: Self = Self(5);

    pub fn number(self) -> i64 {
        self.0
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl TryFrom<i64> for Priority {
    type Error = NotAPriority;

    fn try_from(number: i64) -> Result<Self, NotAPriority> {
        if (1..=5).contains(&number) { Ok(Self(number)) } else { Err(NotAPriority(number)) }
    }
}

impl From<Priority> for i64 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
