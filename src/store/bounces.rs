//! The `bounces` table: mails that did not arrive, one row for each, with what the refusing server said.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::InboxId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;

/// What became of one mail.
#[derive(Clone, Debug, Serialize)]
pub struct Bounced {
    pub outbox_id: OutboxId,
    pub recipient_key: String,
    /// `failed` or `delayed`.
    pub action: String,
    /// `address`, `mailbox-full`, `policy`, `size` or `transient`.
    pub kind: String,
    pub status: String,
    pub answer: String,
    /// When it was counted against the address; none for what counts for nothing.
    pub counts_at: Option<Timestamp>,
    /// The report, if it came by mail.
    pub inbox_id: Option<InboxId>,
    pub at: Timestamp,
}

row!(Bounced { outbox_id, recipient_key, action, kind, status, answer, counts_at, inbox_id, at });

/// Notes a failure; false if one of this mail is known. A delay may become a failure.
pub async fn insert(tx: &mut Tx, new: &Bounced) -> Result<bool, sqlx::Error> {
    let sql =
        "insert into bounces (outbox_id, recipient_key, action, kind, status, answer, counts_at, inbox_id, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (outbox_id) do update set action = excluded.action, kind = excluded.kind,
            status = excluded.status, answer = excluded.answer, counts_at = excluded.counts_at,
            inbox_id = excluded.inbox_id, at = excluded.at
            where bounces.action = 'delayed' and excluded.action = 'failed'";
    let new = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(new.outbox_id)
            .bind(&new.recipient_key)
            .bind(&new.action)
            .bind(&new.kind)
            .bind(&new.status)
            .bind(&new.answer)
            .bind(new.counts_at)
            .bind(new.inbox_id)
            .bind(new.at)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(new == 1)
}

/// How many failures count against an address since a moment.
pub async fn count_recent(tx: &mut Tx, recipient_key: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from bounces
        where recipient_key = $1 and counts_at >= $2 and counts_at is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(recipient_key).bind(since).fetch_one(conn).await)
}

/// From now on what happened before counts against this address no more.
pub async fn forgive(tx: &mut Tx, recipient_key: &str) -> Result<(), sqlx::Error> {
    let sql = "update bounces set counts_at = null where recipient_key = $1 and counts_at is not null";
    on!(tx, |conn| sqlx::query(sql).bind(recipient_key).execute(conn).await.map(drop))
}

/// A mail did not fail after all.
pub async fn delete(tx: &mut Tx, outbox_id: OutboxId) -> Result<(), sqlx::Error> {
    let sql = "delete from bounces where outbox_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(outbox_id).execute(conn).await.map(drop))
}

/// What became of the mails about a ticket, oldest first.
pub async fn list_of_ticket(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Bounced>, sqlx::Error> {
    let sql = "select bounces.* from outbox join bounces on bounces.outbox_id = outbox.id
        where outbox.ticket_id = $1 order by bounces.outbox_id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}
