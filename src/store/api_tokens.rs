//! The `api_tokens` table: programs that may call the Desk API or the Jaze Tickets API. Keys are kept as digests only.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;
use crate::ticket::scope::Scopes;

/// One program's token; the part of it that is no secret.
#[derive(Clone, Debug, Serialize)]
pub struct ApiToken {
    pub id: TokenId,
    /// What the operator calls it.
    pub name: String,
    pub token: String,
    /// SHA-256 of the key.
    #[serde(skip)]
    pub(crate) key_digest: Vec<u8>,
    pub created_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
    /// What it may do at the Desk API; none: it is for the Jaze Tickets API.
    #[serde(skip)]
    pub scopes: Option<Scopes>,
    /// In whose name it acts; none: in its own.
    pub user_id: Option<UserId>,
    pub expires_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
}

row!(ApiToken {
    id,
    name,
    token,
    key_digest,
    created_at,
    revoked_at,
    scopes,
    user_id,
    expires_at,
    used_at,
    disabled_at,
});

/// A token to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewApiToken<'a> {
    pub name: &'a str,
    pub token: &'a str,
    pub key_digest: &'a [u8],
    pub scopes: Option<&'a Scopes>,
    pub user_id: Option<UserId>,
    pub expires_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether it was never revoked; it may be disabled or over all the same.
    pub fn is_valid(&self) -> bool {
        self.revoked_at.is_none()
    }

    /// Whether a program can log in with it now.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.state(now) == "valid"
    }

    pub fn state(&self, now: Timestamp) -> &'static str {
        if self.revoked_at.is_some() {
            "revoked"
        } else if self.disabled_at.is_some() {
            "disabled"
        } else if self.expires_at.is_some_and(|at| at <= now) {
            "expired"
        } else {
            "valid"
        }
    }
}

pub async fn insert(tx: &mut Tx, new: &NewApiToken<'_>, now: Timestamp) -> Result<TokenId, sqlx::Error> {
    let sql = "insert into api_tokens (name, token, key_digest, scopes, user_id, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.name)
            .bind(new.token)
            .bind(new.key_digest)
            .bind(new.scopes)
            .bind(new.user_id)
            .bind(new.expires_at)
            .bind(now)
            .fetch_one(conn)
            .await
    })
}

/// All of them, in the order in which they were made.
pub async fn list(tx: &mut Tx) -> Result<Vec<ApiToken>, sqlx::Error> {
    let sql = "select * from api_tokens order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Says whether it was valid until now.
pub async fn revoke(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update api_tokens set revoked_at = $1 where id = $2 and revoked_at is null";
    let revoked = on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await?.rows_affected());
    Ok(revoked == 1)
}

/// Lets nobody log in with it for now, or again.
pub async fn set_disabled(
    tx: &mut Tx,
    id: TokenId,
    disabled_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let sql = "update api_tokens set disabled_at = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(disabled_at).bind(id).execute(conn).await.map(drop))
}

/// Notes that a program called with it.
pub async fn set_used(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update api_tokens set used_at = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await.map(drop))
}
