//! The `outbox_bodies` table: long words of mails, once for all recipients.
//!
//! Rows of the outbox name them in what they freeze; both go with their ticket.

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::TicketId;

/// The same words in both forms.
#[derive(Clone, Debug)]
pub struct Body {
    pub text: String,
    pub html: String,
}

row!(Body { text, html });

pub async fn insert(
    tx: &mut Tx,
    ticket_id: TicketId,
    text: &str,
    html: &str,
) -> Result<OutboxBodyId, sqlx::Error> {
    let sql = "insert into outbox_bodies (ticket_id, text, html) values ($1, $2, $3) returning id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(text).bind(html).fetch_one(conn).await)
}

pub async fn find(tx: &mut Tx, id: OutboxBodyId) -> Result<Option<Body>, sqlx::Error> {
    let sql = "select text, html from outbox_bodies where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Bodies of the mails about a ticket, with their numbers.
pub async fn list_of_ticket(
    tx: &mut Tx,
    ticket_id: TicketId,
) -> Result<Vec<(OutboxBodyId, String, String)>, sqlx::Error> {
    let sql = "select id, text, html from outbox_bodies where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// The next bodies behind a number.
pub async fn list_after(
    tx: &mut Tx,
    after: OutboxBodyId,
    limit: i64,
) -> Result<Vec<(OutboxBodyId, String, String)>, sqlx::Error> {
    let sql = "select id, text, html from outbox_bodies where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Other words in a body.
pub async fn rewrite(tx: &mut Tx, id: OutboxBodyId, text: &str, html: &str) -> Result<(), sqlx::Error> {
    let sql = "update outbox_bodies set text = $1, html = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(text).bind(html).bind(id).execute(conn).await.map(drop))
}

/// Has a body go with another ticket.
pub async fn repoint(tx: &mut Tx, id: OutboxBodyId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update outbox_bodies set ticket_id = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(id).execute(conn).await.map(drop))
}
