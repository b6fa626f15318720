//! What the desk's own check is asked, and what any check answers.
//!
//! Decides nothing: who reads the answer does.

use bytes::Bytes;

use crate::clock::Timestamp;
use crate::ticket::authentication::Authentication;
use crate::ticket::authentication::Covers;
use crate::ticket::authentication::Seal;

/// What was found out about a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub authentication: Authentication,
    /// Why, for the trace.
    pub evidence: String,
    /// What of the mail is thereby its author's.
    pub covers: Covers,
    /// The signatures in its author's name, good or not.
    pub seals: Vec<Seal>,
}

/// One mail to be checked.
#[derive(Clone, Debug)]
pub struct Subject {
    pub raw: Bytes,
    /// The domain of the one author, in its one spelling.
    pub author: String,
    /// The earlier of when it says it was sent and when it was received.
    pub(crate) sent_at: Timestamp,
    /// By which its signatures may have expired: what a mail says of its own time is the sender's.
    pub received_at: Timestamp,
}

impl Checked {
    /// What is said when the own check could not be finished.
    pub(crate) fn left_open(why: &str) -> Self {
        Self { evidence: format!("own check: {why}"), ..Self::default() }
    }
}
