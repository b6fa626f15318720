//! The `message_ids` table: the Message-IDs of mails that came in, and the ticket each belongs to.
//!
//! Ids of mails that went out are in the `outbox`.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// One incoming mail that is on a ticket.
#[derive(Clone, Debug)]
pub struct KnownMessage {
    pub ticket_id: TicketId,
    /// Case-folded address of the author.
    pub author_key: String,
    pub content_digest: Vec<u8>,
}

row!(KnownMessage { ticket_id, author_key, content_digest });

pub async fn insert(
    tx: &mut Tx,
    message_id: &str,
    known: &KnownMessage,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into message_ids (message_id, ticket_id, author_key, content_digest, created_at)
        values ($1, $2, $3, $4, $5)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(message_id)
            .bind(known.ticket_id)
            .bind(&known.author_key)
            .bind(&known.content_digest)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Every mail that had this Message-ID, oldest first; sixteen at most, since anybody can repeat an id.
pub async fn find(tx: &mut Tx, message_id: &str) -> Result<Vec<KnownMessage>, sqlx::Error> {
    let sql = "select * from message_ids where message_id = $1 order by id limit 16";
    on!(tx, |conn| sqlx::query_as(sql).bind(message_id).fetch_all(conn).await)
}

/// Gives a merged ticket's mails to the survivor.
pub async fn repoint(tx: &mut Tx, from: TicketId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update message_ids set ticket_id = $1 where ticket_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
