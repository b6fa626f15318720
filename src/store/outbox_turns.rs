//! The `outbox` table while a server refuses everything of a sender: one mail tries, and what was lost comes back.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::lease::Lease;
use crate::store::outbox;
use crate::store::outbox::Outgoing;
use crate::ticket::id::OutboxId;
use crate::ticket::id::QueueId;

/// The mail of a paused sender whose turn it is: due or not, the one that was tried least.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    pub account: &'a str,
    pub queue_id: QueueId,
    pub lease_until: Timestamp,
}

/// Takes it; of one ticket and recipient, the earliest.
pub async fn claim_one(
    tx: &mut Tx,
    turn: &Turn<'_>,
    now: Timestamp,
) -> Result<Option<Outgoing>, sqlx::Error> {
    let lease = Lease { now, until: turn.lease_until };
    Ok(outbox::TURN.take(tx, lease, &[turn.account.into(), turn.queue_id.0.into()]).await?.pop())
}

/// Lets go of what a silent process has claimed and not begun to hand over: should it go on, it finds it lost.
pub async fn release_unstarted(tx: &mut Tx, by: &str) -> Result<(), sqlx::Error> {
    let sql = "update outbox set lease_until = 0
        where state = 'queued' and lease_until > 0 and lease_by = $1 and data_started_at is null";
    on!(tx, |conn| sqlx::query(sql).bind(by).execute(conn).await.map(drop))
}

/// A mail was refused after its text had left: an answer, so that the next attempt is not taken for the second
/// without one. False if the lease was lost.
pub async fn withdraw_data(tx: &mut Tx, id: OutboxId, attempts: i64) -> Result<bool, sqlx::Error> {
    let sql = "update outbox set data_started_at = null where id = $1 and attempts = $2 and state = 'queued'";
    let done = on!(tx, |conn| sqlx::query(sql).bind(id).bind(attempts).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// Notes the return path that a mail really had.
pub async fn note_sender(tx: &mut Tx, id: OutboxId, sender: &str) -> Result<(), sqlx::Error> {
    let sql = "update outbox set envelope_from = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(sender).bind(id).execute(conn).await.map(drop))
}

/// Sends what was held back behind a mail because its recipient was suppressed for it.
pub async fn release_held(
    tx: &mut Tx,
    recipient_key: &str,
    after: OutboxId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update outbox set state = 'queued', due_at = $1, answer = null, settled_at = null
        where id > $2 and recipient_key = $3 and state = 'cancelled'
            and answer like 'held back: the address is suppressed%'";
    on!(tx, |conn| {
        sqlx::query(sql).bind(now).bind(after).bind(recipient_key).execute(conn).await.map(drop)
    })
}
