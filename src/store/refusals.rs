//! The `refusals` table: mails that an account's server refused for good since it last took one.
//!
//! Refusals of one mail are in `bounces` and in its row of the outbox; this is about the row of them.

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
}

row!(Refused { outbox_id, account, alike, domain, at });

pub async fn insert(tx: &mut Tx, new: &Refused) -> Result<(), sqlx::Error> {
    let sql = "insert into refusals (outbox_id, account, alike, domain, at) values ($1, $2, $3, $4, $5)
        on conflict (outbox_id) do update set account = excluded.account, alike = excluded.alike,
            domain = excluded.domain, at = excluded.at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(new.outbox_id)
            .bind(&new.account)
            .bind(&new.alike)
            .bind(&new.domain)
            .bind(new.at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Those of an account since a moment that are alike, oldest first.
pub async fn list(
    tx: &mut Tx,
    account: &str,
    alike: &str,
    since: Timestamp,
) -> Result<Vec<Refused>, sqlx::Error> {
    let sql = "select * from refusals where account = $1 and at >= $2 and alike = $3 order by at, outbox_id";
    on!(tx, |conn| sqlx::query_as(sql).bind(account).bind(since).bind(alike).fetch_all(conn).await)
}

/// The server of an account took a mail, or the row of refusals was found to be about us.
pub async fn clear(tx: &mut Tx, account: &str) -> Result<(), sqlx::Error> {
    let sql = "delete from refusals where account = $1";
    on!(tx, |conn| sqlx::query(sql).bind(account).execute(conn).await.map(drop))
}
