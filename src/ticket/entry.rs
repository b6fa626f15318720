//! What an entry of a conversation is, and who may read it.

use crate::ticket::word::words;

words! {
    /// What an entry is.
    pub enum EntryKind {
        /// The words that opened the ticket.
        Opened = "opened",
        Comment = "comment",
        /// A private comment that the partners of a shared ticket may read.
        PartnerNote = "partner_note",
        Reopened = "reopened",
        Resolved = "resolved",
        Closed = "closed",
        /// Who was given the ticket, and why.
        Note = "note",
        Escalated = "escalated",
        /// A mail by somebody who takes no part in the ticket.
        External = "external",
        /// A customer's mail of which nothing shows that it is theirs.
        Unproven = "unproven",
        /// A mail in an agent's name of which nothing shows that it is theirs.
        Unverified = "unverified",
        /// What an agent wrote for the customer, and what was not sent as it holds somebody's secret.
        Withheld = "withheld",
        /// An entry was passed on to somebody who takes no part in the ticket.
        Forwarded = "forwarded",
        /// What such a person answered.
        ThirdParty = "third_party",
        /// A program's answer.
        Machine = "machine",
        /// A report that a mail of ours did not arrive.
        Bounce = "bounce",
        /// A mail of ours was given up.
        Undelivered = "undelivered",
        /// The same request comes again and again.
        Storm = "storm",
        /// What a customer thinks of how it went, and nothing that asks for an answer.
        Rated = "rated",
        Unsubscribed = "unsubscribed",
        /// Entries came from another ticket, or went to one.
        Split = "split",
        /// What happened between this desk and a partner.
        Sharing = "sharing",
    }
}

words! {
    /// Who may read an entry.
    pub enum Visibility {
        Public = "public",
        /// Agents only.
        Private = "private",
    }
}

words! {
    /// How an attachment hangs on its entry.
    pub enum Disposition {
        Attachment = "attachment",
        /// Shown within the text.
        Inline = "inline",
        /// Too large to be taken.
        LeftOut = "left_out",
    }
}
