//! The `processes` table: which daemons serve the desk, and who asked them to read their configuration anew.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;

/// One daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// As its leases name it; no other process ever has this name.
    pub name: String,
    /// Where its number means something.
    pub host: String,
    pub pid: i64,
}

/// One daemon as it is known to all.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    pub name: String,
    pub host: String,
    pub pid: i64,
    pub seen_at: Timestamp,
    pub asked_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub answer: Option<String>,
    /// 1: what it was asked to read was refused.
    pub refused: i64,
}

row!(Known { name, host, pid, seen_at, asked_at, answered_at, answer, refused });

/// What came of reading the configuration anew.
#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub is_refused: bool,
}

/// Notes that a process lives. All times are the database's.
pub async fn see(tx: &mut Tx, process: &Process, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql =
        "insert into processes (name, host, pid, started_at, seen_at, refused) values ($1, $2, $3, $4, $5, 0)
        on conflict (name) do update set seen_at = excluded.seen_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&process.name)
            .bind(&process.host)
            .bind(process.pid)
            .bind(now)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn list(tx: &mut Tx) -> Result<Vec<Known>, sqlx::Error> {
    let sql = "select * from processes order by started_at, name";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<Known>, sqlx::Error> {
    let sql = "select * from processes where name = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(name).fetch_optional(conn).await)
}

pub async fn delete(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from processes where name = $1";
    on!(tx, |conn| sqlx::query(sql).bind(name).execute(conn).await.map(drop))
}

/// Asks every process to read its configuration anew.
pub async fn ask(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update processes set asked_at = $1";
    on!(tx, |conn| sqlx::query(sql).bind(now).execute(conn).await.map(drop))
}

/// Notes what came of it when it was asked for at that moment.
pub async fn answer(
    tx: &mut Tx,
    name: &str,
    asked_at: Option<Timestamp>,
    answer: &Answer,
) -> Result<(), sqlx::Error> {
    let sql = "update processes set answered_at = $1, answer = $2, refused = $3 where name = $4";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(asked_at)
            .bind(&answer.text)
            .bind(i64::from(answer.is_refused))
            .bind(name)
            .execute(conn)
            .await
            .map(drop)
    })
}
