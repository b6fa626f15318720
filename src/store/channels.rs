//! The `channels` table: SMTP accounts that are paused because the server refuses all of their mail.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;

/// One SMTP account's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountState {
    pub account: String,
    pub paused_until: Timestamp,
    /// Mails in a row that were refused alike.
    pub refusals: i64,
    pub last_error: Option<String>,
}

row!(AccountState { account, paused_until, refusals, last_error });

pub async fn find(tx: &mut Tx, account: &str) -> Result<Option<AccountState>, sqlx::Error> {
    let sql = "select * from channels where account = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(account).fetch_optional(conn).await)
}

pub async fn list(tx: &mut Tx) -> Result<Vec<AccountState>, sqlx::Error> {
    let sql = "select * from channels order by account";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

pub async fn upsert(tx: &mut Tx, channel: &AccountState) -> Result<(), sqlx::Error> {
    let sql = "insert into channels (account, paused_until, refusals, last_error) values ($1, $2, $3, $4)
        on conflict (account) do update set paused_until = excluded.paused_until, refusals = excluded.refusals,
            last_error = excluded.last_error";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&channel.account)
            .bind(channel.paused_until)
            .bind(channel.refusals)
            .bind(&channel.last_error)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// One account, or (empty) all, rest no longer.
pub async fn wake(tx: &mut Tx, account: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update channels set paused_until = $1 where paused_until > $1 and ($2 = '' or account = $2)";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(account).execute(conn).await.map(drop))
}

/// No account rests beyond `latest`: another clock wrote what does.
pub async fn correct(tx: &mut Tx, latest: Timestamp, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update channels set paused_until = $1 where paused_until > $2";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(latest).execute(conn).await.map(drop))
}
