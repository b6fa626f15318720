//! Writing down how an attempt ended: for the mail, or for an account that is to rest.
//!
//! What an outcome means is decided in `settlement`.

use std::time::Duration;

use tracing::info;
use tracing::warn;

use crate::crash;
use crate::desk::app::App;
use crate::desk::suppress;
use crate::desk::undelivered;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store;
use crate::store::db;
use crate::store::outbox::Outgoing;
use crate::store::outbox::Settlement;
use crate::worker::delivery::DeliveryError;
use crate::worker::delivery::Lane;
use crate::worker::delivery::MOST_REFUSALS;
use crate::worker::settlement;

/// Pause before the database is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// An account that its server turns away rests so many times longer than one whose server is not there.
const LONGER: u32 = 10;

impl Lane {
    /// Lets the account rest.
    pub async fn rest(&mut self, app: &App, refusal: &Refusal) -> Result<(), sqlx::Error> {
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
    pub async fn settle_surely(
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

    pub async fn settle(
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
            undelivered::tell(&app.desk, &mut tx, row, (decision.state, &decision.answer), now).await?;
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
