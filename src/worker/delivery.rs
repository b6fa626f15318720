//! Sending: claim, say that the text is about to leave, hand over, settle; each its own commit.
//!
//! The only place from which mail leaves. No transaction is open while a server is spoken to.

pub mod account_worker;
mod attempt;
mod mend;
mod settle;

use std::time::Duration;

use tokio::time::Instant;
use tracing::error;

use crate::clock::Timestamp;
use crate::crash;
use crate::desk::app::App;
use crate::desk::relay;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store;
use crate::store::outbox::Outgoing;
use crate::store::outbox::turns::Turn;
use crate::store::sender_pauses::SenderPause;
use crate::worker::delivery::account_worker::AccountWorker;
use crate::worker::delivery::account_worker::DeliveryError;
use crate::worker::delivery::attempt::Attempt;
use crate::worker::delivery::attempt::DueMail;
use crate::worker::delivery::attempt::Handover;
use crate::worker::delivery::attempt::Tried;
use crate::worker::delivery::settle::End;
use crate::worker::handover;
use crate::worker::return_path;
use crate::worker::return_path::ReturnPaths;

/// Mails claimed together; they wait for each other, so not many.
const CLAIM: i64 = 10;
/// How often the outbox is looked at without being woken.
const POLL: Duration = Duration::from_secs(1);
impl AccountWorker {
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
        self.mend_clock(app).await?;
        let desk = app.desk();
        let delivery = &desk.config.delivery;
        // The clock is wrong: what it does would be too early or too late for all others. The pulse says so.
        let is_off = app.clock.corrected_by() > 0;
        if delivery.paused || is_off || self.is_resting(app).await? {
            return Ok(0);
        }
        let now = app.now();
        // A quarter more than one attempt may take.
        let lease_until = now.plus(delivery.attempt + delivery.attempt / 4);
        let rows = self.claim(app, now, lease_until).await?;
        let claimed = rows.len();
        let mut rows = rows.into_iter();
        let mut waiting = Vec::new();
        while let Some(row) = rows.next() {
            if self.newly_paused.contains(&row.queue_id) {
                waiting.push(row);
                continue;
            }
            let may_send = !app.tasks.is_draining() && self.pace.allows(app.now());
            let tried = if may_send && app.now() < lease_until.minus(delivery.attempt) {
                self.deliver(app, &row).await
            } else {
                Ok(false)
            };
            if matches!(tried, Ok(true)) {
                continue;
            }
            self.held = std::iter::once(row).chain(rows).chain(waiting).collect();
            tried?;
            handover::give_back(app, &self.held, Timestamp(app.now().0 + Timestamp::SECOND)).await?;
            self.held.clear();
            return Ok(0);
        }
        if !waiting.is_empty() {
            self.held = waiting;
            handover::give_back(app, &self.held, now).await?;
            self.held.clear();
        }
        Ok(claimed)
    }

    /// Reads what is known of the account; says whether it rests.
    async fn is_resting(&mut self, app: &App) -> Result<bool, sqlx::Error> {
        let now = app.now();
        let mut tx = app.db.look().await?;
        let channel = store::channels::find(&mut tx, &self.account.name).await?;
        let refused = store::return_paths::list(&mut tx, now.minus(return_path::MEMORY)).await?;
        self.return_paths = ReturnPaths::of_account(&refused, &self.account.name);
        self.pauses = store::sender_pauses::list(&mut tx).await?;
        self.pauses.retain(|pause| pause.account == self.account.name);
        self.newly_paused.clear();
        Ok(channel.is_some_and(|channel| channel.paused_until > now))
    }

    /// Of each paused sender whose turn it is one mail, and what is due of the others.
    async fn claim(
        &self,
        app: &App,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Vec<Outgoing>, sqlx::Error> {
        let account = self.account.name.as_str();
        let trying = |pause: &&SenderPause| pause.ended_at.is_none() && pause.paused_until <= now;
        let alone = !self.pauses.iter().any(|pause| trying(&pause));
        let mut tx = if alone { app.db.write_one().await? } else { app.db.write().await? };
        let mut rows = Vec::new();
        crash::point("delivery.claim.before_commit");
        for pause in self.pauses.iter().filter(trying) {
            if store::sender_pauses::take_turn(&mut tx, pause, now, now.plus(relay::PAUSE)).await? {
                let turn = Turn { account, queue_id: pause.queue_id, lease_until };
                rows.extend(store::outbox::turns::claim_one(&mut tx, &turn, now).await?);
            }
        }
        rows.extend(store::outbox::claim(&mut tx, account, now, lease_until, CLAIM).await?);
        tx.commit().await?;
        crash::point("delivery.claim.after_commit");
        Ok(rows)
    }

    /// Tries one mail; false when the account should rest and the mail be given back.
    async fn deliver(&mut self, app: &App, row: &Outgoing) -> Result<bool, DeliveryError> {
        let desk = app.desk();
        // The attempt before this one ended after DATA, with its process.
        let unclear = row.unclear + i64::from(row.data_started_at.is_some());
        if unclear > 1 {
            self.settle(app, row, &End::of(Outcome::Unclear, unclear)).await?;
            return Ok(true);
        }
        let composed = match handover::compose(app, row).await? {
            Ok(composed) => composed,
            Err(error) => {
                let refusal = Refusal::own(Stage::Recipient, "5.6.0", error.to_string());
                self.settle(app, row, &End::of(Outcome::Rejected(refusal), unclear)).await?;
                return Ok(true);
            }
        };
        // Of all tries of this attempt: the lease lasts for no more.
        let deadline = Instant::now() + desk.config.delivery.attempt;
        let due = DueMail { row, composed: &composed, unclear, deadline };
        let Tried { attempt, sender, refused_path } = self.attempt(app, &due).await?;
        match attempt {
            Attempt::Answered(outcome) => {
                crash::point("delivery.after_answer");
                let others = self.others(app, &outcome, &due).await;
                let is_heard = true;
                let end = End { others, is_heard, sender, ..End::of(outcome, unclear) };
                self.settle_surely(app, row, &end).await?;
                if let Some(path) = refused_path {
                    self.learn(app, path).await?;
                }
                Ok(true)
            }
            Attempt::Ours(refusal) => {
                let end = End { about_us: true, ..End::of(Outcome::Deferred(refusal), unclear) };
                self.settle_surely(app, row, &end).await?;
                Ok(true)
            }
            Attempt::Turned { refusal, stage } => {
                self.rest(app, &refusal).await?;
                let is_old = app.now().since(row.created_at) > desk.config.delivery.warn_after;
                let late = is_old && app.may_go_by_age();
                // A refusal is an answer: the next attempt must not take this one for unclear.
                if late || stage == Handover::Begun {
                    self.settle(app, row, &End::of(Outcome::Deferred(refusal), unclear)).await?;
                }
                Ok(false)
            }
            Attempt::LeaseLost => Ok(true),
        }
    }
}
