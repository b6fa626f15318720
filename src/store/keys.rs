//! The `keys` table: secrets that sign Message-IDs and reply tokens.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::KeyId;

/// One signing key; the newest that is not retired signs.
#[derive(Clone)]
pub struct Key {
    pub id: KeyId,
    pub secret: Vec<u8>,
    pub created_at: Timestamp,
    pub(crate) retired_at: Option<Timestamp>,
}

row!(Key { id, secret, created_at, retired_at });

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

pub async fn insert(tx: &mut Tx, secret: &[u8], now: Timestamp) -> Result<KeyId, sqlx::Error> {
    let sql = "insert into keys (secret, created_at) values ($1, $2) returning id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(secret).bind(now).fetch_one(conn).await)
}

/// All keys, oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Key>, sqlx::Error> {
    let sql = "select * from keys order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// From now on nothing that this key signed is believed.
pub async fn retire(tx: &mut Tx, id: KeyId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update keys set retired_at = $1 where id = $2 and retired_at is null";
    let done = on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await?.rows_affected());
    Ok(done == 1)
}
