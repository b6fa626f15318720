//! The `outbox` table as the erasure of a person goes through it.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::outbox::Outgoing;
use crate::ticket::id::OutboxId;

/// The next mails behind a number.
pub async fn list_after(tx: &mut Tx, after: OutboxId, limit: i64) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Other words in a mail.
pub async fn rewrite(
    tx: &mut Tx,
    id: OutboxId,
    content: &str,
    answer: Option<&str>,
) -> Result<(), sqlx::Error> {
    let sql = "update outbox set content = $1, answer = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(content).bind(answer).bind(id).execute(conn).await.map(drop))
}

/// Deletes a mail, unless somebody is sending it at `now`; says whether it is gone.
pub async fn delete(tx: &mut Tx, id: OutboxId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "delete from outbox where id = $1 and not (state = 'queued' and lease_until > $2)";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).bind(now).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}
