//! How far the delivery of a mail to one recipient is.

use crate::ticket::word::words;

words! {
    /// What became of a mail, or will.
    pub enum State {
        Queued = "queued",
        Sent = "sent",
        Rejected = "rejected",
        /// Its text left twice and no answer came.
        Unknown = "unknown",
        Cancelled = "cancelled",
    }
}
