//! The `shared_comments` table: which entries a partner has, by the ids under which he knows them.

use crate::sharing::stored::CommentOrigin;
use crate::sharing::token::WireId;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::FollowupId;
use crate::ticket::id::ShareId;

/// One entry that both sides have.
#[derive(Clone, Debug)]
pub struct SharedComment {
    pub shared_ticket_id: ShareId,
    pub uuid: WireId,
    pub followup_id: FollowupId,
    pub origin: CommentOrigin,
}

row!(SharedComment { shared_ticket_id, uuid, followup_id, origin });

/// Notes that both sides have an entry; harmless when that is known.
pub async fn insert(tx: &mut Tx, comment: &SharedComment) -> Result<(), sqlx::Error> {
    let sql =
        "insert into shared_comments (shared_ticket_id, uuid, followup_id, origin) values ($1, $2, $3, $4)
        on conflict do nothing";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(comment.shared_ticket_id)
            .bind(&comment.uuid)
            .bind(comment.followup_id)
            .bind(comment.origin)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Whether both sides have the comment of this id.
pub async fn exists(tx: &mut Tx, shared_ticket_id: ShareId, uuid: &WireId) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from shared_comments where shared_ticket_id = $1 and uuid = $2";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(shared_ticket_id).bind(uuid).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Under which ids, and by which shares, an entry is known.
pub async fn list_of_followup(
    tx: &mut Tx,
    followup_id: FollowupId,
) -> Result<Vec<SharedComment>, sqlx::Error> {
    let sql = "select * from shared_comments where followup_id = $1 order by shared_ticket_id, uuid";
    on!(tx, |conn| sqlx::query_as(sql).bind(followup_id).fetch_all(conn).await)
}

/// Everything of a share that both sides have.
pub async fn list(tx: &mut Tx, shared_ticket_id: ShareId) -> Result<Vec<SharedComment>, sqlx::Error> {
    let sql = "select * from shared_comments where shared_ticket_id = $1 order by followup_id, uuid";
    on!(tx, |conn| sqlx::query_as(sql).bind(shared_ticket_id).fetch_all(conn).await)
}
