//! The `queues` table: what the configuration declares, under numbers that stay.
//!
//! A queue that is gone from the configuration is disabled, never deleted.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;

/// A queue as the database knows it.
#[derive(Clone, Debug, Serialize)]
pub struct Queue {
    pub id: QueueId,
    pub slug: String,
    pub title: String,
    pub address: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// By what `escalate_at` of its tickets was counted; none: it must be counted anew.
    #[serde(skip)]
    pub escalation: Option<String>,
}

row!(Queue { id, slug, title, address, created_at, disabled_at, escalation });

/// Writes one declared queue, keeping its number if the slug is known.
pub async fn upsert(
    tx: &mut Tx,
    slug: &str,
    title: &str,
    address: &str,
    now: Timestamp,
) -> Result<QueueId, sqlx::Error> {
    let sql = "insert into queues (slug, title, address, created_at) values ($1, $2, $3, $4)
        on conflict (slug) do update set title = excluded.title, address = excluded.address, disabled_at = null
        returning id";
    on!(tx, |conn| sqlx::query_scalar(sql)
        .bind(slug)
        .bind(title)
        .bind(address)
        .bind(now)
        .fetch_one(conn)
        .await)
}

pub async fn disable(tx: &mut Tx, id: QueueId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update queues set disabled_at = $1 where id = $2 and disabled_at is null";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await.map(drop))
}

/// Changes nothing, in a way that fails where nothing can be changed.
pub async fn touch(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let sql = "update queues set title = title where id = -1";
    on!(tx, |conn| sqlx::query(sql).execute(conn).await.map(drop))
}

/// All queues, disabled ones too, by title.
pub async fn list(tx: &mut Tx) -> Result<Vec<Queue>, sqlx::Error> {
    let sql = "select * from queues order by title, id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Notes by what the queue's tickets were counted, or why they must be counted anew.
pub async fn set_escalation(tx: &mut Tx, id: QueueId, escalation: &str) -> Result<(), sqlx::Error> {
    let sql = "update queues set escalation = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(escalation).bind(id).execute(conn).await.map(drop))
}

/// As [`set_escalation`], unless the note was changed since it was read.
pub async fn replace_escalation(
    tx: &mut Tx,
    id: QueueId,
    old: Option<&str>,
    new: &str,
) -> Result<bool, sqlx::Error> {
    let sql = "update queues set escalation = $1 where id = $2 and escalation is not distinct from $3";
    let replaced = on!(tx, |conn| {
        sqlx::query(sql).bind(new).bind(id).bind(old).execute(conn).await?.rows_affected()
    });
    Ok(replaced == 1)
}
