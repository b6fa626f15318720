//! The `tickets` table.
//!
//! A change is written back whole, and only if nobody else changed the row since it was read.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::locked;
use crate::store::db::on;
use crate::ticket::Ticket;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;

row!(Ticket {
    id,
    uuid,
    queue_id,
    type_id,
    subject,
    submitter_id,
    reply_to,
    owner_id,
    status,
    held_at,
    held_by,
    priority,
    due_at,
    resolution,
    escalate_at,
    escalated_at,
    hold_ended_at,
    merged_into,
    follows,
    door,
    authentication,
    locale,
    attention_at,
    closed_at,
    created_at,
    changed_at,
    version,
});

/// A ticket to be opened.
#[derive(Clone, Debug)]
pub struct NewTicket<'a> {
    pub uuid: &'a str,
    pub queue_id: QueueId,
    pub type_id: Option<TypeId>,
    pub subject: &'a str,
    pub submitter_id: Option<UserId>,
    pub reply_to: Option<&'a str>,
    pub owner_id: Option<UserId>,
    pub priority: Priority,
    pub due_at: Option<Timestamp>,
    pub escalate_at: Option<Timestamp>,
    pub follows: Option<TicketId>,
    pub door: &'a str,
    pub authentication: &'a str,
    pub locale: Option<&'a str>,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, ticket: &NewTicket<'_>, now: Timestamp) -> Result<Ticket, sqlx::Error> {
    let sql = "insert into tickets (uuid, queue_id, type_id, subject, submitter_id, owner_id, status, priority, due_at,
            escalate_at, follows, door, authentication, locale, created_at, changed_at, reply_to, version)
        values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1) returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(ticket.uuid)
            .bind(ticket.queue_id)
            .bind(ticket.type_id)
            .bind(ticket.subject)
            .bind(ticket.submitter_id)
            .bind(ticket.owner_id)
            .bind(ticket.priority)
            .bind(ticket.due_at)
            .bind(ticket.escalate_at)
            .bind(ticket.follows)
            .bind(ticket.door)
            .bind(ticket.authentication)
            .bind(ticket.locale)
            .bind(ticket.created_at)
            .bind(now)
            .bind(ticket.reply_to)
            .fetch_one(conn)
            .await
    })
}

pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub async fn lock(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let sql = locked!(tx, "select * from tickets where id = $1");
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Writes back a changed ticket, unless someone else changed it since it was read.
///
/// Returns whether the row was still at `ticket.version`; the caller's copy is then one behind.
pub async fn update(tx: &mut Tx, ticket: &Ticket, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update tickets set queue_id = $1, type_id = $2, subject = $3, submitter_id = $4, owner_id = $5, status = $6,
            held_at = $7, held_by = $8, priority = $9, due_at = $10, resolution = $11, escalate_at = $12,
            escalated_at = $13, hold_ended_at = $14, merged_into = $15, attention_at = $16, closed_at = $17,
            changed_at = $18, version = version + 1
        where id = $19 and version = $20";
    let changed = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(ticket.queue_id)
            .bind(ticket.type_id)
            .bind(&ticket.subject)
            .bind(ticket.submitter_id)
            .bind(ticket.owner_id)
            .bind(ticket.status)
            .bind(ticket.held_at)
            .bind(&ticket.held_by)
            .bind(ticket.priority)
            .bind(ticket.due_at)
            .bind(&ticket.resolution)
            .bind(ticket.escalate_at)
            .bind(ticket.escalated_at)
            .bind(ticket.hold_ended_at)
            .bind(ticket.merged_into)
            .bind(ticket.attention_at)
            .bind(ticket.closed_at)
            .bind(now)
            .bind(ticket.id)
            .bind(ticket.version)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(changed == 1)
}

/// The newest tickets before `before`, newest first.
pub async fn list(tx: &mut Tx, before: TicketId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where id < $1 order by id desc limit $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)
}

/// The newest open tickets before `before`, newest first.
pub async fn list_open(tx: &mut Tx, before: TicketId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql =
        "select * from tickets where id < $1 and status in ('open', 'reopened') order by id desc limit $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)
}

/// The newest tickets of one queue before `before`, newest first.
pub async fn list_of_queue(
    tx: &mut Tx,
    queue_id: QueueId,
    before: TicketId,
    limit: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where queue_id = $1 and id < $2 order by id desc limit $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(queue_id).bind(before).bind(limit).fetch_all(conn).await)
}

/// How many tickets wait, for the metrics; bounded by the open ones.
pub async fn count_open(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from tickets where status in ('open', 'reopened')";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Deletes a ticket and, by the schema, all that hangs on it.
pub async fn delete(tx: &mut Tx, id: TicketId) -> Result<bool, sqlx::Error> {
    let sql = "delete from tickets where id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}
