//! The `ignore_rules` table: senders whose mail is not made a ticket, as operators named them at work.
//!
//! Those of the configuration are not here.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;
use crate::ticket::id::RuleId;

/// One rule.
#[derive(Clone, Debug, Serialize)]
pub struct Stored {
    pub id: RuleId,
    /// None: all queues.
    pub queue_id: Option<QueueId>,
    pub pattern: String,
    /// `keep` or `delete`: what happens to the message in the mailbox.
    pub server: String,
    pub created_at: Timestamp,
}

row!(Stored { id, queue_id, pattern, server, created_at });

pub async fn insert(
    tx: &mut Tx,
    queue_id: Option<QueueId>,
    pattern: &str,
    server: &str,
    now: Timestamp,
) -> Result<RuleId, sqlx::Error> {
    let sql = "insert into ignore_rules (queue_id, pattern, server, created_at) values ($1, $2, $3, $4)
        returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(queue_id).bind(pattern).bind(server).bind(now).fetch_one(conn).await
    })
}

/// All of them; they are few.
pub async fn list(tx: &mut Tx) -> Result<Vec<Stored>, sqlx::Error> {
    let sql = "select * from ignore_rules order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

pub async fn delete(tx: &mut Tx, id: RuleId) -> Result<bool, sqlx::Error> {
    let sql = "delete from ignore_rules where id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}
