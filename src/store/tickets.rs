//! The `tickets` table.
//!
//! A change is written back whole, and only if nobody else changed the row since it was read.

pub mod clocks;
pub mod erasing;
pub mod merging;
pub mod mornings;
pub mod overdue;
pub mod splitting;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::claim;
use crate::store::db::locked;
use crate::store::db::on;
use crate::ticket::Row;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::priority::Priority;
use crate::ticket::targets::Clocks;

row!(Row {
    ..clocks,
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
    held_until,
    priority,
    due_at,
    overdue_at,
    reminded_at,
    resolution,
    escalate_at,
    escalated_at,
    hold_ended_at,
    merged_into,
    old_since,
    follows,
    door,
    authentication,
    locale,
    attention_at,
    waiting_since,
    customer_at,
    preview,
    closed_at,
    created_at,
    changed_at,
    version,
    events,
});

impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for Ticket
where
    Row: sqlx::FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self::stored(Row::from_row(row)?))
    }
}

/// A ticket to be opened: its opening is its first event, and from then on it waits for us.
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
    pub authentication: Authentication,
    pub locale: Option<&'a str>,
    pub customer_at: Option<Timestamp>,
    pub preview: &'a str,
    pub created_at: Timestamp,
    pub clocks: &'a Clocks,
}

pub async fn insert(tx: &mut Tx, ticket: &NewTicket<'_>, now: Timestamp) -> Result<Ticket, sqlx::Error> {
    let sql = "insert into tickets (uuid, queue_id, type_id, subject, submitter_id, owner_id, status, priority, due_at,
            escalate_at, follows, door, authentication, locale, created_at, changed_at, reply_to, customer_at, preview,
            waiting_since, version, events, counted_at, answer_due_at, resolution_due_at, late_at, target_at)
        values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $14, 1, 1,
            $19, $20, $21, $22, $23)
        returning *";
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
            .bind(ticket.customer_at)
            .bind(ticket.preview)
            .bind(ticket.clocks.counted_at)
            .bind(ticket.clocks.answer_due_at)
            .bind(ticket.clocks.resolution_due_at)
            .bind(ticket.clocks.late_at)
            .bind(ticket.clocks.target_at)
            .fetch_one(conn)
            .await
    })
}

pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Whether a ticket has this UUID.
pub async fn has_uuid(tx: &mut Tx, uuid: &str) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from tickets where uuid = $1";
    let count: i64 = on!(tx, |conn| sqlx::query_scalar(sql).bind(uuid).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// How many tickets of a queue are not closed: more may be said on each.
pub async fn count_unclosed(tx: &mut Tx, queue_id: QueueId) -> Result<i64, sqlx::Error> {
    let sql =
        "select count(*) from tickets where queue_id = $1 and status in ('open', 'reopened', 'resolved')";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(queue_id).fetch_one(conn).await)
}

/// How many open tickets somebody has.
pub async fn count_open_of(tx: &mut Tx, owner: UserId) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from tickets where owner_id = $1 and status in ('open', 'reopened')";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(owner).fetch_one(conn).await)
}

/// The first tickets that are not closed in a queue.
pub async fn list_unclosed(tx: &mut Tx, queue_id: QueueId, limit: i64) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select id from tickets where queue_id = $1 and status in ('open', 'reopened', 'resolved')
        order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(queue_id).bind(limit).fetch_all(conn).await)
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub async fn lock(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let sql = locked!(tx, "select * from tickets where id = $1");
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Writes back a changed ticket, unless someone else changed it since it was read.
///
/// Returns whether the row was still at `ticket.version`; the caller's copy is then one behind. A new due date is
/// one that nobody was reminded of.
pub async fn update(tx: &mut Tx, ticket: &Ticket, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update tickets set queue_id = $1, type_id = $2, subject = $3, submitter_id = $4, owner_id = $5, status = $6,
            held_at = $7, held_by = $8, priority = $9, due_at = $10, resolution = $11, escalate_at = $12,
            escalated_at = $13, hold_ended_at = $14, merged_into = $15, attention_at = $16, closed_at = $17,
            overdue_at = case when due_at is not distinct from $10 then overdue_at end,
            reminded_at = case when due_at is not distinct from $10 then reminded_at end,
            reply_to = $18, changed_at = $19, waiting_since = $20, customer_at = $21, preview = $22, events = $23,
            old_since = $24, held_until = $25, answered_at = $26, counted_at = $27, answer_spent = $28,
            resolution_spent = $29, answer_due_at = $30, answer_reminded_at = $31, answer_missed_at = $32,
            resolution_due_at = $33, resolution_reminded_at = $34, resolution_missed_at = $35, late_at = $36,
            target_at = $37, version = version + 1
        where id = $38 and version = $39";
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
            .bind(&ticket.reply_to)
            .bind(now)
            .bind(ticket.waiting_since)
            .bind(ticket.customer_at)
            .bind(&ticket.preview)
            .bind(ticket.events)
            .bind(ticket.old_since)
            .bind(ticket.held_until)
            .bind(ticket.clocks.answered_at)
            .bind(ticket.clocks.counted_at)
            .bind(ticket.clocks.answer_spent)
            .bind(ticket.clocks.resolution_spent)
            .bind(ticket.clocks.answer_due_at)
            .bind(ticket.clocks.answer_reminded_at)
            .bind(ticket.clocks.answer_missed_at)
            .bind(ticket.clocks.resolution_due_at)
            .bind(ticket.clocks.resolution_reminded_at)
            .bind(ticket.clocks.resolution_missed_at)
            .bind(ticket.clocks.late_at)
            .bind(ticket.clocks.target_at)
            .bind(ticket.id)
            .bind(ticket.version)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(changed == 1)
}

/// Sets how many events a ticket has had, where nothing else of it changed.
pub async fn set_events(tx: &mut Tx, id: TicketId, events: i64) -> Result<(), sqlx::Error> {
    let sql = "update tickets set events = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(events).bind(id).execute(conn).await.map(drop))
}

/// Counts one more event of a ticket that is not otherwise changed: its number; none if the ticket is gone.
pub async fn count_event(tx: &mut Tx, id: TicketId) -> Result<Option<i64>, sqlx::Error> {
    let sql = "update tickets set events = events + 1 where id = $1 returning events";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// The newest tickets before `before`, newest first.
pub async fn list(tx: &mut Tx, before: TicketId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where id < $1 order by id desc limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)
}

/// Whether a ticket of this submitter was merged into the survivor, be it by way of others.
pub async fn is_survivor_of(tx: &mut Tx, survivor: TicketId, submitter: UserId) -> Result<bool, sqlx::Error> {
    let sql = "with recursive survivors (id) as (
            select merged_into from tickets where submitter_id = $1 and merged_into is not null
            union select tickets.merged_into from tickets join survivors on tickets.id = survivors.id
                where tickets.merged_into is not null)
        select count(*) from survivors where id = $2";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(submitter).bind(survivor).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Deletes a ticket and, by the schema, all that hangs on it.
pub async fn delete(tx: &mut Tx, id: TicketId) -> Result<bool, sqlx::Error> {
    let sql = "delete from tickets where id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// The next open tickets after `after`, oldest first.
pub async fn list_open_after(tx: &mut Tx, after: TicketId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql =
        "select * from tickets where id > $1 and status in ('open', 'reopened') order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// When the next ticket escalates; none if none does.
pub async fn next_escalation(tx: &mut Tx) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select min(escalate_at) from tickets where escalate_at is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Tickets that are to be escalated, the longest due first. Nobody else has them until this transaction ends.
pub async fn claim_escalating(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql =
        claim!(tx, "select * from tickets where escalate_at <= $1 order by escalate_at, id limit 0 + $2", "");
    on!(tx, |conn| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// As [`claim_escalating`], in one queue.
pub async fn claim_escalating_of_queue(
    tx: &mut Tx,
    queue_id: QueueId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    // The plus keeps both planners from the index of the queue, which has all of its tickets.
    let sql = claim!(
        tx,
        "select * from tickets where escalate_at <= $1 and +queue_id = $2 order by escalate_at, id limit 0 + $3",
        ""
    );
    on!(tx, |conn| sqlx::query_as(sql).bind(now).bind(queue_id).bind(limit).fetch_all(conn).await)
}

/// When the hold of the next ticket ends by itself; none if none does.
pub async fn next_waking(tx: &mut Tx) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select min(held_until) from tickets where held_until is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Tickets whose hold is over, the longest first. Nobody else has them until this transaction ends.
pub async fn claim_waking(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql =
        claim!(tx, "select * from tickets where held_until <= $1 order by held_until, id limit 0 + $2", "");
    on!(tx, |conn| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Sets when a ticket is looked at next, unless it changed since it was read.
pub async fn set_escalate_at(
    tx: &mut Tx,
    id: TicketId,
    version: i64,
    at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let sql = "update tickets set escalate_at = $1 where id = $2 and version = $3";
    on!(tx, |conn| sqlx::query(sql).bind(at).bind(id).bind(version).execute(conn).await.map(drop))
}

/// Answers to somebody's tickets go no more to an address that is not theirs now.
pub async fn forget_reply_to(tx: &mut Tx, submitter: UserId, key: &str) -> Result<(), sqlx::Error> {
    let sql = "update tickets set reply_to = null where submitter_id = $1 and lower(reply_to) = $2";
    on!(tx, |conn| sqlx::query(sql).bind(submitter).bind(key).execute(conn).await.map(drop))
}

/// Open tickets that somebody has, by number.
pub async fn list_open_of_owner(
    tx: &mut Tx,
    owner: UserId,
    limit: i64,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select id from tickets where owner_id = $1 and status in ('open', 'reopened')
        order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(owner).bind(limit).fetch_all(conn).await)
}

/// Tickets of a queue that were resolved before a moment and are still so, the longest first.
pub async fn list_resolved(
    tx: &mut Tx,
    queue_id: QueueId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select id from tickets where queue_id = $1 and status = 'resolved' and closed_at <= $2
        order by closed_at limit 0 + $3";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(queue_id).bind(before).bind(limit).fetch_all(conn).await)
}
