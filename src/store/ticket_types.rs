//! The `ticket_types` table: kinds of request that a queue offers.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;
use crate::ticket::id::TypeId;
use crate::ticket::priority::Priority;

/// A kind of request.
#[derive(Clone, Debug, Serialize)]
pub struct TicketType {
    pub id: TypeId,
    pub queue_id: QueueId,
    pub name: String,
    /// Hours from opening until due; none: never due.
    pub due_hours: Option<i64>,
    pub priority: Priority,
    pub disabled_at: Option<Timestamp>,
}

row!(TicketType { id, queue_id, name, due_hours, priority, disabled_at });

/// Writes one declared type, keeping its number if the name is known.
pub async fn upsert(
    tx: &mut Tx,
    queue_id: QueueId,
    name: &str,
    due_hours: Option<i64>,
    priority: Priority,
) -> Result<TypeId, sqlx::Error> {
    let sql = "insert into ticket_types (queue_id, name, due_hours, priority) values ($1, $2, $3, $4)
        on conflict (name) do update set queue_id = excluded.queue_id, due_hours = excluded.due_hours,
            priority = excluded.priority, disabled_at = null
        returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(queue_id).bind(name).bind(due_hours).bind(priority).fetch_one(conn).await
    })
}

pub async fn disable(tx: &mut Tx, id: TypeId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update ticket_types set disabled_at = $1 where id = $2 and disabled_at is null";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await.map(drop))
}

/// All types in the order they were first declared.
pub async fn list(tx: &mut Tx) -> Result<Vec<TicketType>, sqlx::Error> {
    let sql = "select * from ticket_types order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}
