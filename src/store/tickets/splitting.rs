//! The `tickets` table when entries go to another ticket.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// One more mail is about it, which was about another ticket.
pub async fn count_mail(tx: &mut Tx, id: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update tickets set mails = mails + 1 where id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(drop))
}
