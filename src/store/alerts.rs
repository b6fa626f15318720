//! The `alerts` table: troubles that the operators were told of, until they are over.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;

/// Notes a trouble; false if it is known already.
pub async fn insert(tx: &mut Tx, trouble: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "insert into alerts (trouble, raised_at) values ($1, $2) on conflict do nothing";
    let new = on!(tx, |conn| sqlx::query(sql).bind(trouble).bind(now).execute(conn).await?.rows_affected());
    Ok(new == 1)
}

/// A trouble is over: its return is told anew.
pub async fn delete(tx: &mut Tx, trouble: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from alerts where trouble = $1";
    on!(tx, |conn| sqlx::query(sql).bind(trouble).execute(conn).await.map(drop))
}

/// Forgets troubles that end by themselves, told before a moment.
pub async fn delete_passing(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from alerts where raised_at < $1
        and (trouble like 'cap %' or trouble like 'reopen %' or trouble like 'suppressed %')";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(before).execute(conn).await?.rows_affected()))
}

/// All known troubles.
pub async fn list(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select trouble from alerts order by trouble";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_all(conn).await)
}
