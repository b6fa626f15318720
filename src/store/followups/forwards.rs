//! The `followups` table as far as entries are passed on.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

/// The newest entry before another one that somebody outside wrote for everybody.
pub async fn find_usual(
    tx: &mut Tx,
    ticket_id: TicketId,
    before: FollowupId,
) -> Result<Option<FollowupId>, sqlx::Error> {
    let sql = "select followups.id from followups join tickets on tickets.id = followups.ticket_id
            left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.id < $2 and followups.visibility = 'public'
            and (followups.kind = 'opened' or users.role = 'customer' or users.id = tickets.submitter_id)
        order by followups.id desc limit 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(before).fetch_optional(conn).await)
}
