//! The `outbox` table when entries go to another ticket: the mails about them go, too.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::outbox::Outgoing;
use crate::ticket::id::FollowupId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;

/// The mails about a ticket that are about one of its entries.
pub async fn list_of_entry(
    tx: &mut Tx,
    ticket_id: TicketId,
    entry: FollowupId,
) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where ticket_id = $1 and followup_id = $2 order by recipient_key, id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(entry).fetch_all(conn).await)
}

/// Gives a mail to another ticket. Its tokens are believed as before.
pub async fn move_to(tx: &mut Tx, id: OutboxId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update outbox set ticket_id = $1, written_for = coalesce(written_for,
            (select uuid from tickets where tickets.id = outbox.ticket_id))
        where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(id).execute(conn).await.map(drop))
}
