//! Writing down how an attempt ended: for the mail, or for an account that is to rest.
//!
//! What an outcome means is decided in `settlement`.

use std::time::Duration;

use tracing::info;
use tracing::warn;

use crate::crash;
use crate::desk::app::App;
use crate::desk::event;
use crate::desk::relay;
use crate::desk::relay::Others;
use crate::desk::relay::Word;
use crate::desk::suppress;
use crate::desk::undelivered::Fate;
use crate::desk::warning;
use crate::mail::delivery::State;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store;
use crate::store::db::Tx;
use crate::store::faults;
use crate::store::outbox::Outgoing;
use crate::store::outbox::Settlement;
use crate::store::return_paths::Path;
use crate::worker::delivery::account_worker::AccountWorker;
use crate::worker::delivery::account_worker::DeliveryError;
use crate::worker::delivery::account_worker::MOST_REFUSALS;
use crate::worker::settlement;
use crate::worker::settlement::Decision;

/// Pause before the database is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// An account that its server turns away rests so many times longer than one whose server is not there.
pub(super) const LONGER: u32 = 10;

/// How an attempt at one mail ended, and what of it is to be kept.
#[derive(Clone, Debug)]
pub struct End {
    pub outcome: Outcome,
    pub unclear: i64,
    /// The refusal is about us: the sender pauses.
    pub(crate) about_us: bool,
    /// How the server treats others.
    pub others: Others,
    /// A server was spoken to; else a process that died left the mail without an end.
    pub is_heard: bool,
    /// The return path, where it was not the mail's own.
    pub sender: Option<String>,
}

impl End {
    pub fn of(outcome: Outcome, unclear: i64) -> Self {
        Self { outcome, unclear, about_us: false, others: Others::Unknown, is_heard: false, sender: None }
    }
}

/// What an end means for the other mails of the same sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    GoesOn,
    Pauses,
}

impl AccountWorker {
    /// Lets the account rest.
    pub async fn rest(&mut self, app: &App, refusal: &Refusal) -> Result<(), sqlx::Error> {
        let desk = app.desk();
        let unreachable = matches!(refusal.stage, Stage::Connect | Stage::Tls | Stage::Greeting);
        let now = app.now();
        let rest = desk.config.delivery.rest;
        let paused_until = now.plus(if unreachable { rest } else { LONGER * rest });
        warn!(account = self.account.name, "account {} rests: {refusal}", self.account.name);
        metrics::counter!("helpdeskd_deliveries_total", "outcome" => "account").increment(1);
        self.refusals = 0;
        let channel = store::channels::AccountState {
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

    /// Keeps for all processes that a return path is refused.
    pub(crate) async fn learn(&mut self, app: &App, path: Path) -> Result<(), sqlx::Error> {
        self.return_paths.learn(path);
        info!(
            account = self.account.name,
            "account {} takes no {} return path; its mail leaves from the plain address",
            self.account.name,
            path.as_str()
        );
        let mut tx = app.db.write().await?;
        store::return_paths::upsert(&mut tx, &self.account.name, path, app.now()).await?;
        tx.commit().await
    }

    /// Settles when the database is back, if it is gone: without the answer the mail would be sent again.
    pub async fn settle_surely(&mut self, app: &App, row: &Outgoing, end: &End) -> Result<(), DeliveryError> {
        loop {
            match self.settle(app, row, end).await {
                Ok(Sender::Pauses) => {
                    self.newly_paused.insert(row.queue_id);
                    return Ok(());
                }
                Ok(Sender::GoesOn) => return Ok(()),
                Err(DeliveryError::Store(error)) if faults::is_passing(&error) => {
                    warn!(
                        outbox.id = row.id.0,
                        "what became of mail {} waits to be written: {error}", row.id
                    );
                    if !app.tasks.pause(AGAIN).await {
                        return Err(error.into());
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub async fn settle(&self, app: &App, row: &Outgoing, end: &End) -> Result<Sender, DeliveryError> {
        let desk = app.desk();
        let now = app.now();
        let alone = settled_alone(app, row, end).await?;
        let is_alone = alone.is_some();
        let mut tx = match alone {
            Some(tx) => tx,
            None => app.db.write().await?,
        };
        let word = self.weigh(app, &mut tx, row, end).await?;
        let about_us = end.about_us || word == Word::ToAll;
        let outcome = match end.outcome.clone() {
            Outcome::Rejected(refusal) if about_us || word == Word::Doubted => Outcome::Deferred(refusal),
            outcome => outcome,
        };
        let failure = settlement::failure(row, &outcome);
        let mut decision = settlement::decide(&desk, row, outcome, end.unclear, now);
        decision.about_us = about_us;
        // Whoever wrote the mail must not hear that it is late from a clock that leapt.
        decision.warns = decision.warns && app.may_go_by_age();
        if about_us && decision.state == State::Queued {
            // The pause holds it; when that ends, nothing else should.
            decision.due_at = now;
        }
        if word == Word::Doubted && decision.state == State::Queued {
            decision.due_at = now.plus(relay::SECOND_OPINION);
        }
        let settlement = Settlement {
            state: decision.state,
            due_at: decision.due_at,
            unclear: decision.unclear,
            relay_id: decision.relay_id.as_deref(),
            answer: &decision.answer,
            warned_at: decision.warns.then_some(now),
            settled_at: (decision.state != State::Queued).then_some(now),
        };
        if !store::outbox::settle(&mut tx, row.id, row.attempts, &settlement).await? {
            tx.rollback().await?;
            return Ok(Sender::GoesOn);
        }
        let sender =
            if is_alone { Sender::GoesOn } else { follow(app, &mut tx, row, end, &decision).await? };
        if let Some(failure) = failure {
            suppress::failed(&desk, &mut tx, row, &failure, now).await?;
        }
        crash::point("delivery.settle.before_commit");
        tx.commit().await?;
        crash::point("delivery.settle.after_commit");
        metrics::counter!("helpdeskd_deliveries_total", "outcome" => decision.state.as_str()).increment(1);
        info!(
            outbox.id = row.id.0,
            state = decision.state.as_str(),
            attempts = row.attempts,
            "mail {} is {}",
            row.id,
            decision.state
        );
        Ok(sender)
    }

    /// What a final refusal is worth; whatever else ended an attempt is final as it is.
    async fn weigh(&self, app: &App, tx: &mut Tx, row: &Outgoing, end: &End) -> Result<Word, DeliveryError> {
        let Outcome::Rejected(refusal) = &end.outcome else { return Ok(Word::Final) };
        if !refusal.may_be_meant_for_all() {
            return Ok(Word::Final);
        }
        let refusal = relay::Refusal { row, alike: &refusal.alike(), answer: &refusal.to_string() };
        Ok(relay::weigh(&app.desk(), tx, &refusal, end.others, app.now()).await?)
    }
}

/// For an end that changes the mail's own row only, in one statement: nearly all mails are taken at once, while nothing
/// is refused.
async fn settled_alone(app: &App, row: &Outgoing, end: &End) -> Result<Option<Tx>, sqlx::Error> {
    if !matches!(end.outcome, Outcome::Sent { .. }) || end.sender.is_some() || row.attempts > 1 {
        return Ok(None);
    }
    let mut tx = app.db.write_one().await?;
    let is_open = store::sender_pauses::is_any_open(&mut tx, &row.account, row.queue_id).await?;
    Ok(Some(tx).filter(|_| !is_open))
}

/// What follows from an end besides the mail's own state.
async fn follow(
    app: &App,
    tx: &mut Tx,
    row: &Outgoing,
    end: &End,
    decision: &Decision,
) -> Result<Sender, DeliveryError> {
    let desk = app.desk();
    let now = app.now();
    let mut pauses = Sender::GoesOn;
    match &end.outcome {
        Outcome::Sent { .. } => relay::accepted(tx, row, now).await?,
        Outcome::Deferred(refusal) | Outcome::Rejected(refusal) if decision.about_us => {
            let told = relay::Refusal { row, alike: &refusal.alike(), answer: &refusal.to_string() };
            relay::pause(&desk, tx, &told, now).await?;
            pauses = Sender::Pauses;
            warn!(
                account = row.account,
                queue = row.queue_id.0,
                "mail of queue {} by account {} waits: {refusal}",
                row.queue_id,
                row.account
            );
        }
        Outcome::Unclear if end.is_heard && relay::unanswered(&desk, tx, row, now).await? => {
            pauses = Sender::Pauses;
        }
        _ => {}
    }
    if let (Some(sender), Outcome::Sent { .. } | Outcome::Unclear) = (&end.sender, &end.outcome) {
        store::outbox::turns::note_sender(tx, row.id, sender).await?;
    }
    if decision.state == State::Unknown {
        warning::unknown_fate(&desk, tx, row, &decision.answer, now).await?;
    }
    if decision.warns || matches!(decision.state, State::Rejected | State::Unknown) {
        let fate = Fate::Answered { state: decision.state, answer: &decision.answer };
        event::record_undelivered(&desk, tx, row, fate, now).await?;
    }
    Ok(pauses)
}
