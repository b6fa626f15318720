//! The `login_failures` table: how often a log-in failed lately, by account and by address.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;

/// The failures of two subjects that began at `cutoff` or later; a subject without any is left out.
pub async fn list(
    tx: &mut Tx,
    subjects: (&str, &str),
    cutoff: Timestamp,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = "select subject, failures from login_failures where subject in ($1, $2) and since >= $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(subjects.0).bind(subjects.1).bind(cutoff).fetch_all(conn).await)
}

/// Counts one more; a count that began before `cutoff` begins anew.
pub async fn add(tx: &mut Tx, subject: &str, cutoff: Timestamp, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into login_failures (subject, failures, since) values ($1, 1, $2)
        on conflict (subject) do update set
            failures = case when login_failures.since < $3 then 1 else login_failures.failures + 1 end,
            since = case when login_failures.since < $3 then excluded.since else login_failures.since end";
    on!(tx, |conn| sqlx::query(sql).bind(subject).bind(now).bind(cutoff).execute(conn).await.map(drop))
}

/// Forgets counts that began before `cutoff`; says how many.
pub async fn delete_before(tx: &mut Tx, cutoff: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from login_failures where since < $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(cutoff).execute(conn).await?.rows_affected()))
}

/// Forgets those of an account.
pub async fn delete(tx: &mut Tx, subject: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from login_failures where subject = $1";
    on!(tx, |conn| sqlx::query(sql).bind(subject).execute(conn).await.map(drop))
}
