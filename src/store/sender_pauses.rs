//! The `sender_pauses` table: senders whose mail waits because their account's server refuses it, whoever it is for.
//!
//! A queue stands for its address. A pause that ended is kept for a while, see `ended_at`.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;

/// One sender that is paused, or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SenderPause {
    pub account: String,
    pub queue_id: QueueId,
    pub since: Timestamp,
    /// When one mail tries whether it is mended.
    pub paused_until: Timestamp,
    /// What the refusals have in common, such as `550 5.7.60`.
    pub alike: String,
    /// Of the recipient who was refused last; empty once it is known that another domain's makes no difference.
    pub domain: String,
    pub answer: String,
    pub ended_at: Option<Timestamp>,
}

row!(SenderPause { account, queue_id, since, paused_until, alike, domain, answer, ended_at });

/// Begins a pause or makes it longer; one that goes on keeps its beginning.
pub async fn upsert(tx: &mut Tx, pause: &SenderPause) -> Result<(), sqlx::Error> {
    let sql = "insert into sender_pauses (account, queue_id, since, paused_until, alike, domain, answer)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (account, queue_id) do update set
            since = case when sender_pauses.ended_at is null then sender_pauses.since else excluded.since end,
            paused_until = excluded.paused_until, alike = excluded.alike, domain = excluded.domain,
            answer = excluded.answer, ended_at = null";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&pause.account)
            .bind(pause.queue_id)
            .bind(pause.since)
            .bind(pause.paused_until)
            .bind(&pause.alike)
            .bind(&pause.domain)
            .bind(&pause.answer)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// All pauses, also those that ended.
pub async fn list(tx: &mut Tx) -> Result<Vec<SenderPause>, sqlx::Error> {
    let sql = "select * from sender_pauses order by account, queue_id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Takes the turn to try one mail, until the next turn; false if it is not yet time, or another process has it.
pub async fn take_turn(
    tx: &mut Tx,
    pause: &SenderPause,
    now: Timestamp,
    next: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update sender_pauses set paused_until = $1
        where account = $2 and queue_id = $3 and ended_at is null and paused_until <= $4 and exists (
            select 1 from outbox where outbox.account = $2 and outbox.queue_id = $3 and outbox.state = 'queued'
                and outbox.lease_until <= $4)";
    let done = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(next)
            .bind(&pause.account)
            .bind(pause.queue_id)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(done == 1)
}

/// Whether this sender is paused, or refusals of this account have nothing behind them that its server took.
pub async fn is_any_open(tx: &mut Tx, account: &str, queue_id: QueueId) -> Result<bool, sqlx::Error> {
    let sql = "select exists (select 1 from refusals where account = $1 and others_at is null)
        or exists (select 1 from sender_pauses where account = $1 and queue_id = $2 and ended_at is null)";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(account).bind(queue_id).fetch_one(conn).await)
}

/// Ends a pause; false if there was none. `domain` took the mail that shows it: it is not to blame.
pub async fn end(
    tx: &mut Tx,
    account: &str,
    queue_id: QueueId,
    domain: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update sender_pauses set ended_at = $1, domain = case when domain = $2 then '' else domain end
        where account = $3 and queue_id = $4 and ended_at is null";
    let done = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(now)
            .bind(domain)
            .bind(account)
            .bind(queue_id)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(done == 1)
}

/// The senders of one account, or (empty) of all, try now whether it is mended.
pub async fn hasten(tx: &mut Tx, account: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update sender_pauses set paused_until = $1
        where ended_at is null and paused_until > $1 and ($2 = '' or account = $2)";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(account).execute(conn).await.map(drop))
}

/// No turn is later than `latest`: another clock wrote what is.
pub async fn correct(tx: &mut Tx, latest: Timestamp, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update sender_pauses set paused_until = $1 where ended_at is null and paused_until > $2";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(latest).execute(conn).await.map(drop))
}
