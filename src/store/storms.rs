//! The `storms` table: requests that came so often that they are only counted, by sender and subject.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// One sender's requests with one subject.
#[derive(Clone, Debug)]
pub struct Storm {
    pub queue_id: QueueId,
    pub sender_key: String,
    /// A digest, so that a subject of any length fits.
    pub subject_key: Vec<u8>,
    /// The first ticket of them.
    pub ticket_id: Option<TicketId>,
    /// The newest moments of what was counted, oldest first, as numbers with commas between.
    pub arrivals: String,
    /// Requests that were only counted.
    pub folded: i64,
    pub changed_at: Timestamp,
}

row!(Storm { queue_id, sender_key, subject_key, ticket_id, arrivals, folded, changed_at });

/// A request that did become a ticket.
#[derive(Clone, Debug)]
pub struct Opened {
    pub id: TicketId,
    pub subject: String,
    pub created_at: Timestamp,
    pub authentication: Authentication,
}

row!(Opened { id, subject, created_at, authentication });

pub async fn find(
    tx: &mut Tx,
    queue_id: QueueId,
    sender_key: &str,
    subject_key: &[u8],
) -> Result<Option<Storm>, sqlx::Error> {
    let sql = "select * from storms where queue_id = $1 and sender_key = $2 and subject_key = $3";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(queue_id).bind(sender_key).bind(subject_key).fetch_optional(conn).await
    })
}

pub async fn upsert(tx: &mut Tx, storm: &Storm) -> Result<(), sqlx::Error> {
    let sql =
        "insert into storms (queue_id, sender_key, subject_key, ticket_id, arrivals, folded, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (queue_id, sender_key, subject_key) do update set ticket_id = excluded.ticket_id,
            arrivals = excluded.arrivals, folded = excluded.folded, changed_at = excluded.changed_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(storm.queue_id)
            .bind(&storm.sender_key)
            .bind(&storm.subject_key)
            .bind(storm.ticket_id)
            .bind(&storm.arrivals)
            .bind(storm.folded)
            .bind(storm.changed_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// The newest tickets of one submitter in a queue, newest first.
pub async fn opened(
    tx: &mut Tx,
    queue_id: QueueId,
    submitter_id: UserId,
    limit: i64,
) -> Result<Vec<Opened>, sqlx::Error> {
    let sql = "select id, subject, created_at, authentication from tickets
        where submitter_id = $1 and queue_id = $2 order by id desc limit 0 + $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(submitter_id).bind(queue_id).bind(limit).fetch_all(conn).await)
}

/// How many requests were only counted on a ticket.
pub async fn folded(tx: &mut Tx, ticket_id: TicketId) -> Result<i64, sqlx::Error> {
    let sql = "select cast(coalesce(sum(folded), 0) as bigint) from storms
        where ticket_id = $1 and ticket_id is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_one(conn).await)
}

/// Forgets what was counted of a sender.
pub async fn delete_of_sender(tx: &mut Tx, sender_key: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from storms where sender_key = $1";
    on!(tx, |conn| sqlx::query(sql).bind(sender_key).execute(conn).await.map(drop))
}
