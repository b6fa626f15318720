//! The `morning_digests` table: who wants to hear each morning of what waits for them, and when they last did.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;

/// Somebody wants it, from the next morning on; false if they did already.
pub async fn insert(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "insert into morning_digests (user_id, last_at) values ($1, $2) on conflict do nothing";
    let added = on!(tx, |conn| sqlx::query(sql).bind(user_id).bind(now).execute(conn).await?.rows_affected());
    Ok(added == 1)
}

/// Somebody wants it no more; false if they did not.
pub async fn delete(tx: &mut Tx, user_id: UserId) -> Result<bool, sqlx::Error> {
    let sql = "delete from morning_digests where user_id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(user_id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Who wants it and did not hear since a moment, or is said to have heard after another one, which is a clock's mistake.
pub async fn list_due(tx: &mut Tx, since: Timestamp, future: Timestamp) -> Result<Vec<UserId>, sqlx::Error> {
    let sql = "select user_id from morning_digests where last_at < $1 or last_at > $2 order by user_id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(since).bind(future).fetch_all(conn).await)
}

/// Notes that somebody hears now; false if another process did so since that moment.
pub async fn claim(
    tx: &mut Tx,
    user_id: UserId,
    since: Timestamp,
    future: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update morning_digests set last_at = $1 where user_id = $2 and (last_at < $3 or last_at > $4)";
    let ours = on!(tx, |conn| {
        sqlx::query(sql).bind(now).bind(user_id).bind(since).bind(future).execute(conn).await?.rows_affected()
    });
    Ok(ours == 1)
}
