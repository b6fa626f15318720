//! The `login_origins` table: from which addresses each account logged in, so that strangers' failures cannot
//! lock it out there.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;

/// When the account last logged in from there.
pub async fn find(tx: &mut Tx, account: &str, origin: &str) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select at from login_origins where account = $1 and origin = $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(account).bind(origin).fetch_optional(conn).await)
}

pub async fn upsert(tx: &mut Tx, account: &str, origin: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into login_origins (account, origin, at) values ($1, $2, $3)
        on conflict (account, origin) do update set at = excluded.at";
    on!(tx, |conn| sqlx::query(sql).bind(account).bind(origin).bind(now).execute(conn).await.map(drop))
}

/// Forgets log-ins before `cutoff`; says how many.
pub async fn delete_before(tx: &mut Tx, cutoff: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from login_origins where at < $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(cutoff).execute(conn).await?.rows_affected()))
}

/// Forgets from where an account logged in.
pub async fn delete(tx: &mut Tx, account: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from login_origins where account = $1";
    on!(tx, |conn| sqlx::query(sql).bind(account).execute(conn).await.map(drop))
}
