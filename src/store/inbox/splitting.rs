//! The `inbox` table when entries go to another ticket: the mails that they came from go, too.

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;

/// By what a mail is known again.
#[derive(Clone, Debug)]
pub struct Mark {
    pub message_id: Option<String>,
    pub content_digest: Option<Vec<u8>>,
}

row!(Mark { message_id, content_digest });

pub async fn find_mark(tx: &mut Tx, id: InboxId) -> Result<Option<Mark>, sqlx::Error> {
    let sql = "select message_id, content_digest from inbox where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Gives a mail to another ticket.
pub async fn move_to(tx: &mut Tx, id: InboxId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update inbox set ticket_id = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(id).execute(conn).await.map(drop))
}
