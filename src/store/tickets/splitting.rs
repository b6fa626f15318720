//! The `tickets` table when entries go to another ticket: which mails are about them.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// A ticket and all that were merged into it, in whatever order.
pub async fn list_with_merged(tx: &mut Tx, id: TicketId) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select id from tickets where merged_into = $1 order by id";
    let (mut all, mut looked_at) = (vec![id], 0);
    while let Some(&next) = all.get(looked_at) {
        let merged: Vec<TicketId> = on!(tx, |conn| sqlx::query_scalar(sql).bind(next).fetch_all(conn).await)?;
        let new: Vec<TicketId> = merged.into_iter().filter(|id| !all.contains(id)).collect();
        all.extend(new);
        looked_at += 1;
    }
    Ok(all)
}
