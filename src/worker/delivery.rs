//! Sending: claim, say that the text is about to leave, hand over, settle; each its own commit.
//!
//! The only place from which mail leaves. No transaction is open while a server is spoken to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::error;
use tracing::info;
use tracing::warn;

use crate::clock::Timestamp;
use crate::config::smtp::SmtpAccount;
use crate::config::smtp::SmtpTransport;
use crate::crash;
use crate::desk::app::App;
use crate::desk::suppress;
use crate::desk::undelivered;
use crate::desk::undelivered::Fate;
use crate::smtp;
use crate::smtp::Channel;
use crate::smtp::Transport;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store;
use crate::store::db;
use crate::store::outbox::Outgoing;
use crate::store::outbox::Settlement;
use crate::worker::handover;
use crate::worker::handover::StartError;
use crate::worker::login;
use crate::worker::outside::Outside;
use crate::worker::pace::Pace;
use crate::worker::return_path::ReturnPaths;
use crate::worker::settlement;

/// Mails claimed together; they wait for each other, so not many.
const CLAIM: i64 = 10;
/// Pause before the database is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How often the outbox is looked at without being woken.
const POLL: Duration = Duration::from_secs(1);
/// An account that its server turns away rests so many times longer than one whose server is not there.
const LONGER: u32 = 10;
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

/// How an attempt at one mail ended.
enum Attempt {
    Answered(Outcome),
    /// The account is the trouble, not the mail.
    Turned {
        refusal: Refusal,
        stage: Handover,
    },
    /// Another process has the mail now.
    LeaseLost,
    /// Refused for something that the next attempt, at once, leaves out.
    Again,
}

/// Whether the text of a mail was about to leave when the account turned out to be the trouble.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Handover {
    Ahead,
    Begun,
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

    async fn attempt(
        &mut self,
        app: &App,
        row: &Outgoing,
        raw: &[u8],
        unclear: i64,
    ) -> Result<Attempt, DeliveryError> {
        let deadline = Instant::now() + app.desk.config.delivery.attempt;
        let mut channel = match self.open(app, deadline).await {
            Ok(channel) => channel,
            Err(refusal) => return Ok(Attempt::Turned { refusal, stage: Handover::Ahead }),
        };
        let recipients = [row.recipient.clone()];
        let sender = self.return_paths.of(row);
        let sender = sender.as_deref();
        let mail = smtp::Mail { message_id: &row.message_id, sender, recipients: &recipients, raw };
        let mut stage = Handover::Ahead;
        let before_data = async || {
            handover::start_data(app, row, unclear).await?;
            stage = Handover::Begun;
            Ok(())
        };
        let outcomes = match channel.send(&mail, before_data, deadline).await {
            Ok(outcomes) => outcomes,
            Err(StartError::Lost) => return Ok(Attempt::LeaseLost),
            Err(StartError::Store(error)) => return Err(error.into()),
        };
        let outcome = outcomes.into_iter().next().unwrap_or(Outcome::Unclear);
        if self.return_paths.refused(row, &outcome) {
            return Ok(Attempt::Again);
        }
        if matches!(outcome, Outcome::Sent { .. } | Outcome::Rejected(_)) {
            self.channel = Some(channel);
        }
        Ok(match outcome {
            Outcome::Deferred(refusal) if refusal.pauses_channel() || self.is_about_account(&refusal) => {
                Attempt::Turned { refusal, stage }
            }
            outcome => {
                self.refusals = if is_sender_refusal(&outcome) { self.refusals } else { 0 };
                Attempt::Answered(outcome)
            }
        })
    }

    /// Connection trouble concerns every mail alike; so does the same refusal of several senders in a row.
    fn is_about_account(&mut self, refusal: &Refusal) -> bool {
        match refusal.stage {
            Stage::Connect | Stage::Tls | Stage::Greeting => true,
            Stage::Sender if refusal.code.is_some() => {
                self.refusals += 1;
                self.refusals >= MOST_REFUSALS
            }
            _ => false,
        }
    }

    async fn open(&mut self, app: &App, deadline: Instant) -> Result<Channel, Refusal> {
        if let Some(mut channel) = self.channel.take()
            && channel.ready(deadline).await
        {
            return Ok(channel);
        }
        let tokens = &self.outside.tokens;
        let login = match &self.account.transport {
            SmtpTransport::Server(server) => server.login.as_ref(),
            SmtpTransport::Directory(_) => None,
        };
        let Some(login) = login else { return self.transport.open(None, deadline).await };
        let credentials = tokio::time::timeout_at(deadline, login::credentials(app, tokens, login)).await;
        let credentials = match credentials {
            Ok(Ok(credentials)) => credentials,
            Ok(Err(error)) => return Err(Refusal::of(Stage::Login, error.to_string())),
            Err(_) => return Err(Refusal::of(Stage::Login, "fetching the secret took too long")),
        };
        let token = credentials.token().cloned();
        let opened = self.transport.open(Some(credentials), deadline).await;
        if matches!(&opened, Err(refusal) if refusal.stage == Stage::Login) {
            login::refused(tokens, login, token.as_ref()).await;
        }
        opened
    }

    /// Lets the account rest.
    async fn rest(&mut self, app: &App, refusal: &Refusal) -> Result<(), sqlx::Error> {
        let unreachable = matches!(refusal.stage, Stage::Connect | Stage::Tls | Stage::Greeting);
        let now = app.now();
        let rest = app.desk.config.delivery.rest;
        let paused_until = now.plus(if unreachable { rest } else { LONGER * rest });
        warn!(account = self.account.name, "account {} rests: {refusal}", self.account.name);
        metrics::counter!("helpdeskd_deliveries_total", "outcome" => "account").increment(1);
        self.refusals = 0;
        let channel = store::channels::Channel {
            account: self.account.name.clone(),
            paused_until,
            refusals: MOST_REFUSALS,
            last_error: Some(refusal.to_string()),
        };
        let mut tx = app.db.write().await?;
        store::channels::upsert(&mut tx, &channel).await?;
        crash::point("delivery.rest.before_commit");
        tx.commit().await?;
        crash::point("delivery.rest.after_commit");
        Ok(())
    }

    /// Settles when the database is back, if it is gone: without the answer the mail would be sent again.
    async fn settle_surely(
        &self,
        app: &App,
        row: &Outgoing,
        outcome: &Outcome,
        unclear: i64,
    ) -> Result<(), DeliveryError> {
        loop {
            match self.settle(app, row, outcome.clone(), unclear).await {
                Err(DeliveryError::Store(error)) if db::is_passing(&error) => {
                    warn!(
                        outbox.id = row.id.0,
                        "what became of mail {} waits to be written: {error}", row.id
                    );
                    if !app.tasks.pause(AGAIN).await {
                        return Err(error.into());
                    }
                }
                other => return other,
            }
        }
    }

    async fn settle(
        &self,
        app: &App,
        row: &Outgoing,
        outcome: Outcome,
        unclear: i64,
    ) -> Result<(), DeliveryError> {
        let now = app.now();
        let failure = settlement::failure(&outcome);
        let decision = settlement::decide(&app.desk, row, outcome, unclear, now);
        let mut tx = app.db.write().await?;
        let settlement = Settlement {
            state: decision.state,
            due_at: decision.due_at,
            unclear: decision.unclear,
            relay_id: decision.relay_id.as_deref(),
            answer: &decision.answer,
            warned_at: decision.warns.then_some(now),
            settled_at: (decision.state != "queued").then_some(now),
        };
        let ours = store::outbox::settle(&mut tx, row.id, row.attempts, &settlement).await?;
        if ours && (decision.warns || matches!(decision.state, "rejected" | "unknown")) {
            let fate = Fate::Answered { state: decision.state, answer: &decision.answer };
            undelivered::tell(&app.desk, &mut tx, row, fate, now).await?;
        }
        if let Some(failure) = failure.filter(|_| ours) {
            suppress::failed(&app.desk, &mut tx, row, &failure, now).await?;
        }
        crash::point("delivery.settle.before_commit");
        tx.commit().await?;
        crash::point("delivery.settle.after_commit");
        metrics::counter!("helpdeskd_deliveries_total", "outcome" => decision.state).increment(1);
        info!(
            outbox.id = row.id.0,
            state = decision.state,
            attempts = row.attempts,
            "mail {} is {}",
            row.id,
            decision.state
        );
        Ok(())
    }
}

fn is_sender_refusal(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Deferred(refusal) if refusal.stage == Stage::Sender)
}
