//! The numbers that name rows, each of its own type so that none is taken for another.
//!
//! Numbers only: nothing here knows where a row is stored. Which queue a ticket's tag names is not looked at:
//! tickets move, their numbers stay.

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
    )*};
}

macro_rules! read_as_numbers {
    ($($name:ident),* $(,)?) => {$(
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
    /// Words that are not said yet.
    DraftId,
    /// Words that are used again and again.
    ReplyId,
    /// One received message.
    InboxId,
    /// One outgoing mail to one recipient.
    OutboxId,
    /// Words of outgoing mails.
    OutboxBodyId,
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

read_as_numbers!(
    QueueId,
    TypeId,
    UserId,
    FollowupId,
    MailboxId,
    DraftId,
    InboxId,
    OutboxId,
    BlobId,
    KeyId,
    TokenId,
    RuleId,
    AgreementId,
    ShareId,
    RequestId,
    FileId,
);

/// A text that is no number of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ticket number: write 12, #12, support-12 or [support-12]")]
pub struct NotATicket(String);

impl FromStr for TicketId {
    type Err = NotATicket;

    /// As people have it from a mail's subject: `12`, `#12`, `support-12`, `[support-12]`.
    fn from_str(text: &str) -> Result<Self, NotATicket> {
        let plain = text.trim();
        let plain = plain.strip_prefix('[').and_then(|tag| tag.strip_suffix(']')).unwrap_or(plain).trim();
        let digits = match plain.rsplit_once('-') {
            Some((slug, digits)) if is_slug(slug) => digits,
            Some(_) => "",
            None => plain.strip_prefix('#').unwrap_or(plain),
        };
        let number =
            digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        number.filter(|&number| number > 0).map(Self).ok_or_else(|| NotATicket(text.to_owned()))
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_named_as_mails_name_it() {
        for text in ["12", " 12 ", "#12", "support-12", "[support-12]", "[it-help-12]", "[ it-12 ]", "012"] {
            assert_eq!(text.parse(), Ok(TicketId(12)), "{text}");
        }
        for text in [
            "",
            "#",
            "-12",
            "+12",
            "0",
            "1.2",
            "12a",
            "support-",
            "[12",
            "a b-12",
            "##12",
            "9223372036854775808",
        ] {
            assert!(text.parse::<TicketId>().is_err(), "{text}");
        }
    }
}
