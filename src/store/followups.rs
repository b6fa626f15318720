//! The `followups` table: a ticket's conversation.

pub mod collisions;
pub mod conversations;
pub mod erasing;
pub mod forwards;
pub mod merging;
pub mod searching;
pub mod splitting;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::mail::Address;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::status::Status;

/// One entry of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Followup {
    pub id: FollowupId,
    pub uuid: String,
    pub ticket_id: TicketId,
    /// None: the desk itself.
    pub author_id: Option<UserId>,
    pub author_name: Option<String>,
    pub door: String,
    pub kind: EntryKind,
    pub visibility: Visibility,
    pub text: String,
    /// Without quoted reply and signature; none where that is the same.
    pub new_text: Option<String>,
    pub html: Option<String>,
    pub new_status: Option<Status>,
    pub inbox_id: Option<InboxId>,
    pub message_id: Option<String>,
    pub created_at: Timestamp,
    /// What was found out about the mail it came from; none where it came by no mail.
    pub authentication: Option<Authentication>,
    /// Who wrote that mail, as it says itself, where it is nobody's whom the desk knows there.
    pub writer_name: Option<String>,
    pub writer_address: Option<String>,
}

row!(Followup {
    id,
    uuid,
    ticket_id,
    author_id,
    author_name,
    door,
    kind,
    visibility,
    text,
    new_text,
    html,
    new_status,
    inbox_id,
    message_id,
    created_at,
    authentication,
    writer_name,
    writer_address,
});

impl Followup {
    /// Who wrote it, as staff read it; none: the desk itself.
    pub fn author(&self) -> Option<String> {
        let known = self.author_name.clone();
        known.or_else(|| match (&self.writer_name, self.writer_address.as_ref()?) {
            (Some(name), address) => Some(format!("{name} <{address}>")),
            (None, address) => Some(address.clone()),
        })
    }
}

/// How an entry begins, for those who only need to be reminded of it.
#[derive(Clone, Debug)]
pub struct Beginning {
    pub author_name: Option<String>,
    pub created_at: Timestamp,
    pub visibility: Visibility,
    /// Of its new words.
    pub text: String,
}

row!(Beginning { author_name, created_at, visibility, text });

/// What an entry says, and to whom.
#[derive(Clone, Debug)]
pub struct Statement {
    pub kind: EntryKind,
    pub visibility: Visibility,
    pub text: String,
}

row!(Statement { kind, visibility, text });

/// How much of a conversation is read.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub entries: i64,
    /// Of each entry.
    pub characters: i32,
}

/// An entry to be added.
#[derive(Clone, Debug)]
pub struct NewFollowup<'a> {
    pub uuid: &'a str,
    pub ticket_id: TicketId,
    pub author_id: Option<UserId>,
    pub door: &'a str,
    pub kind: EntryKind,
    pub visibility: Visibility,
    pub text: &'a str,
    pub new_text: Option<&'a str>,
    pub html: Option<&'a str>,
    pub new_status: Option<Status>,
    pub inbox_id: Option<InboxId>,
    pub message_id: Option<&'a str>,
    pub created_at: Timestamp,
    pub authentication: Option<Authentication>,
    pub writer: Option<&'a Address>,
}

/// The mail of somebody who takes no part in its ticket.
#[derive(Clone, Debug)]
pub struct External {
    pub id: FollowupId,
    pub writer_name: Option<String>,
    pub writer_address: String,
    /// What is new in it.
    pub text: String,
    pub authentication: Option<Authentication>,
}

impl External {
    pub(crate) fn is(&self, found: Authentication) -> bool {
        self.authentication == Some(found)
    }
}

row!(External { id, writer_name, writer_address, text, authentication });

pub async fn insert(tx: &mut Tx, followup: &NewFollowup<'_>) -> Result<FollowupId, sqlx::Error> {
    let sql = "insert into followups (uuid, ticket_id, author_id, door, kind, visibility, text, new_text, html, new_status,
            inbox_id, message_id, created_at, authentication, writer_name, writer_address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(followup.uuid)
            .bind(followup.ticket_id)
            .bind(followup.author_id)
            .bind(followup.door)
            .bind(followup.kind)
            .bind(followup.visibility)
            .bind(followup.text)
            .bind(followup.new_text)
            .bind(followup.html)
            .bind(followup.new_status)
            .bind(followup.inbox_id)
            .bind(followup.message_id)
            .bind(followup.created_at)
            .bind(followup.authentication)
            .bind(followup.writer.and_then(|writer| writer.name.as_deref()))
            .bind(followup.writer.map(|writer| writer.address.as_str()))
            .fetch_one(conn)
            .await
    })
}

pub async fn find(tx: &mut Tx, id: FollowupId) -> Result<Option<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name from followups left join users on users.id = followups.author_id
        where followups.id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

pub async fn find_author(tx: &mut Tx, id: FollowupId) -> Result<Option<UserId>, sqlx::Error> {
    let sql = "select author_id from followups where id = $1";
    let found: Option<Option<UserId>> =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)?;
    Ok(found.flatten())
}

/// What was new in it.
pub async fn find_new_text(tx: &mut Tx, id: FollowupId) -> Result<Option<String>, sqlx::Error> {
    let sql = "select coalesce(new_text, text) from followups where id = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// When it was written.
pub async fn find_time(tx: &mut Tx, id: FollowupId) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "select created_at from followups where id = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// The words that opened a ticket.
pub async fn find_opening_text(tx: &mut Tx, ticket_id: TicketId) -> Result<Option<String>, sqlx::Error> {
    let sql = "select text from followups where ticket_id = $1 order by id limit 0 + 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_optional(conn).await)
}

/// The whole conversation, oldest first.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 order by followups.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// What was said last, newest first; no more than `total` characters.
pub async fn list_newest(
    tx: &mut Tx,
    ticket_id: TicketId,
    most: Most,
    total: i64,
) -> Result<Vec<Statement>, sqlx::Error> {
    let sql = "with newest as (
            select id, kind, visibility, substr(text, 1, $3) as text from followups
            where ticket_id = $1 order by id desc limit 0 + $2
        ), counted as (
            select id, kind, visibility, text, sum(length(text)) over (order by id desc) as characters from newest
        )
        select kind, visibility, text from counted where characters <= $4 order by id desc";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(ticket_id)
            .bind(most.entries)
            .bind(most.characters)
            .bind(total)
            .fetch_all(conn)
            .await
    })
}

/// All that an entry says.
pub async fn find_text(tx: &mut Tx, id: FollowupId) -> Result<Option<String>, sqlx::Error> {
    let sql = "select text from followups where id = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// What came after an entry, oldest first.
pub async fn list_after(
    tx: &mut Tx,
    ticket_id: TicketId,
    after: FollowupId,
) -> Result<Vec<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.id > $2 order by followups.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(after).fetch_all(conn).await)
}

/// The number of the last entry; 0 if there is none.
pub async fn newest(tx: &mut Tx, ticket_id: TicketId) -> Result<FollowupId, sqlx::Error> {
    let sql = "select coalesce(max(id), 0) from followups where ticket_id = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_one(conn).await)
}

/// How the last public entries before `before` begin, newest first.
pub async fn list_public_beginnings(
    tx: &mut Tx,
    ticket_id: TicketId,
    before: FollowupId,
    most: Most,
) -> Result<Vec<Beginning>, sqlx::Error> {
    let sql = "select users.name as author_name, followups.created_at, followups.visibility,
            substr(case when followups.kind = 'opened' then followups.text
                else coalesce(followups.new_text, followups.text) end, 1, $4) as text
        from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.id < $2 and followups.visibility = 'public'
        order by followups.id desc limit 0 + $3";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(ticket_id)
            .bind(before)
            .bind(most.entries)
            .bind(most.characters)
            .fetch_all(conn)
            .await
    })
}

/// How the last entries begin, whoever may read them, newest first.
pub async fn list_beginnings(
    tx: &mut Tx,
    ticket_id: TicketId,
    most: Most,
) -> Result<Vec<Beginning>, sqlx::Error> {
    let sql = "select coalesce(users.name, followups.writer_name, followups.writer_address) as author_name,
            followups.created_at, followups.visibility,
            substr(case when followups.kind = 'opened' then followups.text
                else coalesce(followups.new_text, followups.text) end, 1, $3) as text
        from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 order by followups.id desc limit 0 + $2";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(ticket_id).bind(most.entries).bind(most.characters).fetch_all(conn).await
    })
}

/// The Message-IDs of what the submitter and other customers wrote for everybody, newest first: all that a mail to
/// one of them may refer to.
pub async fn list_outsiders_message_ids(
    tx: &mut Tx,
    ticket_id: TicketId,
    limit: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select followups.message_id from followups
        join tickets on tickets.id = followups.ticket_id
        join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.visibility = 'public' and followups.message_id is not null
            and (users.role = 'customer' or users.id = tickets.submitter_id)
        order by followups.id desc limit 0 + $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(limit).fetch_all(conn).await)
}

/// From now on everybody may read it.
pub async fn publish(tx: &mut Tx, id: FollowupId) -> Result<(), sqlx::Error> {
    let sql = "update followups set visibility = 'public' where id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(drop))
}

/// Mails of those who take no part in a ticket, oldest first.
pub async fn list_external(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<External>, sqlx::Error> {
    let sql = "select id, writer_name, writer_address, coalesce(new_text, text) as text, authentication from followups
        where ticket_id = $1 and kind = 'external' and visibility = 'private' and writer_address is not null
        order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// What waited for its author's word waits no more; says whether it did.
pub async fn confirm(tx: &mut Tx, id: FollowupId) -> Result<bool, sqlx::Error> {
    let sql = "update followups set kind = 'withheld' where id = $1 and kind = 'unverified'";
    let done = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// The newest entry of a ticket that waits to be accepted, or this one if it does.
pub async fn find_waiting(
    tx: &mut Tx,
    ticket_id: TicketId,
    id: Option<FollowupId>,
) -> Result<Option<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name from followups left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.kind in ('unproven', 'external') and followups.visibility = 'private'
            and followups.id = coalesce($2, followups.id)
        order by followups.id desc limit 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(id).fetch_optional(conn).await)
}

/// Makes it part of the conversation, as this person's word.
pub async fn accept(
    tx: &mut Tx,
    id: FollowupId,
    author_id: UserId,
    new_status: Option<Status>,
) -> Result<(), sqlx::Error> {
    let kind = if new_status.is_some() { EntryKind::Reopened } else { EntryKind::Comment };
    let sql = "update followups set kind = $2, visibility = 'public', author_id = $3, new_status = $4 where id = $1";
    on!(tx, |conn| {
        sqlx::query(sql).bind(id).bind(kind).bind(author_id).bind(new_status).execute(conn).await?;
        Ok(())
    })
}

/// Gives a merged ticket's conversation to the survivor.
pub async fn repoint(tx: &mut Tx, from: TicketId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update followups set ticket_id = $1 where ticket_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
