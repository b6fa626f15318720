//! The `tickets` table when two people turn out to be one.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;

/// Gives somebody's tickets to somebody else: those they asked with, answered from now on at that address, and those
/// they have.
pub async fn repoint_person(
    tx: &mut Tx,
    from: UserId,
    to: UserId,
    address: Option<&str>,
) -> Result<(), sqlx::Error> {
    let sql = "update tickets set submitter_id = $1, reply_to = coalesce(reply_to, $2), version = version + 1
        where submitter_id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(address).bind(from).execute(conn).await.map(drop))?;
    let sql = "update tickets set owner_id = $1, version = version + 1 where owner_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
