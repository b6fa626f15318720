//! Reading for people and programs, the same through every door: lists of tickets, a ticket, a customer.
//!
//! Changes nothing, and asks nobody for permission: whoever calls says for whom it reads. Each reads with a fixed
//! number of statements, however many rows it shows.

pub mod customer;
pub mod list;
mod resolve;
pub mod search;
mod sieve;
pub mod ticket;

use crate::clock::Timestamp;
use crate::ticket::id::UserId;

/// For whom something is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Agents, operators, programs: everything.
    Staff,
    /// A customer: what is public.
    Outsider,
}

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Whom `owner:me` means.
    pub me: Option<UserId>,
    pub now: Timestamp,
}

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("there is no queue `{0}`")]
    NoQueue(String),
    #[error("there is no type `{0}`")]
    NoType(String),
    #[error("there is no agent `{0}`")]
    NoAgent(String),
    #[error("several agents are called `{0}`: write a user name or an address")]
    SeveralAgents(String),
    #[error("`{0}` has no word to look for")]
    NoWord(String),
    #[error("nobody is asking, so nobody is `owner:me`")]
    NoMe,
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
}
