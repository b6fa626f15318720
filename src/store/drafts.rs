//! The `drafts` table: what was written for a ticket and is not said yet.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::draft::DraftKind;
use crate::ticket::id::DraftId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::status::Status;

/// Words that are not said yet.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    pub id: DraftId,
    /// Whose they are.
    pub owner_id: UserId,
    pub ticket_id: TicketId,
    pub kind: DraftKind,
    pub body: String,
    /// What becomes of the ticket with them.
    pub status: Option<Status>,
    /// The note that keeps them with their files where agents see it.
    pub entry_id: Option<FollowupId>,
    /// When they are said by themselves; none: when somebody says so.
    pub send_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

row!(Draft { id, owner_id, ticket_id, kind, body, status, entry_id, send_at, created_at });

/// A draft to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewDraft<'a> {
    pub owner_id: UserId,
    pub ticket_id: TicketId,
    pub kind: DraftKind,
    pub body: &'a str,
    pub status: Option<Status>,
    pub entry_id: Option<FollowupId>,
    pub send_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, new: &NewDraft<'_>, now: Timestamp) -> Result<DraftId, sqlx::Error> {
    let sql = "insert into drafts (owner_id, ticket_id, kind, body, status, entry_id, send_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.owner_id)
            .bind(new.ticket_id)
            .bind(new.kind)
            .bind(new.body)
            .bind(new.status)
            .bind(new.entry_id)
            .bind(new.send_at)
            .bind(now)
            .fetch_one(conn)
            .await
    })
}

pub async fn find(tx: &mut Tx, id: DraftId) -> Result<Option<Draft>, sqlx::Error> {
    let sql = "select * from drafts where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Somebody's drafts for a ticket, oldest first.
pub async fn list_of_owner(
    tx: &mut Tx,
    ticket_id: TicketId,
    owner_id: UserId,
) -> Result<Vec<Draft>, sqlx::Error> {
    let sql = "select * from drafts where ticket_id = $1 and owner_id = $2 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(owner_id).fetch_all(conn).await)
}

/// All that somebody has not said yet, oldest first.
pub async fn list_of_agent(tx: &mut Tx, owner_id: UserId, limit: i64) -> Result<Vec<Draft>, sqlx::Error> {
    let sql = "select * from drafts where owner_id = $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(owner_id).bind(limit).fetch_all(conn).await)
}

/// Drafts behind this one, oldest first.
pub async fn list(tx: &mut Tx, after: DraftId, limit: i64) -> Result<Vec<Draft>, sqlx::Error> {
    let sql = "select * from drafts where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Whether an entry keeps a draft.
pub async fn keeps(tx: &mut Tx, entry: FollowupId) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from drafts where entry_id = $1";
    let count: i64 = on!(tx, |conn| sqlx::query_scalar(sql).bind(entry).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Whether the draft was still there: whoever deletes it may say what it has.
pub async fn delete(tx: &mut Tx, id: DraftId) -> Result<bool, sqlx::Error> {
    let sql = "delete from drafts where id = $1";
    let gone = on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Gives a merged ticket's drafts to the survivor.
pub async fn repoint(tx: &mut Tx, from: TicketId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update drafts set ticket_id = $1 where ticket_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}

/// Other words in a draft.
pub async fn rewrite(tx: &mut Tx, id: DraftId, body: &str) -> Result<(), sqlx::Error> {
    let sql = "update drafts set body = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(body).bind(id).execute(conn).await.map(drop))
}

/// Gives somebody's drafts to somebody else.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "update drafts set owner_id = $1 where owner_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
