//! What one connection's worth of sending remembers from mail to mail.

use std::collections::HashSet;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::config::smtp::SmtpAccount;
use crate::smtp::OpenTransport;
use crate::smtp::Transport;
use crate::store::outbox::Outgoing;
use crate::store::sender_pauses::SenderPause;
use crate::ticket::id::QueueId;
use crate::worker::outside::Outside;
use crate::worker::pace::Pace;
use crate::worker::return_path::ReturnPaths;

/// Different mails put off alike at MAIL FROM before the account is to blame.
pub(crate) const MOST_REFUSALS: i64 = 3;

/// One connection's worth of sending for one account.
#[derive(Debug)]
pub struct AccountWorker {
    pub account: Arc<SmtpAccount>,
    pub transport: Transport,
    pub pace: Pace,
    pub outside: Outside,
    pub(super) channel: Option<OpenTransport>,
    pub(super) return_paths: ReturnPaths,
    /// Of this account's senders, as the last step found them.
    pub(super) pauses: Vec<SenderPause>,
    /// Senders that this step found to be refused.
    pub(super) newly_paused: HashSet<QueueId>,
    /// Claimed, not settled and not given back, because the database failed.
    pub(super) held: Vec<Outgoing>,
    /// Mails in a row that were put off alike at MAIL FROM.
    pub(super) refusals: i64,
    /// When stored times were last looked at for those that another clock wrote.
    pub(super) mended_at: Option<Timestamp>,
}

/// Why a step ended early.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    #[error("a failed delivery could not be told: {0}")]
    Desk(#[from] crate::desk::DeskError),
}

impl AccountWorker {
    pub fn new(account: Arc<SmtpAccount>, transport: Transport, pace: Pace) -> Self {
        Self {
            account,
            transport,
            pace,
            outside: Outside::default(),
            channel: None,
            held: Vec::new(),
            return_paths: ReturnPaths::default(),
            pauses: Vec::new(),
            newly_paused: HashSet::new(),
            refusals: 0,
            mended_at: None,
        }
    }
}
