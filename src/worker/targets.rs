//! Telling of targets that are near or missed, by any number of processes at once.

use tracing::info;

use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::target;
use crate::store;

/// Tickets that share a transaction.
const BATCH: i64 = 32;

pub async fn run(app: &App) -> Result<(), DeskError> {
    let mut tx = app.db.read().await?;
    let next = store::tickets::clocks::next(&mut tx).await?;
    drop(tx);
    if next.is_none_or(|next| next > app.now()) {
        return Ok(());
    }
    while !app.tasks.is_draining() {
        let mut tx = app.db.write().await?;
        let seen = target::tell(&app.desk(), &mut tx, BATCH, app.now()).await?;
        tx.commit().await?;
        if seen == 0 {
            break;
        }
        info!(tickets = seen, "looked at the targets of {seen} tickets");
        app.wake.delivery();
    }
    Ok(())
}
