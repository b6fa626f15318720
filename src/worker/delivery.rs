//! Sending: claim, say that the text is about to leave, hand over, settle; each its own commit.
//!
//! The only place from which mail leaves. No transaction is open while a server is spoken to.

mod attempt;
mod settle;

use std::sync::Arc;
use std::time::Duration;

use tracing::error;

use crate::clock::Timestamp;
use crate::config::smtp::SmtpAccount;
use crate::crash;
use crate::desk::app::App;
use crate::smtp::Channel;
use crate::smtp::Transport;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store;
use crate::store::outbox::Outgoing;
use crate::worker::delivery::attempt::Attempt;
use crate::worker::delivery::attempt::Handover;
use crate::worker::handover;
use crate::worker::outside::Outside;
use crate::worker::pace::Pace;
use crate::worker::return_path::ReturnPaths;

/// Mails claimed together; they wait for each other, so not many.
const CLAIM: i64 = 10;
/// How often the outbox is looked at without being woken.
const POLL: Duration = Duration::from_secs(1);
/// Different mails refused alike at MAIL FROM before the account is to blame.
const MOST_REFUSALS: i64 = 3;

/// One connection's worth of sending for one account.
#[derive(Debug)]
pub struct Lane {
    pub account: Arc<SmtpAccount>,
    pub transport: Transport,
    pub pace: Pace,
    pub outside: Outside,
    channel: Option<Channel>,
    return_paths: ReturnPaths,
    /// Claimed, not settled and not given back, because the database failed.
    held: Vec<Outgoing>,
    /// Mails in a row that were refused alike.
    refusals: i64,
}

/// Why a step ended early.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    #[error("a failed delivery could not be told: {0}")]
    Desk(#[from] crate::desk::DeskError),
}

impl Lane {
    pub fn new(account: Arc<SmtpAccount>, transport: Transport, pace: Pace) -> Self {
        Self {
            account,
            transport,
            pace,
            outside: Outside::default(),
            channel: None,
            held: Vec::new(),
            return_paths: ReturnPaths::default(),
            refusals: 0,
        }
    }

    /// Sends until the process drains.
    pub async fn run(mut self, app: App) {
        while !app.tasks.is_draining() {
            let sent = match self.step(&app).await {
                Ok(count) => count,
                Err(error) => {
                    error!(
                        account = self.account.name,
                        "delivery by {} stopped for now: {error}", self.account.name
                    );
                    app.tasks.pause(Duration::from_secs(5)).await;
                    0
                }
            };
            if sent == 0 {
                tokio::select! {
                    () = app.wake.delivery_woken() => {}
                    () = tokio::time::sleep(POLL) => {}
                    () = app.tasks.draining() => {}
                }
            }
        }
        if let Some(channel) = self.channel.take() {
            channel.close().await;
        }
    }

    /// Claims what is due and tries each; returns how many were claimed.
    pub async fn step(&mut self, app: &App) -> Result<usize, DeliveryError> {
        if !self.held.is_empty() {
            handover::give_back(app, &self.held, app.now()).await?;
            self.held.clear();
        }
        let delivery = &app.desk.config.delivery;
        if delivery.paused || self.is_resting(app).await? {
            return Ok(0);
        }
        let now = app.now();
        // A quarter more than one attempt may take.
        let lease_until = now.plus(delivery.attempt + delivery.attempt / 4);
        let mut tx = app.db.write().await?;
        let rows = store::outbox::claim(&mut tx, &self.account.name, now, lease_until, CLAIM).await?;
        crash::point("delivery.claim.before_commit");
        tx.commit().await?;
        crash::point("delivery.claim.after_commit");
        let claimed = rows.len();
        let mut rows = rows.into_iter();
        while let Some(row) = rows.next() {
            let may_send = !app.tasks.is_draining() && self.pace.allows(app.now());
            let tried = if may_send && app.now() < lease_until.minus(delivery.attempt) {
                self.deliver(app, &row).await
            } else {
                Ok(false)
            };
            if matches!(tried, Ok(true)) {
                continue;
            }
            self.held = std::iter::once(row).chain(rows).collect();
            tried?;
            handover::give_back(app, &self.held, Timestamp(app.now().0 + Timestamp::SECOND)).await?;
            self.held.clear();
            return Ok(0);
        }
        Ok(claimed)
    }

    async fn is_resting(&self, app: &App) -> Result<bool, sqlx::Error> {
        let mut tx = app.db.read().await?;
        let channel = store::channels::find(&mut tx, &self.account.name).await?;
        Ok(channel.is_some_and(|channel| channel.paused_until > app.now()))
    }

    /// Tries one mail; false when the account should rest and the mail be given back.
    async fn deliver(&mut self, app: &App, row: &Outgoing) -> Result<bool, DeliveryError> {
        // The attempt before this one ended after DATA, with its process.
        let unclear = row.unclear + i64::from(row.data_started_at.is_some());
        if unclear > 1 {
            self.settle(app, row, Outcome::Unclear, unclear).await?;
            return Ok(true);
        }
        let raw = match handover::compose(app, row).await? {
            Ok(raw) => raw,
            Err(error) => {
                let refusal = Refusal::own(Stage::Recipient, "5.6.0", error.to_string());
                self.settle(app, row, Outcome::Rejected(refusal), unclear).await?;
                return Ok(true);
            }
        };
        let mut attempt = self.attempt(app, row, &raw, unclear).await?;
        if matches!(attempt, Attempt::Again) {
            attempt = self.attempt(app, row, &raw, unclear).await?;
        }
        match attempt {
            Attempt::Answered(outcome) => {
                crash::point("delivery.after_answer");
                self.settle_surely(app, row, &outcome, unclear).await?;
                Ok(true)
            }
            Attempt::Turned { refusal, stage } => {
                self.rest(app, &refusal).await?;
                let late = app.now().since(row.created_at) > app.desk.config.delivery.warn_after;
                // A refusal is an answer: the next attempt must not take this one for unclear.
                if late || stage == Handover::Begun {
                    self.settle(app, row, Outcome::Deferred(refusal), unclear).await?;
                }
                Ok(false)
            }
            Attempt::LeaseLost | Attempt::Again => Ok(true),
        }
    }
}
