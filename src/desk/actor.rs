//! Who changes something, and through which door.
//!
//! What each of them may do is not said here. "No user" is nobody: who acts without one is an operator, the desk
//! itself or a program, and says so.

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
    /// The Desk API, with the token of the program that asked.
    Api(TokenId),
    Sharing,
    /// The link in a mail by which somebody leaves a ticket.
    Link,
    /// The desk's own doing, such as escalation.
    Desk,
}

/// Who changes something, and through which door. Made by kind, so that nobody is taken for another.
#[derive(Clone, Debug)]
pub struct Actor {
    who: Who,
    door: Door,
}

/// What somebody is who changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At the command line, in nobody's name.
    Operator,
    /// The desk itself: what is due, what came back.
    Clock,
    /// An active agent or administrator, with proof of it.
    Agent,
    Customer,
    /// Whoever wrote a mail that nothing vouches for, or that is about no ticket of theirs.
    Stranger,
    /// With an API token.
    Program,
    /// Another help desk, and its people.
    Partner,
}

#[derive(Clone, Debug)]
enum Who {
    Operator,
    Clock,
    Agent(User),
    Customer(User),
    /// Whose address the mail had, where the desk knows it.
    Stranger(Option<User>),
    Program,
    /// Who of them it was, where they say so.
    Partner(Option<User>),
}

impl Door {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Cli => "cli",
            Self::Jutda => "jutda",
            Self::Jaze(_) => "jaze",
            Self::Api(_) => "api",
            Self::Sharing => "sharing",
            Self::Link => "link",
            Self::Desk => "desk",
        }
    }

    /// The API token that opened it.
    pub fn token(self) -> Option<TokenId> {
        match self {
            Self::Jaze(token) | Self::Api(token) => Some(token),
            _ => None,
        }
    }
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Operator,
        Self::Clock,
        Self::Agent,
        Self::Customer,
        Self::Stranger,
        Self::Program,
        Self::Partner,
    ];

    /// As a refusal calls them.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "an operator",
            Self::Clock => "the desk itself",
            Self::Agent => "an agent",
            Self::Customer => "a customer",
            Self::Stranger => "a stranger",
            Self::Program => "a program",
            Self::Partner => "a partner",
        }
    }
}

impl Actor {
    /// The desk itself.
    pub fn desk() -> Self {
        Self { who: Who::Clock, door: Door::Desk }
    }

    /// An operator at the command line, who acts in nobody's name.
    pub fn operator() -> Self {
        Self { who: Who::Operator, door: Door::Cli }
    }

    /// Somebody who is known to be it: an agent, or else a customer.
    pub fn person(user: User, door: Door) -> Self {
        let who = if user.is_active_staff() { Who::Agent(user) } else { Who::Customer(user) };
        Self { who, door }
    }

    /// Whoever writes as the customer they are on a ticket, also where they are an agent elsewhere.
    pub(crate) fn customer(user: User) -> Self {
        Self { who: Who::Customer(user), door: Door::Mail }
    }

    /// The author of a mail, as far as the desk knows them.
    pub fn author(user: Option<User>) -> Self {
        match user {
            Some(user) => Self::person(user, Door::Mail),
            None => Self::stranger(None),
        }
    }

    /// Whoever wrote a mail that is not shown to be from that person, or that is about no ticket of theirs.
    pub fn stranger(user: Option<User>) -> Self {
        Self { who: Who::Stranger(user), door: Door::Mail }
    }

    /// Whoever calls with this token, in nobody's name.
    pub fn program(token: TokenId) -> Self {
        Self { who: Who::Program, door: Door::Jaze(token) }
    }

    /// Whoever calls the Desk API with this token: in the name of an agent, or else in the token's own.
    pub(crate) fn caller(token: TokenId, user: Option<User>) -> Self {
        let door = Door::Api(token);
        match user {
            Some(user) => Self::person(user, door),
            None => Self { who: Who::Program, door },
        }
    }

    /// A partner's person, or the partner.
    pub fn partner(person: Option<User>) -> Self {
        Self { who: Who::Partner(person), door: Door::Sharing }
    }

    pub fn kind(&self) -> Kind {
        match self.who {
            Who::Operator => Kind::Operator,
            Who::Clock => Kind::Clock,
            Who::Agent(_) => Kind::Agent,
            Who::Customer(_) => Kind::Customer,
            Who::Stranger(_) => Kind::Stranger,
            Who::Program => Kind::Program,
            Who::Partner(_) => Kind::Partner,
        }
    }

    pub fn door(&self) -> Door {
        self.door
    }

    /// The person in whose name it is done.
    pub fn user(&self) -> Option<&User> {
        match &self.who {
            Who::Agent(user) | Who::Customer(user) => Some(user),
            Who::Stranger(user) | Who::Partner(user) => user.as_ref(),
            Who::Operator | Who::Clock | Who::Program => None,
        }
    }

    pub fn id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// Whether it speaks for this desk: an agent, or who or what acts as one.
    pub fn is_staff(&self) -> bool {
        matches!(self.kind(), Kind::Operator | Kind::Clock | Kind::Agent | Kind::Program)
    }
}
