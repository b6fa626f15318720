//! The `schedules` table: when each of the desk's schedules ran last, whichever process it was.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;

/// The last run; none if there never was one.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select ran_at from schedules where name = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(name).fetch_optional(conn).await)
}

/// Begins to count from `now`, unless another process has done so.
pub async fn insert(tx: &mut Tx, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into schedules (name, ran_at) values ($1, $2) on conflict do nothing";
    on!(tx, |conn| sqlx::query(sql).bind(name).bind(now).execute(conn).await.map(drop))
}

/// Notes that something was done at `now`, whatever stands there.
pub async fn note(tx: &mut Tx, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into schedules (name, ran_at) values ($1, $2)
        on conflict (name) do update set ran_at = excluded.ran_at";
    on!(tx, |conn| sqlx::query(sql).bind(name).bind(now).execute(conn).await.map(drop))
}

/// Notes a run at `now`; false if another process noted one since `last`.
pub async fn advance(tx: &mut Tx, name: &str, last: Timestamp, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update schedules set ran_at = $1 where name = $2 and ran_at = $3";
    let ours = on!(tx, |conn| {
        sqlx::query(sql).bind(now).bind(name).bind(last).execute(conn).await?.rows_affected()
    });
    Ok(ours == 1)
}
