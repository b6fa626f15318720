//! The `attachment_links` table: attachments that a partner may fetch, by names that nobody can guess.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::BlobId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::ShareId;

/// One attachment for one partner.
#[derive(Clone, Debug)]
pub struct AttachmentLink {
    pub token: String,
    pub shared_ticket_id: ShareId,
    pub followup_id: FollowupId,
    pub blob_id: BlobId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub expires_at: Timestamp,
}

row!(AttachmentLink { token, shared_ticket_id, followup_id, blob_id, name, content_type, size, expires_at });

/// Opens a link, or keeps it open for longer.
pub async fn upsert(tx: &mut Tx, link: &AttachmentLink) -> Result<(), sqlx::Error> {
    let sql = "insert into attachment_links (token, shared_ticket_id, followup_id, blob_id, name, content_type, size,
            expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (token) do update set expires_at = excluded.expires_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&link.token)
            .bind(link.shared_ticket_id)
            .bind(link.followup_id)
            .bind(link.blob_id)
            .bind(&link.name)
            .bind(&link.content_type)
            .bind(link.size)
            .bind(link.expires_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// The attachment behind a link that is open at `now`.
pub async fn find(tx: &mut Tx, token: &str, now: Timestamp) -> Result<Option<AttachmentLink>, sqlx::Error> {
    let sql = "select attachment_links.* from attachment_links
            join shared_tickets on shared_tickets.id = attachment_links.shared_ticket_id
            join agreements on agreements.id = shared_tickets.agreement_id
        where attachment_links.token = $1 and attachment_links.expires_at > $2 and shared_tickets.state = 'shared'
            and agreements.status = 'accepted'";
    on!(tx, |conn| sqlx::query_as(sql).bind(token).bind(now).fetch_optional(conn).await)
}

/// Forgets links that have ended; says how many.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from attachment_links where expires_at <= $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(now).execute(conn).await?.rows_affected()))
}

/// Nobody fetches the attachments of an entry any more.
pub async fn delete_of_followup(tx: &mut Tx, followup_id: FollowupId) -> Result<(), sqlx::Error> {
    let sql = "delete from attachment_links where followup_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(followup_id).execute(conn).await.map(drop))
}
