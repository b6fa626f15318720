//! Tickets whose due date is over.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::claim;
use crate::store::db::on;
use crate::ticket::id::QueueId;
use crate::ticket::life::Ticket;

/// Marks up to `limit` open tickets whose due date is over; says how many.
pub async fn mark_overdue(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let sql = claim!(
        tx,
        "with due as (
            select id from tickets where due_at <= $1 and overdue_at is null and status in ('open', 'reopened')
            order by due_at limit 0 + $2",
        ")
        update tickets set overdue_at = $1 where overdue_at is null and id in (select id from due)"
    );
    Ok(on!(tx, |conn| sqlx::query(sql).bind(now).bind(limit).execute(conn).await?.rows_affected()))
}

/// The queues of open tickets that are overdue and whose owners do not know.
pub async fn list_unreminded_queues(tx: &mut Tx) -> Result<Vec<QueueId>, sqlx::Error> {
    let sql = "select distinct queue_id from tickets
        where overdue_at is not null and reminded_at is null and status in ('open', 'reopened') order by queue_id";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_all(conn).await)
}

/// Marks up to `limit` overdue tickets of a queue as told of, and returns them.
pub async fn claim_unreminded(
    tx: &mut Tx,
    queue_id: QueueId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = claim!(
        tx,
        "with late as (
            select id from tickets where queue_id = $1 and overdue_at is not null and reminded_at is null
                and status in ('open', 'reopened')
            order by id limit 0 + $2",
        ")
        update tickets set reminded_at = $3 where reminded_at is null and id in (select id from late) returning *"
    );
    let mut tickets: Vec<Ticket> =
        on!(tx, |conn| sqlx::query_as(sql).bind(queue_id).bind(limit).bind(now).fetch_all(conn).await)?;
    tickets.sort_by_key(|ticket| ticket.id);
    Ok(tickets)
}
