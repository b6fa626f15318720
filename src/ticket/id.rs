//! The numbers that name rows, each of its own type so that none is taken for another.
//!
//! Numbers only: nothing here knows where a row is stored.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.trim().trim_start_matches('#').parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A ticket; the number people quote.
    TicketId,
    /// A queue.
    QueueId,
    /// A kind of request.
    TypeId,
    /// A customer, agent or administrator.
    UserId,
    /// One entry of a ticket's conversation.
    FollowupId,
    /// One mailbox of a queue.
    MailboxId,
    /// One received message.
    InboxId,
    /// One outgoing mail to one recipient.
    OutboxId,
    /// Stored bytes.
    BlobId,
    /// A signing key.
    KeyId,
    /// An API token.
    TokenId,
    /// An ignore rule.
    RuleId,
    /// An agreement with another help desk.
    AgreementId,
    /// A ticket as one agreement knows it.
    ShareId,
    /// One request to a partner.
    RequestId,
    /// One attachment of a partner's comment.
    FileId,
}
