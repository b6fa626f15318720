//! Cleaning up: old mail, bytes that nothing names, resolved tickets that are to be closed.
//!
//! Everything in small transactions, so that mail and API calls never wait for it, and everything as harmless
//! when two processes do it at once.

use tracing::error;
use tracing::info;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::directory::Queue;
use crate::desk::event;
use crate::desk::prepared::Prepared;
use crate::store;
use crate::ticket::id::BlobId;
use crate::ticket::id::TicketId;
use crate::ticket::status::Status;
use crate::worker::backfill;
use crate::worker::recount;
use crate::worker::recount::Which;

/// Rows that share a transaction.
const BATCH: i64 = 1000;
/// Bytes are written a moment before the row that names them.
const BYTES_STAY: i64 = Timestamp::DAY;

/// Does all of it. What fails is left for the next time, and stops nothing else.
pub async fn run(app: &App) {
    tell("old mails let go of", expire_raw(app).await);
    tell("notes of calls and log-ins forgotten", forget_calls(app).await);
    tell("bytes deleted that nothing names", delete_bytes(app).await);
    tell("resolved tickets closed", close_resolved(app).await);
    tell("older entries indexed", backfill::backfill(app).await);
    // A ticket that was opened just while its queue's days changed was perhaps counted by the old ones.
    tell("queues counted", recount::recount(app, Which::All).await.map_err(DeskError::from));
}

/// Lets go of received mail that is older than `retention.raw_days`; says of how much.
pub async fn expire_raw(app: &App) -> Result<u64, DeskError> {
    let before = app.now().minus(app.desk().config.retention.raw);
    let mut count = 0;
    loop {
        let mut tx = app.db.write().await?;
        let expired = store::inbox::upkeep::expire_raw(&mut tx, before, BATCH).await?;
        tx.commit().await?;
        count += expired;
        if expired == 0 || app.tasks.is_draining() {
            return Ok(count);
        }
    }
}

/// Forgets repeated calls, failed log-ins and places of log-in that count no more; says how many.
pub async fn forget_calls(app: &App) -> Result<u64, DeskError> {
    let day = Timestamp(app.now().0 - Timestamp::DAY);
    let month = Timestamp(app.now().0 - 30 * Timestamp::DAY);
    let mut tx = app.db.write().await?;
    let keys = store::idempotency_keys::delete_before(&mut tx, day).await?;
    let failures = store::login_failures::delete_before(&mut tx, day).await?;
    let origins = store::login_origins::delete_before(&mut tx, month).await?;
    // Their names hold the day, so they are told anew on the next.
    let alerts = store::alerts::delete_passing(&mut tx, month).await?;
    tx.commit().await?;
    Ok(keys + failures + origins + alerts)
}

/// Deletes bytes that nothing names any more; says how many.
pub(crate) async fn delete_bytes(app: &App) -> Result<u64, DeskError> {
    let before = Timestamp(app.now().0 - BYTES_STAY);
    let mut tx = app.db.read().await?;
    let last = store::blobs::newest_before(&mut tx, before).await?;
    drop(tx);
    let Some(BlobId(last)) = last else { return Ok(0) };
    let (mut after, mut count) = (0, 0);
    while after < last && !app.tasks.is_draining() {
        let up_to = last.min(after + BATCH);
        let mut tx = app.db.write().await?;
        count += store::blobs::delete_unreferenced(&mut tx, BlobId(after), BlobId(up_to)).await?;
        tx.commit().await?;
        after = up_to;
    }
    Ok(count)
}

/// Closes tickets that were resolved long enough ago; says how many.
pub(crate) async fn close_resolved(app: &App) -> Result<u64, DeskError> {
    let desk = app.desk();
    let mut count = 0;
    for queue in desk.directory.queues() {
        let Some(after) = queue.config.close_resolved else { continue };
        count += close_resolved_of(app, queue, app.now().minus(after)).await?;
    }
    Ok(count)
}

async fn close_resolved_of(app: &App, queue: &Queue, before: Timestamp) -> Result<u64, DeskError> {
    let mut count = 0;
    loop {
        let mut tx = app.db.read().await?;
        let ids = store::tickets::list_resolved(&mut tx, queue.id, before, BATCH).await?;
        drop(tx);
        let mut closed = 0;
        for &id in &ids {
            match close_one(app, id, before).await {
                Ok(done) => closed += u64::from(done),
                Err(error) => error!(ticket.id = %id, "ticket {id} could not be closed: {error}"),
            }
        }
        count += closed;
        // What is left is what could not be closed.
        if closed == 0 || app.tasks.is_draining() {
            return Ok(count);
        }
    }
}

/// Says whether the ticket was still to be closed.
async fn close_one(app: &App, id: TicketId, before: Timestamp) -> Result<bool, DeskError> {
    let desk = app.desk();
    let mut tx = app.db.write().await?;
    let due = store::tickets::lock(&mut tx, id).await?.filter(|ticket| {
        ticket.status == Status::Resolved && ticket.closed_at.is_some_and(|at| at <= before)
    });
    let Some(ticket) = due else { return Ok(false) };
    let mut action = Action::on(&Actor::desk(), ticket);
    close::close(&desk, &mut tx, &mut action, LastWords::new(Prepared::default()), app.now()).await?;
    event::record(&desk, &mut tx, action, app.now()).await?;
    tx.commit().await?;
    app.wake.delivery();
    Ok(true)
}

fn tell(what: &str, result: Result<u64, DeskError>) {
    match result {
        Ok(0) => {}
        Ok(count) => info!(count, "housekeeping: {count} {what}"),
        Err(error) => error!("housekeeping: {what}: {error}"),
    }
}
