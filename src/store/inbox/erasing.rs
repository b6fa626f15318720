//! The `inbox` table as the erasure of a person goes through it.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::inbox::Received;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;

/// The next messages behind a number.
pub async fn list_after(tx: &mut Tx, after: InboxId, limit: i64) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Those of a ticket.
pub async fn list_of_ticket(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Lets go of the bytes of a message and of what was noted of it. What is suspended can no longer be released.
pub async fn forget(tx: &mut Tx, id: InboxId, message_id: Option<&str>) -> Result<(), sqlx::Error> {
    let sql = "update inbox set blob_id = null, trace = null, message_id = $1,
            outcome = case when outcome in ('suspended', 'quarantined') then 'expired' else outcome end
        where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(message_id).bind(id).execute(conn).await.map(drop))
}
