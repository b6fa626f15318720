//! Whoever a call names, with how often his log-in failed lately: one statement, as every call needs it.
//!
//! Reads only; failures are counted in `login_failures`.

use sqlx::FromRow;
use sqlx::Row;

use crate::clock::Timestamp;
use crate::store::api_tokens::ApiToken;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::person::User;

/// A row that can log in.
#[derive(Clone, Debug)]
pub struct Login<T> {
    pub row: T,
    /// Failures of this account, from everywhere.
    pub of_account: i64,
    /// Failures from the address that asks now, at all accounts.
    pub of_origin: i64,
}

impl<'r, R: Row, T: FromRow<'r, R>> FromRow<'r, R> for Login<T>
where
    for<'n> &'n str: sqlx::ColumnIndex<R>,
    i64: sqlx::Type<R::Database> + sqlx::Decode<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            row: T::from_row(row)?,
            of_account: row.try_get("of_account")?,
            of_origin: row.try_get("of_origin")?,
        })
    }
}

/// A user by name. Failures count that began at `cutoff` or later.
pub async fn find_user(
    tx: &mut Tx,
    username: &str,
    origin: &str,
    cutoff: Timestamp,
) -> Result<Option<Login<User>>, sqlx::Error> {
    let sql = "select users.*,
            coalesce((select failures from login_failures where subject = 'user:' || users.id and since >= $3), 0) as of_account,
            coalesce((select failures from login_failures where subject = $2 and since >= $3), 0) as of_origin
        from users where username = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(username).bind(origin).bind(cutoff).fetch_optional(conn).await)
}

/// A program by its token, also one that was revoked. Failures count that began at `cutoff` or later.
pub async fn find_token(
    tx: &mut Tx,
    token: &str,
    origin: &str,
    cutoff: Timestamp,
) -> Result<Option<Login<ApiToken>>, sqlx::Error> {
    let sql = "select api_tokens.*,
            coalesce((select failures from login_failures where subject = 'token:' || api_tokens.id and since >= $3), 0) as of_account,
            coalesce((select failures from login_failures where subject = $2 and since >= $3), 0) as of_origin
        from api_tokens where token = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(token).bind(origin).bind(cutoff).fetch_optional(conn).await)
}
