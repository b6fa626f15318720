//! What the journal of received mail says of each message.

use crate::ticket::word::words;

words! {
    /// How much of a message was taken.
    pub enum Extent {
        Full = "full",
        /// It is larger than the limit.
        Headers = "headers",
        /// It is older than first contact.
        Nothing = "none",
    }
}

words! {
    /// What became of a message.
    #[derive(Default)]
    pub enum Became {
        Ticket = "ticket",
        /// An entry of a ticket that was there.
        Followup = "followup",
        /// The same mail came before.
        Duplicate = "duplicate",
        /// A report about a mail of ours.
        Bounce = "bounce",
        Ignored = "ignored",
        /// It waits for a person.
        Suspended = "suspended",
        /// It could not be handled, and waits for a person.
        #[default]
        Quarantined = "quarantined",
        /// A person forgot it, or its ticket was deleted before it came again.
        Deleted = "deleted",
        /// It was suspended until its bytes were too old to be kept.
        Expired = "expired",
        BeforeFirstContact = "before first contact",
    }
}
