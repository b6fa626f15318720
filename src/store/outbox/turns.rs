//! The `outbox` table after something went wrong: a server that refused everything, a clock that was set; what was lost
//! comes back.

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

/// Mails that were given up, or of whose fate nobody knows, since a moment; oldest first.
pub async fn list_lost(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where state in ('rejected', 'unknown') and settled_at >= $1
        order by settled_at, id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(since).bind(limit).fetch_all(conn).await)
}

/// Sends them again, those of one account or (empty) of all; says how many.
pub async fn retry_lost(
    tx: &mut Tx,
    account: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    let sql = "update outbox set state = 'queued', due_at = $1, lease_until = 0, unclear = 0, data_started_at = null,
            settled_at = null
        where state in ('rejected', 'unknown') and settled_at >= $2 and ($3 = '' or account = $3)";
    on!(tx, |conn| {
        let query = sqlx::query(sql).bind(now).bind(since).bind(account);
        Ok(query.execute(conn).await?.rows_affected())
    })
}

/// What waits for its next attempt is tried now; says how many mails.
pub async fn hasten(tx: &mut Tx, account: &str, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql =
        "update outbox set due_at = $1 where state = 'queued' and due_at > $1 and ($2 = '' or account = $2)";
    on!(tx, |conn| Ok(sqlx::query(sql).bind(now).bind(account).execute(conn).await?.rows_affected()))
}

/// No mail waits longer than `latest`: another clock wrote what does.
pub async fn correct_due(tx: &mut Tx, latest: Timestamp, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update outbox set due_at = $1 where state = 'queued' and due_at > $2";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(latest).execute(conn).await.map(drop))
}

/// As [`correct_due`], of leases: whoever has one keeps it for as long as a lease may last from now.
pub async fn correct_leases(tx: &mut Tx, latest: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update outbox set lease_until = $1 where state = 'queued' and lease_until > $1";
    on!(tx, |conn| sqlx::query(sql).bind(latest).execute(conn).await.map(drop))
}

/// No mail is younger than now.
pub async fn correct_birth(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update outbox set created_at = $1 where state = 'queued' and created_at > $1";
    on!(tx, |conn| sqlx::query(sql).bind(now).execute(conn).await.map(drop))
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
