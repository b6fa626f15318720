//! What tickets' clocks show, and which of them somebody is to be told of.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::claim;
use crate::store::db::on;
use crate::ticket::life::Ticket;
use crate::ticket::targets::Clocks;

row!(Clocks {
    answered_at,
    counted_at,
    answer_spent,
    resolution_spent,
    answer_due_at,
    answer_reminded_at,
    answer_missed_at,
    resolution_due_at,
    resolution_reminded_at,
    resolution_missed_at,
    late_at,
    target_at,
});

/// When somebody is to be told of a target next; none if of none.
pub async fn next(tx: &mut Tx) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select min(target_at) from tickets where target_at is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Tickets of which somebody is to be told, the longest first. Nobody else has them until this transaction ends.
pub async fn claim(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql =
        claim!(tx, "select * from tickets where target_at <= $1 order by target_at, id limit 0 + $2", "");
    on!(tx, |conn| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Sets when a ticket's targets end, unless it changed since it was read.
pub async fn set_targets(tx: &mut Tx, ticket: &Ticket, clocks: &Clocks) -> Result<(), sqlx::Error> {
    let sql = "update tickets set answer_due_at = $1, resolution_due_at = $2, late_at = $3, target_at = $4
        where id = $5 and version = $6";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(clocks.answer_due_at)
            .bind(clocks.resolution_due_at)
            .bind(clocks.late_at)
            .bind(clocks.target_at)
            .bind(ticket.id)
            .bind(ticket.version)
            .execute(conn)
            .await
            .map(drop)
    })
}
