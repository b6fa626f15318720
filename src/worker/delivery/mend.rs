//! Stored times that a clock wrote which was ahead: no mail, lease or pause lasts longer than what could have set it.
//!
//! What a clock wrote that was behind is over already.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::relay;
use crate::store;
use crate::store::db;
use crate::worker::backoff;
use crate::worker::delivery::account_worker::AccountWorker;
use crate::worker::delivery::settle::LONGER;

/// How often it is looked for.
const EVERY: i64 = Timestamp::MINUTE;
/// Clocks of several processes differ.
const SLACK: Duration = Duration::from_mins(1);

impl AccountWorker {
    /// Looks for such times, at the start and once a minute by any clock.
    pub(super) async fn mend_clock(&mut self, app: &App) -> Result<(), sqlx::Error> {
        let now = app.now();
        if self.mended_at.is_some_and(|at| (now.0 - at.0).abs() < EVERY) {
            return Ok(());
        }
        let desk = app.desk();
        let delivery = &desk.config.delivery;
        let latest = |most: Duration| now.plus(most + SLACK);
        let mut tx = app.db.write().await?;
        // A lease may be another process's, and must not end early because our clock is behind.
        let most = delivery.attempt + delivery.attempt / 4;
        let held_until = db::now(&mut tx, now).await?.max(now).plus(most + SLACK);
        store::outbox::turns::correct_due(&mut tx, latest(backoff::LONGEST), now).await?;
        store::outbox::turns::correct_leases(&mut tx, held_until).await?;
        store::outbox::turns::correct_birth(&mut tx, now).await?;
        store::channels::correct(&mut tx, latest(LONGER * delivery.rest), now).await?;
        store::sender_pauses::correct(&mut tx, latest(relay::PAUSE), now).await?;
        tx.commit().await?;
        self.mended_at = Some(now);
        Ok(())
    }
}
