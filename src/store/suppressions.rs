//! The `suppressions` table: addresses that are not written to, and why.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;

/// One address that is not written to.
#[derive(Clone, Debug, Serialize)]
pub struct Suppression {
    #[serde(skip)]
    pub address_key: String,
    pub address: String,
    /// `address`, `mailbox-full`, `policy`, or `manual` for what a person decided.
    pub reason: String,
    pub detail: String,
    pub created_at: Timestamp,
    /// None: until somebody lifts it.
    pub expires_at: Option<Timestamp>,
}

row!(Suppression { address_key, address, reason, detail, created_at, expires_at });

/// Writes one; a person's word is not replaced by a server's.
pub async fn upsert(tx: &mut Tx, new: &Suppression) -> Result<(), sqlx::Error> {
    let sql = "insert into suppressions (address_key, address, reason, detail, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (address_key) do update set address = excluded.address, reason = excluded.reason,
            detail = excluded.detail, created_at = excluded.created_at, expires_at = excluded.expires_at
            where suppressions.reason <> 'manual' or excluded.reason = 'manual'
                or suppressions.expires_at <= excluded.created_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&new.address_key)
            .bind(&new.address)
            .bind(&new.reason)
            .bind(&new.detail)
            .bind(new.created_at)
            .bind(new.expires_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Why an address is not written to now.
pub async fn find(
    tx: &mut Tx,
    address_key: &str,
    now: Timestamp,
) -> Result<Option<Suppression>, sqlx::Error> {
    let sql = "select * from suppressions where address_key = $1 and (expires_at is null or expires_at > $2)";
    on!(tx, |conn| sqlx::query_as(sql).bind(address_key).bind(now).fetch_optional(conn).await)
}

/// Those that hold now, by address, behind a given one.
pub async fn list(
    tx: &mut Tx,
    after: &str,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Suppression>, sqlx::Error> {
    let sql = "select * from suppressions
        where address_key > $1 and (expires_at is null or expires_at > $2) order by address_key limit 0 + $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(now).bind(limit).fetch_all(conn).await)
}

/// Writes to an address again; false if it was not suppressed.
pub async fn delete(tx: &mut Tx, address_key: &str) -> Result<bool, sqlx::Error> {
    let sql = "delete from suppressions where address_key = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(address_key).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// As [`delete`], unless a person suppressed it.
pub async fn lift(tx: &mut Tx, address_key: &str) -> Result<bool, sqlx::Error> {
    let sql = "delete from suppressions where address_key = $1 and reason <> 'manual'";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(address_key).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Takes back what was suppressed since a moment, unless a person did it.
pub async fn take_back(tx: &mut Tx, address_key: &str, since: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "delete from suppressions where address_key = $1 and created_at >= $2 and reason <> 'manual'";
    on!(tx, |conn| sqlx::query(sql).bind(address_key).bind(since).execute(conn).await.map(drop))
}
