//! The `partner_files` table: attachments of partners, which are fetched after their comment was taken in.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::sharing::stored::FileState;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::lease::Attempt;
use crate::store::lease::Lease;
use crate::store::lease::leased;
use crate::ticket::id::AgreementId;
use crate::ticket::id::FileId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

/// One attachment by reference.
#[derive(Clone, Debug, Serialize)]
pub struct PartnerFile {
    #[serde(skip)]
    pub id: FileId,
    #[serde(skip)]
    pub agreement_id: AgreementId,
    pub followup_id: FollowupId,
    pub url: String,
    pub name: String,
    /// As the partner said.
    pub content_type: Option<String>,
    /// Whether somebody is to be told of the entry once all of its files are here.
    #[serde(skip)]
    pub tells: bool,
    pub state: FileState,
    /// Why it is only a link.
    pub reason: Option<String>,
    #[serde(skip)]
    pub due_at: Timestamp,
    pub attempts: i64,
    pub created_at: Timestamp,
}

row!(PartnerFile {
    id,
    agreement_id,
    followup_id,
    url,
    name,
    content_type,
    state,
    reason,
    due_at,
    attempts,
    created_at,
} is { tells });

leased! {
    "partner_files" where "state = 'waiting'";
    settled "state = $3, reason = $4, due_at = $5, settled_at = $6";
    claim DUE when "due_at <= $1"
        and "(select count(*) from partner_files as busy
            where busy.agreement_id = mine.agreement_id and busy.state = 'waiting' and busy.lease_until > $1) < $4"
        first "due_at, id limit 1";
}

/// A file to be fetched.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    pub agreement_id: AgreementId,
    pub followup_id: FollowupId,
    pub url: &'a str,
    pub name: &'a str,
    pub content_type: Option<&'a str>,
    pub tells: bool,
}

pub async fn insert(tx: &mut Tx, new: &NewFile<'_>, now: Timestamp) -> Result<FileId, sqlx::Error> {
    let sql =
        "insert into partner_files (agreement_id, followup_id, url, name, content_type, tells, state, due_at,
            lease_until, attempts, created_at)
        values ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0, 0, $8) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.agreement_id)
            .bind(new.followup_id)
            .bind(new.url)
            .bind(new.name)
            .bind(new.content_type)
            .bind(i64::from(new.tells))
            .bind(now)
            .bind(now)
            .fetch_one(conn)
            .await
    })
}

/// Takes the next file that is due, of a partner from whom fewer than `at_once` are being fetched.
pub async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    lease_until: Timestamp,
    at_once: i64,
) -> Result<Option<PartnerFile>, sqlx::Error> {
    let lease = Lease { now, until: lease_until };
    Ok(DUE.take(tx, lease, &[at_once.into()]).await?.pop())
}

/// Writes how an attempt ended, unless another attempt was begun.
pub async fn settle(
    tx: &mut Tx,
    file: &PartnerFile,
    (state, reason): (FileState, Option<&str>),
    due_at: Timestamp,
    settled_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let attempt = Attempt { id: file.id.0, attempts: file.attempts };
    WORK.settle(tx, attempt, &[state.as_str().into(), reason.into(), due_at.into(), settled_at.into()]).await
}

/// The files of one entry, in order.
pub async fn list_of_followup(tx: &mut Tx, followup_id: FollowupId) -> Result<Vec<PartnerFile>, sqlx::Error> {
    let sql = "select * from partner_files where followup_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(followup_id).fetch_all(conn).await)
}

/// The files of a ticket that are not attachments of it: those that wait, and links.
pub async fn list_links(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<PartnerFile>, sqlx::Error> {
    let sql =
        "select partner_files.* from followups join partner_files on partner_files.followup_id = followups.id
        where followups.ticket_id = $1 and partner_files.state <> 'kept' order by partner_files.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Forgets what came with an entry.
pub async fn delete_of_followup(tx: &mut Tx, followup_id: FollowupId) -> Result<(), sqlx::Error> {
    let sql = "delete from partner_files where followup_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(followup_id).execute(conn).await.map(drop))
}
