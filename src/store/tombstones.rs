//! The `tombstones` table: digests of mails whose ticket was deleted, so that a rescan does not bring them
//! back.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Leaves one stone for each mail of a ticket.
pub async fn insert(
    tx: &mut Tx,
    ticket_id: TicketId,
    actor_id: Option<UserId>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into tombstones (digest, ticket_id, actor_id, at)
        select digest, $1, $2, $3 from inbox where ticket_id = $4 on conflict do nothing";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(ticket_id)
            .bind(actor_id)
            .bind(now)
            .bind(ticket_id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Whether the mail with this digest belonged to a ticket that was deleted.
pub async fn exists(tx: &mut Tx, digest: &[u8]) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from tombstones where digest = $1";
    let count: i64 = on!(tx, |conn| sqlx::query_scalar(sql).bind(digest).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Leaves the stone of one mail.
pub async fn insert_one(
    tx: &mut Tx,
    digest: &[u8],
    ticket_id: TicketId,
    actor_id: Option<UserId>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into tombstones (digest, ticket_id, actor_id, at) values ($1, $2, $3, $4)
        on conflict do nothing";
    on!(tx, |conn| {
        sqlx::query(sql).bind(digest).bind(ticket_id).bind(actor_id).bind(now).execute(conn).await.map(drop)
    })
}
