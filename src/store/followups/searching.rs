//! The `followups` table as it is searched: what stands above an entry, and what is shown of one that was found.
//!
//! Above an entry stand who wrote it, by name and addresses, and what its files are called; above the first one of a
//! ticket, and above each that opened one, also the ticket's subject and whose it is. Nobody who is being erased does.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::json_list;
use crate::store::db::kept;
use crate::store::db::listed;
use crate::store::db::on;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

/// An entry whose words are to be taken.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: FollowupId,
    pub text: String,
    pub head: String,
}

row!(Source { id, text, head });

/// What an entry says.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: FollowupId,
    pub text: String,
}

row!(Said { id, text });

/// What is shown of an entry that was found.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: FollowupId,
    pub ticket_id: TicketId,
    /// The slug of the ticket's queue.
    pub queue: String,
    pub subject: String,
    pub author_name: Option<String>,
    pub visibility: Visibility,
    pub created_at: Timestamp,
    /// Its beginning.
    pub text: String,
}

row!(Shown { id, ticket_id, queue, subject, author_name, visibility, created_at, text });

/// Characters of an entry in which there can be words.
const READ: i32 = 256 * 1024;

/// What stands above an entry.
pub async fn head(tx: &mut Tx, id: FollowupId) -> Result<Option<String>, sqlx::Error> {
    Ok(sources(tx, id, id, 0).await?.pop().map(|source| source.head))
}

/// The entries from one down to another, with all that there are words in.
pub async fn list_sources(tx: &mut Tx, from: FollowupId, to: FollowupId) -> Result<Vec<Source>, sqlx::Error> {
    sources(tx, from, to, READ).await
}

async fn sources(
    tx: &mut Tx,
    from: FollowupId,
    to: FollowupId,
    characters: i32,
) -> Result<Vec<Source>, sqlx::Error> {
    let sql = "select followups.id, substr(followups.text, 1, $3) as text,
            coalesce(followups.writer_name, '') || ' ' || coalesce(followups.writer_address, '')
            || ' ' || coalesce(authors.name || ' ' || coalesce(authors.email, '') || ' ' || authors.addresses, '')
            || ' ' || coalesce((select string_agg(attachments.name, ' ') from attachments
                where attachments.followup_id = followups.id), '')
            || case when followups.kind = 'opened' or followups.id = (select min(first.id) from followups as first
                    where first.ticket_id = followups.ticket_id)
                then ' ' || tickets.subject || ' ' || coalesce((select string_agg(merged.subject, ' ')
                        from tickets as merged where merged.merged_into = tickets.id), '')
                    || ' ' || coalesce(
                        submitters.name || ' ' || coalesce(submitters.email, '') || ' ' || submitters.addresses, '')
                else '' end as head
        from followups join tickets on tickets.id = followups.ticket_id
            left join users as authors on authors.id = followups.author_id
                and not exists (select 1 from erasures where erasures.user_id = authors.id)
            left join users as submitters on submitters.id = tickets.submitter_id
                and not exists (select 1 from erasures where erasures.user_id = submitters.id)
        where followups.id <= $1 and followups.id >= $2 order by followups.id desc";
    on!(tx, |conn| sqlx::query_as(sql).bind(from).bind(to).bind(characters).fetch_all(conn).await)
}

/// Those of so many entries, from one down, that are there; nobody deletes them meanwhile.
pub async fn keep(tx: &mut Tx, from: FollowupId, to: FollowupId) -> Result<Vec<FollowupId>, sqlx::Error> {
    let sql = kept!(tx, "select id from followups where id <= $1 and id >= $2");
    on!(tx, |conn| sqlx::query_scalar(sql).bind(from).bind(to).fetch_all(conn).await)
}

/// The last of so many entries from one down; none if there are fewer.
pub async fn last_of(tx: &mut Tx, from: FollowupId, count: i64) -> Result<Option<FollowupId>, sqlx::Error> {
    let sql = "select id from followups where id <= $1 order by id desc limit 1 offset $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(from).bind(count - 1).fetch_optional(conn).await)
}

/// The entries above which a ticket's subject stands.
pub async fn list_headed(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<FollowupId>, sqlx::Error> {
    let sql = "select id from followups where ticket_id = $1 and (kind = 'opened'
        or id = (select min(first.id) from followups as first where first.ticket_id = $1)) order by id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_all(conn).await)
}

/// The next entries behind a number, with what they say.
pub async fn list_said(tx: &mut Tx, after: FollowupId, limit: i64) -> Result<Vec<Said>, sqlx::Error> {
    let sql =
        "select id, substr(text, 1, 262144) as text from followups where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// What is shown of these entries, the newest first, with so much of each.
pub async fn list_shown(tx: &mut Tx, ids: &[FollowupId], characters: i32) -> Result<Vec<Shown>, sqlx::Error> {
    let sql = listed!(
        tx,
        "select followups.id, followups.ticket_id, queues.slug as queue, tickets.subject,
            coalesce(users.name, followups.writer_name, followups.writer_address) as author_name,
            followups.visibility, followups.created_at, substr(followups.text, 1, $2) as text
        from followups join tickets on tickets.id = followups.ticket_id
            join queues on queues.id = tickets.queue_id
            left join users on users.id = followups.author_id
        where followups.id",
        " order by followups.id desc"
    );
    let ids = json_list(ids);
    on!(tx, |conn| sqlx::query_as(sql).bind(ids).bind(characters).fetch_all(conn).await)
}
