//! The `message_ids` table: the Message-IDs of mails that came in, and the ticket each belongs to.
//!
//! Ids of mails that went out are in the `outbox`.

use std::fmt::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// What the ids of erased mails begin with.
pub const ERASED: &str = "erased:";

/// One incoming mail that is on a ticket.
#[derive(Clone, Debug)]
pub struct KnownMessage {
    pub ticket_id: TicketId,
    /// Case-folded address of the author.
    pub author_key: String,
    pub content_digest: Vec<u8>,
}

impl KnownMessage {
    /// Whether its author is the one with this address, who may have been erased.
    pub fn is_by(&self, message_id: &str, author_key: &str) -> bool {
        self.author_key == author_key || self.author_key == erased(&[message_id, author_key])
    }
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

/// Every mail that had this Message-ID, oldest first; sixteen at most, since anybody can repeat an id. Those of people
/// who were erased, too.
pub async fn find(tx: &mut Tx, message_id: &str) -> Result<Vec<KnownMessage>, sqlx::Error> {
    let sql = "select * from message_ids where message_id in ($1, $2) order by id limit 16";
    let erased = erased(&[message_id]);
    on!(tx, |conn| sqlx::query_as(sql).bind(message_id).bind(erased).fetch_all(conn).await)
}

/// What is kept of a Message-ID, or of it and the address that it came from, when that person is erased: enough to know
/// the same mail again. Nobody finds the address from it who does not have the mail.
pub fn erased(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut text = ERASED.to_owned();
    for byte in &digest[..20] {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A mail of a ticket with the number of its row.
#[derive(Clone, Debug)]
pub struct Numbered {
    pub id: i64,
    pub message_id: String,
    pub author_key: String,
}

row!(Numbered { id, message_id, author_key });

/// The mails of a ticket.
pub async fn list_of_ticket(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Numbered>, sqlx::Error> {
    let sql = "select id, message_id, author_key from message_ids where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Keeps what is needed to know a mail again, and nothing else.
pub async fn erase(tx: &mut Tx, mail: &Numbered) -> Result<(), sqlx::Error> {
    let sql = "update message_ids set message_id = $1, author_key = $2 where id = $3";
    let (id, author) = (erased(&[&mail.message_id]), erased(&[&mail.message_id, &mail.author_key]));
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(author).bind(mail.id).execute(conn).await.map(drop))
}

/// Gives a merged ticket's mails to the survivor.
pub async fn repoint(tx: &mut Tx, from: TicketId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update message_ids set ticket_id = $1 where ticket_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}

/// Gives one mail of a ticket to another ticket, by its id and what it says; its signatures go with it.
pub async fn move_one(
    tx: &mut Tx,
    from: TicketId,
    to: TicketId,
    message_id: &str,
    content_digest: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    let signatures = "update message_ids set ticket_id = $1
        where ticket_id = $2 and message_id like '%@dkim-signature.invalid' and exists (
            select 1 from message_ids as mail where mail.ticket_id = $2 and mail.message_id = $3
                and mail.author_key = message_ids.author_key and mail.created_at = message_ids.created_at
                and mail.content_digest = coalesce($4, mail.content_digest))";
    let mail = "update message_ids set ticket_id = $1
        where ticket_id = $2 and message_id = $3 and content_digest = coalesce($4, content_digest)";
    // The signatures first: they are found by where the mail is.
    for sql in [signatures, mail] {
        on!(tx, |conn| {
            sqlx::query(sql)
                .bind(to)
                .bind(from)
                .bind(message_id)
                .bind(content_digest)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}
