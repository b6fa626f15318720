//! The lease of a mailbox: one process reads it at a time.
//!
//! Reads no mail.

use crate::crash;
use crate::desk::app::App;
use crate::store;
use crate::ticket::id::MailboxId;

/// Takes the mailbox, or keeps it for longer. False: another process has it.
pub async fn take(app: &App, id: MailboxId, lease: &str) -> Result<bool, sqlx::Error> {
    let desk = app.desk();
    let mut tx = app.db.write().await?;
    let now = store::db::now(&mut tx, app.now()).await?;
    let until = now.plus(desk.config.intake.lease);
    let taken = store::mailboxes::lease(&mut tx, id, lease, now, until).await?;
    crash::point("intake.lease.before_commit");
    tx.commit().await?;
    crash::point("intake.lease.after_commit");
    Ok(taken)
}

/// Ends when the lease is another's, or when the database failed for as long as it lasts.
pub async fn keep(app: &App, id: MailboxId, lease: &str) -> Option<sqlx::Error> {
    let span = app.desk().config.intake.lease;
    let mut kept_at = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(span / 3).await;
        match take(app, id, lease).await {
            Ok(true) => kept_at = tokio::time::Instant::now(),
            Ok(false) => return None,
            Err(error) if kept_at.elapsed() > span => return Some(error),
            Err(_) => {}
        }
    }
}

/// Gives the mailbox back.
pub async fn release(app: &App, id: MailboxId, lease: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::mailboxes::release(&mut tx, id, lease).await?;
    tx.commit().await
}
