//! Who said what on a ticket that an agent had not been shown.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// What an agent told everybody on a ticket.
#[derive(Clone, Debug)]
pub struct Answered {
    pub id: FollowupId,
    pub author_id: UserId,
    pub author_name: String,
    pub created_at: Timestamp,
}

row!(Answered { id, author_id, author_name, created_at });

/// The newest entry that stood on a ticket when a mail about it was written: the one that the mail tells of, else
/// the last one that was logged until then. `key` is the number that its token carries.
pub async fn find_shown(tx: &mut Tx, key: i64) -> Result<Option<FollowupId>, sqlx::Error> {
    let sql = "select coalesce(outbox.followup_id,
            (select max(events.entry_id) from events
                where events.ticket_id = outbox.ticket_id and events.at <= outbox.created_at), 0)
        from outbox where outbox.key = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(key).fetch_optional(conn).await)
}

/// The entry of a ticket that came as the mail with this Message-ID.
pub async fn find_by_message_id(
    tx: &mut Tx,
    ticket_id: TicketId,
    message_id: &str,
) -> Result<Option<FollowupId>, sqlx::Error> {
    let sql = "select max(id) from followups where ticket_id = $1 and message_id = $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(message_id).fetch_one(conn).await)
}

/// The last public answer that another agent gave after an entry and a moment; none is what an agent says on a
/// request of their own.
pub async fn find_answer_of_another(
    tx: &mut Tx,
    ticket_id: TicketId,
    author_id: UserId,
    after: FollowupId,
    since: Timestamp,
) -> Result<Option<Answered>, sqlx::Error> {
    let sql = "select followups.id, users.id as author_id, users.name as author_name, followups.created_at
        from followups
        join users on users.id = followups.author_id
        join tickets on tickets.id = followups.ticket_id
        where followups.ticket_id = $1 and users.id <> $2 and followups.id > $3 and followups.created_at >= $4
            and followups.visibility = 'public' and followups.kind in ('comment', 'resolved', 'closed', 'reopened')
            and users.role <> 'customer' and coalesce(tickets.submitter_id, 0) <> users.id
        order by followups.id desc limit 1";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(ticket_id).bind(author_id).bind(after).bind(since).fetch_optional(conn).await
    })
}
