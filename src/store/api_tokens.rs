//! The `api_tokens` table: programs that may call the Jaze Tickets API. Keys are kept as digests only.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TokenId;

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
}

row!(ApiToken { id, name, token, key_digest, created_at, revoked_at });

impl ApiToken {
    pub fn is_valid(&self) -> bool {
        self.revoked_at.is_none()
    }
}

pub async fn insert(
    tx: &mut Tx,
    name: &str,
    token: &str,
    key_digest: &[u8],
    now: Timestamp,
) -> Result<TokenId, sqlx::Error> {
    let sql =
        "insert into api_tokens (name, token, key_digest, created_at) values ($1, $2, $3, $4) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(name).bind(token).bind(key_digest).bind(now).fetch_one(conn).await
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
