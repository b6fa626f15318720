//! Why reading a mailbox ended early.

use crate::imap::error::ImapError;
use crate::worker::handle::HandleError;
use crate::worker::login::LoginError;

/// Why a round ended early.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    #[error(transparent)]
    Handle(#[from] HandleError),
    #[error("another process reads this mailbox now")]
    LeaseLost,
    #[error("reading the mailbox failed")]
    Panicked,
}
