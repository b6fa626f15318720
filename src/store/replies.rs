//! The `replies` table: texts that agents use again and again.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;
use crate::ticket::id::ReplyId;

/// One text of a saved reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    pub id: ReplyId,
    pub name: String,
    /// None: of all queues.
    pub queue_id: Option<QueueId>,
    /// In the language of this locale; empty: for every language that has no text of its own.
    pub locale: String,
    pub body: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

row!(Reply { id, name, queue_id, locale, body, created_at, changed_at });

/// Adds a text, unless there is one of this name for the same queue and locale.
pub async fn insert(
    tx: &mut Tx,
    (name, queue_id, locale): (&str, Option<QueueId>, &str),
    body: &str,
    now: Timestamp,
) -> Result<Option<ReplyId>, sqlx::Error> {
    let sql = "insert into replies (name, queue_id, locale, body, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $5) on conflict do nothing returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(name)
            .bind(queue_id)
            .bind(locale)
            .bind(body)
            .bind(now)
            .fetch_optional(conn)
            .await
    })
}

/// All texts, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Reply>, sqlx::Error> {
    let sql = "select * from replies order by name, queue_id is not null, queue_id, locale";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// The texts of one name: of a queue or of all, in each language.
pub async fn list_named(tx: &mut Tx, name: &str) -> Result<Vec<Reply>, sqlx::Error> {
    let sql = "select * from replies where name = $1 order by queue_id is not null, queue_id, locale";
    on!(tx, |conn| sqlx::query_as(sql).bind(name).fetch_all(conn).await)
}

pub async fn set_body(tx: &mut Tx, id: ReplyId, body: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update replies set body = $1, changed_at = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(body).bind(now).bind(id).execute(conn).await.map(drop))
}

pub async fn delete(tx: &mut Tx, id: ReplyId) -> Result<bool, sqlx::Error> {
    let sql = "delete from replies where id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}
