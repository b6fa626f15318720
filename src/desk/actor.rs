//! Who changes something, and through which door.
//!
//! What each of them may do is not said here.

use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// Through which door a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Mail,
    Cli,
    Jutda,
    /// With the token of the program that asked.
    Jaze(TokenId),
    Sharing,
    /// The link in a mail by which somebody leaves a ticket.
    Link,
    /// The desk's own doing, such as escalation.
    Desk,
}

/// Who changes something, and through which door.
#[derive(Clone, Debug)]
pub struct Actor {
    /// None: the desk, an operator at the command line, or an API token.
    pub user: Option<User>,
    pub door: Door,
}

impl Door {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Cli => "cli",
            Self::Jutda => "jutda",
            Self::Jaze(_) => "jaze",
            Self::Sharing => "sharing",
            Self::Link => "link",
            Self::Desk => "desk",
        }
    }

    /// The API token that opened it.
    pub fn token(self) -> Option<TokenId> {
        match self {
            Self::Jaze(token) => Some(token),
            _ => None,
        }
    }
}

impl Actor {
    /// The desk itself.
    pub fn desk() -> Self {
        Self { user: None, door: Door::Desk }
    }

    pub fn id(&self) -> Option<UserId> {
        self.user.as_ref().map(|user| user.id)
    }

    /// Whether this is an active agent or administrator, or an operator or token that acts as one.
    pub fn is_staff(&self) -> bool {
        match &self.user {
            Some(user) => user.is_active_staff(),
            None => !matches!(self.door, Door::Mail | Door::Sharing | Door::Link),
        }
    }
}
