//! The `followups` table as it is read in pages, with who said what.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::followups::Followup;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::person::Role;

/// One entry, with its author.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: FollowupId,
    /// None: the desk itself, an API token, or where there is a name, somebody whom the desk does not know there.
    pub(crate) author_role: Option<Role>,
    pub author_name: Option<String>,
    pub(crate) author_email: Option<String>,
    pub kind: EntryKind,
    pub visibility: Visibility,
    pub text: String,
    pub new_text: Option<String>,
    pub created_at: Timestamp,
}

row!(Said { id, author_role, author_name, author_email, kind, visibility, text, new_text, created_at });

/// The next entries after `after` that have words, oldest first.
pub async fn list(
    tx: &mut Tx,
    ticket_id: TicketId,
    after: FollowupId,
    limit: i64,
) -> Result<Vec<Said>, sqlx::Error> {
    let sql = "select followups.id, users.role as author_role,
            coalesce(users.name, followups.writer_name, followups.writer_address) as author_name,
            users.email as author_email,
            followups.kind, followups.visibility, followups.text, followups.new_text, followups.created_at
        from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.id > $2 and followups.text <> '' order by followups.id limit 0 + $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(after).bind(limit).fetch_all(conn).await)
}

/// The next entries after `after`, whole and with whatever they are, oldest first.
pub async fn page(
    tx: &mut Tx,
    ticket_id: TicketId,
    after: FollowupId,
    limit: i64,
) -> Result<Vec<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.id > $2 order by followups.id limit 0 + $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(after).bind(limit).fetch_all(conn).await)
}

/// Whether one of our own people said something that everybody reads, on a ticket that is not theirs.
pub async fn is_answered(tx: &mut Tx, ticket_id: TicketId) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from followups join users on users.id = followups.author_id
            join tickets on tickets.id = followups.ticket_id
        where followups.ticket_id = $1 and followups.visibility = 'public' and followups.kind <> 'opened'
            and users.role in ('agent', 'admin') and users.id is distinct from tickets.submitter_id";
    let count: i64 = on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_one(conn).await)?;
    Ok(count > 0)
}
