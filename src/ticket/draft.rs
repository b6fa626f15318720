//! What is written for a ticket and not said yet.

use crate::ticket::word::words;

words! {
    /// What a draft becomes when it is said.
    pub enum DraftKind {
        /// Everybody who takes part gets it.
        Answer = "answer",
        /// Agents only.
        Note = "note",
    }
}
