//! The `idempotency_keys` table: the first answer to a call that its caller may repeat.
//!
//! The row is written first in the transaction of the call itself: a second call with the same key waits for
//! that transaction, on PostgreSQL at the unique index, on SQLite for the one writer.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;

/// What names a call: who made it, of what, and under which key.
#[derive(Clone, Debug)]
pub struct Name {
    pub account: String,
    pub path: String,
    pub key: String,
}

/// The call that used a key first.
#[derive(Clone, Debug)]
pub struct Used {
    pub digest: Vec<u8>,
    pub content_type: Option<String>,
    pub body: Option<String>,
}

row!(Used { digest, content_type, body });

/// Takes a key that is new, or was last used before `cutoff`; false when it is taken.
pub async fn claim(
    tx: &mut Tx,
    name: &Name,
    digest: &[u8],
    cutoff: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "insert into idempotency_keys (account, path, key, digest, created_at) values ($1, $2, $3, $4, $5)
        on conflict (account, path, key) do update set digest = excluded.digest, created_at = excluded.created_at
            where idempotency_keys.created_at < $6";
    let taken = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&name.account)
            .bind(&name.path)
            .bind(&name.key)
            .bind(digest)
            .bind(now)
            .bind(cutoff)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(taken == 1)
}

pub async fn find(tx: &mut Tx, name: &Name) -> Result<Option<Used>, sqlx::Error> {
    let sql = "select digest, content_type, body from idempotency_keys where account = $1 and path = $2 and key = $3";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(&name.account).bind(&name.path).bind(&name.key).fetch_optional(conn).await
    })
}

/// Keeps the answer beside the key that was taken.
pub async fn finish(tx: &mut Tx, name: &Name, content_type: &str, body: &str) -> Result<(), sqlx::Error> {
    let sql = "update idempotency_keys set content_type = $1, body = $2 where account = $3 and path = $4 and key = $5";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(content_type)
            .bind(body)
            .bind(&name.account)
            .bind(&name.path)
            .bind(&name.key)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Forgets keys that were used before `cutoff`; says how many.
pub async fn delete_before(tx: &mut Tx, cutoff: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from idempotency_keys where created_at < $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(cutoff).execute(conn).await?.rows_affected()))
}

/// Forgets the answers that were given after a moment: a call that is repeated then is a new one.
pub async fn delete_since(tx: &mut Tx, since: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from idempotency_keys where created_at >= $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(since).execute(conn).await?.rows_affected()))
}
