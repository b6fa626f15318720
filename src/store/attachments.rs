//! The `attachments` table: what hangs on an entry of a conversation. The bytes are in `blobs`.

use serde::Serialize;

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::entry::Disposition;
use crate::ticket::id::BlobId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

/// One attachment.
#[derive(Clone, Debug, Serialize)]
pub struct Attachment {
    pub followup_id: FollowupId,
    /// None: left out because it was too large.
    pub blob_id: Option<BlobId>,
    pub name: String,
    pub content_type: String,
    pub content_id: Option<String>,
    pub disposition: Disposition,
    pub size: i64,
}

row!(Attachment { followup_id, blob_id, name, content_type, content_id, disposition, size });

pub async fn insert(tx: &mut Tx, attachment: &Attachment) -> Result<(), sqlx::Error> {
    let sql =
        "insert into attachments (followup_id, blob_id, name, content_type, content_id, disposition, size)
        values ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(attachment.followup_id)
            .bind(attachment.blob_id)
            .bind(&attachment.name)
            .bind(&attachment.content_type)
            .bind(&attachment.content_id)
            .bind(attachment.disposition)
            .bind(attachment.size)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// All attachments of a ticket, in order of arrival.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Attachment>, sqlx::Error> {
    let sql = "select attachments.* from followups join attachments on attachments.followup_id = followups.id
        where followups.ticket_id = $1 order by attachments.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// The attachments of one entry.
pub async fn list_of_followup(tx: &mut Tx, followup_id: FollowupId) -> Result<Vec<Attachment>, sqlx::Error> {
    let sql = "select * from attachments where followup_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(followup_id).fetch_all(conn).await)
}

/// Takes the attachments of one entry away. Their bytes stay as long as something else names them.
pub async fn delete_of_followup(tx: &mut Tx, followup_id: FollowupId) -> Result<(), sqlx::Error> {
    let sql = "delete from attachments where followup_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(followup_id).execute(conn).await.map(drop))
}

/// Calls the attachments of one entry by another name.
pub async fn rename_of_followup(
    tx: &mut Tx,
    followup_id: FollowupId,
    from: &str,
    to: &str,
) -> Result<(), sqlx::Error> {
    let sql = "update attachments set name = $1 where followup_id = $2 and name = $3";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(followup_id).bind(from).execute(conn).await.map(drop))
}
