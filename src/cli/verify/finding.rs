//! Something that a person must look at.

use serde::Serialize;

/// What is the matter, with which row or mailbox.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    /// The broken rule, for programs.
    pub rule: &'static str,
    /// `message 7`, `ticket 3`, `mailbox support`.
    pub what: String,
    /// For people.
    pub says: String,
}

impl Finding {
    pub(super) fn new(rule: &'static str, what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { rule, what: what.into(), says: says.into() }
    }

    /// As a line.
    pub(super) fn line(&self) -> String {
        format!("{}: {} ({})", self.what, self.says, self.rule)
    }
}
