//! Ticket sharing with other help desks: what a partner may do here, and what leaves for him.
//!
//! Speaks to nobody: requests to partners are written down in order, for the loop that sends them.

pub mod agreement;
pub mod command;
pub mod compose;
pub(crate) mod enqueue;
pub mod file;
pub mod follow;
pub mod intake;
pub mod outcome;
pub mod partner;
pub mod people;
pub(crate) mod readback;
pub mod request;
pub mod say;
pub mod state;
pub mod tell;
pub mod ticket;
pub mod turn;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::sharing::answer::Refusal;
use crate::store::agreements::Agreement;
use crate::ticket::TicketError;

/// What every step of one request of a partner looks at.
#[derive(Debug)]
pub struct Case<'a> {
    pub desk: &'a Desk,
    pub agreement: &'a Agreement,
    pub now: Timestamp,
}

/// Why a partner's request was not done.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// His doing; told to him.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Ours; he tries again.
    #[error(transparent)]
    Desk(DeskError),
}

impl From<DeskError> for ShareError {
    fn from(error: DeskError) -> Self {
        match error {
            // Deleted meanwhile.
            DeskError::Ticket(TicketError::Unknown(_)) => Self::Refused(Refusal::NotFound),
            DeskError::Forbidden(_) => Self::Refused(Refusal::Forbidden("a partner may not do that")),
            error => Self::Desk(error),
        }
    }
}

impl From<sqlx::Error> for ShareError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}
