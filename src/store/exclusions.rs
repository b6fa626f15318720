//! The `exclusions` table: days on which nothing escalates and that do not count.
//!
//! A day is text as people write it (2026-12-24), so that rows can be compared; it is checked elsewhere.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;

/// One excluded day.
#[derive(Clone, Debug, Serialize)]
pub struct Excluded {
    pub date: String,
    /// None: all queues.
    pub queue_id: Option<QueueId>,
    pub created_at: Timestamp,
}

row!(Excluded { date, queue_id, created_at });

/// Adds a day for one queue, or for all; false if it is there already.
pub async fn insert(
    tx: &mut Tx,
    date: &str,
    queue_id: Option<QueueId>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql =
        "insert into exclusions (date, queue_id, created_at) values ($1, $2, $3) on conflict do nothing";
    let added = on!(tx, |conn| {
        sqlx::query(sql).bind(date).bind(queue_id).bind(now).execute(conn).await?.rows_affected()
    });
    Ok(added == 1)
}

/// Takes a day away that was added for one queue, or for all; false if there is none.
pub async fn delete(tx: &mut Tx, date: &str, queue_id: Option<QueueId>) -> Result<bool, sqlx::Error> {
    let sql = "delete from exclusions where date = $1 and coalesce(queue_id, 0) = $2";
    // No queue has the number 0.
    let queue_id = queue_id.unwrap_or(QueueId(0));
    let gone =
        on!(tx, |conn| sqlx::query(sql).bind(date).bind(queue_id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// All days from `since` on, in order.
pub async fn list(tx: &mut Tx, since: &str) -> Result<Vec<Excluded>, sqlx::Error> {
    let sql = "select * from exclusions where date >= $1 order by date, queue_id nulls first";
    on!(tx, |conn| sqlx::query_as(sql).bind(since).fetch_all(conn).await)
}

/// The days from `since` on that count for one queue.
pub async fn list_of_queue(tx: &mut Tx, queue_id: QueueId, since: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select date from exclusions where date >= $1 and (queue_id is null or queue_id = $2)";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(since).bind(queue_id).fetch_all(conn).await)
}
