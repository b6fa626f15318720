//! The `refusals` table: mails that an account's server refused for good, and which are not settled yet.
//!
//! Refusals that are believed are in `bounces` and in the row of the outbox; this is about those that may be meant for
//! everybody.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::OutboxId;

/// One mail that was refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub outbox_id: OutboxId,
    pub account: String,
    /// What it has in common with others, such as `550 5.1.1`.
    pub alike: String,
    pub domain: String,
    pub at: Timestamp,
    pub first_at: Timestamp,
    /// When the account's server took another mail since.
    pub others_at: Option<Timestamp>,
}

row!(Refused { outbox_id, account, alike, domain, at, first_at, others_at });

/// Notes a refusal, or one more of the same mail; what is known of the first stays.
pub async fn insert(tx: &mut Tx, new: &Refused) -> Result<(), sqlx::Error> {
    let sql = "insert into refusals (outbox_id, account, alike, domain, at, first_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (outbox_id) do update set account = excluded.account, alike = excluded.alike,
            domain = excluded.domain, at = excluded.at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(new.outbox_id)
            .bind(&new.account)
            .bind(&new.alike)
            .bind(&new.domain)
            .bind(new.at)
            .bind(new.first_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn find(tx: &mut Tx, outbox_id: OutboxId) -> Result<Option<Refused>, sqlx::Error> {
    let sql = "select * from refusals where outbox_id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(outbox_id).fetch_optional(conn).await)
}

/// Those of an account since a moment that are alike, with no other mail taken in between, oldest first.
pub async fn list(
    tx: &mut Tx,
    account: &str,
    alike: &str,
    since: Timestamp,
) -> Result<Vec<Refused>, sqlx::Error> {
    let sql = "select * from refusals where account = $1 and at >= $2 and alike = $3 and others_at is null
        order by at, outbox_id";
    on!(tx, |conn| sqlx::query_as(sql).bind(account).bind(since).bind(alike).fetch_all(conn).await)
}

/// The server of an account took a mail, or would take one: a row of refusals ends.
pub async fn end_row(tx: &mut Tx, account: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update refusals set others_at = $1 where account = $2 and others_at is null";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(account).execute(conn).await.map(drop))
}

/// What became of a mail is known.
pub async fn delete(tx: &mut Tx, outbox_id: OutboxId) -> Result<(), sqlx::Error> {
    let sql = "delete from refusals where outbox_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(outbox_id).execute(conn).await.map(drop))
}
