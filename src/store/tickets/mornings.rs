//! The `tickets` table as agents hear of it in the morning: what waits for them.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;

/// Somebody's open tickets, by number.
pub async fn list_open_of(tx: &mut Tx, owner: UserId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where owner_id = $1 and status in ('open', 'reopened')
        order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(owner).bind(limit).fetch_all(conn).await)
}

/// Tickets whose customers wait, the longest first.
pub async fn list_waiting_longest(tx: &mut Tx, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where waiting_since is not null order by waiting_since, id limit 0 + $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(limit).fetch_all(conn).await)
}

/// Tickets whose hold ends before a moment, the first one first.
pub async fn list_waking_before(
    tx: &mut Tx,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where held_until is not null and held_until < $1
        order by held_until, id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).bind(limit).fetch_all(conn).await)
}
