//! The `return_paths` table: accounts whose server takes mail from the plain address only, as was seen.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;

/// A kind of return path that is not the plain address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// `support+TOKEN@…`
    Token,
    /// `<>`
    Null,
}

impl Path {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Null => "null",
        }
    }
}

/// One kind that an account's server does not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub account: String,
    /// `token` or `null`.
    pub path: String,
    pub refused_at: Timestamp,
}

row!(Refused { account, path, refused_at });

/// Those of all accounts that were refused since a moment.
pub async fn list(tx: &mut Tx, since: Timestamp) -> Result<Vec<Refused>, sqlx::Error> {
    let sql = "select * from return_paths where refused_at >= $1 order by account, path";
    on!(tx, |conn| sqlx::query_as(sql).bind(since).fetch_all(conn).await)
}

/// A mail was taken from the plain address that was refused from this path.
pub async fn upsert(tx: &mut Tx, account: &str, path: Path, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into return_paths (account, path, refused_at) values ($1, $2, $3)
        on conflict (account, path) do update set refused_at = excluded.refused_at";
    on!(tx, |conn| {
        sqlx::query(sql).bind(account).bind(path.as_str()).bind(now).execute(conn).await.map(drop)
    })
}

/// A mail was taken from this path.
pub async fn delete(tx: &mut Tx, account: &str, path: Path) -> Result<(), sqlx::Error> {
    let sql = "delete from return_paths where account = $1 and path = $2";
    on!(tx, |conn| sqlx::query(sql).bind(account).bind(path.as_str()).execute(conn).await.map(drop))
}
