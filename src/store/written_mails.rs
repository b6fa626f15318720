//! The `written_mails` table: how many mails were written about each ticket, so that one that is gone can be seen.
//!
//! A trigger adds a row for each mail. Rows are only added, as changing one of the ticket for each of its mails costs
//! more than the mail.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// So many mails more are about a ticket, or fewer: those to somebody who is erased are taken out.
pub async fn add(tx: &mut Tx, ticket_id: TicketId, mails: i64) -> Result<(), sqlx::Error> {
    let sql = "insert into written_mails (ticket_id, mails) values ($1, $2)";
    on!(tx, |conn| sqlx::query(sql).bind(ticket_id).bind(mails).execute(conn).await.map(drop))
}
