//! The `oauth_tokens` table: refresh tokens that replaced the configured ones, and who is using one right now.
//!
//! A token server that gives a new refresh token may refuse the old one from then on, so no two processes may
//! use one at a time, and the new one is written before anything is done with it.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;

/// Which refresh token is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// A digest of token server, client and user.
    pub account: String,
    /// A digest of the configured token that it began with: a new consent begins a new chain.
    pub origin: String,
}

/// Takes a chain for `holder` and gives its newest token, `first` if there is none; nothing while another
/// process has it.
pub async fn hold(
    tx: &mut Tx,
    chain: &Chain,
    first: &str,
    (holder, until): (&str, Timestamp),
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let sql = "insert into oauth_tokens (account, origin, refresh_token, holder, held_until, changed_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (account, origin) do update set holder = excluded.holder, held_until = excluded.held_until
            where oauth_tokens.held_until <= $6 or oauth_tokens.holder = excluded.holder
        returning refresh_token";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(&chain.account)
            .bind(&chain.origin)
            .bind(first)
            .bind(holder)
            .bind(until)
            .bind(now)
            .fetch_optional(conn)
            .await
    })
}

/// Writes the token that is to be used next; false when the chain is another process's by now.
pub async fn replace(
    tx: &mut Tx,
    chain: &Chain,
    token: &str,
    holder: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update oauth_tokens set refresh_token = $1, changed_at = $2
        where account = $3 and origin = $4 and holder = $5";
    let changed = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(token)
            .bind(now)
            .bind(&chain.account)
            .bind(&chain.origin)
            .bind(holder)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(changed == 1)
}

/// Takes every chain from its process: all of them are dead.
pub async fn release_all(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let sql = "update oauth_tokens set held_until = 0 where held_until > 0";
    on!(tx, |conn| sqlx::query(sql).execute(conn).await.map(drop))
}

/// Lets other processes have the chain.
pub async fn release(tx: &mut Tx, chain: &Chain, holder: &str) -> Result<(), sqlx::Error> {
    let sql = "update oauth_tokens set held_until = 0 where account = $1 and origin = $2 and holder = $3";
    on!(tx, |conn| {
        sqlx::query(sql).bind(&chain.account).bind(&chain.origin).bind(holder).execute(conn).await.map(drop)
    })
}
