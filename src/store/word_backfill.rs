//! The `word_backfill` table: from which entry down the words are still to be taken. One row.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::FollowupId;

/// The newest entry whose words were not taken; 0 when all were.
pub async fn next(tx: &mut Tx) -> Result<FollowupId, sqlx::Error> {
    let sql = "select next from word_backfill where id = 1";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Goes on from one entry to another. Whoever was overtaken changes nothing.
pub async fn advance(tx: &mut Tx, from: FollowupId, to: FollowupId) -> Result<(), sqlx::Error> {
    let sql = "update word_backfill set next = $2 where id = 1 and next = $1";
    on!(tx, |conn| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(drop))
}
