//! The `outbox` table when two people turn out to be one.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;

/// What was sent to somebody was sent to somebody else.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "update outbox set user_id = $1 where user_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
