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
