//! The `inbox` table: the journal of every message that was received, and what became of it.
//!
//! A row is written before the message is looked at. Its outcome is written once, in the transaction of all
//! its effects.

pub mod erasing;
pub mod splitting;
pub mod upkeep;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::lease::Attempt;
use crate::store::lease::leased;
use crate::ticket::authentication::Found;
use crate::ticket::id::BlobId;
use crate::ticket::id::InboxId;
use crate::ticket::id::MailboxId;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;

/// One received message.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    pub id: InboxId,
    pub queue_id: QueueId,
    pub mailbox_id: Option<MailboxId>,
    pub uid_validity: Option<i64>,
    pub uid: Option<i64>,
    pub door: String,
    #[serde(skip)]
    pub digest: Vec<u8>,
    pub size: i64,
    pub extent: Extent,
    pub blob_id: Option<BlobId>,
    pub received_at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    /// How often it was begun. The first time it may share a transaction.
    pub attempts: i64,
    pub authentication: Option<Found>,
    pub message_id: Option<String>,
    pub class: Option<String>,
    pub outcome: Option<Became>,
    pub reason: Option<String>,
    pub trace: Option<String>,
    pub ticket_id: Option<TicketId>,
    pub(crate) finished_at: Option<Timestamp>,
    pub dispose_at: Option<Timestamp>,
}

row!(Received {
    id,
    queue_id,
    mailbox_id,
    uid_validity,
    uid,
    door,
    digest,
    size,
    extent,
    blob_id,
    received_at,
    recorded_at,
    attempts,
    authentication,
    message_id,
    class,
    outcome,
    reason,
    trace,
    ticket_id,
    finished_at,
    dispose_at,
});

leased! {
    "inbox" where "outcome is null", kept by its mailbox;
    settled "outcome = $3, reason = $4, trace = $5, class = $6, authentication = $7, message_id = $8,
        content_digest = $9, ticket_id = $10, dispose_at = $11, finished_at = $12";
    claim NEW and "mailbox_id = $1 and attempts = 0" first "id limit 0 + $2";
    claim BEGUN and "mailbox_id = $1 and attempts > 0" first "id limit 1";
    claim INGESTED and "mailbox_id is null and recorded_at < $1" first "id limit 1";
}

/// A message to be recorded.
#[derive(Clone, Debug)]
pub struct NewReceived<'a> {
    pub queue_id: QueueId,
    pub mailbox_id: Option<MailboxId>,
    pub uid_validity: Option<i64>,
    pub uid: Option<i64>,
    pub door: &'a str,
    pub digest: &'a [u8],
    pub size: i64,
    pub extent: Extent,
    pub blob_id: Option<BlobId>,
    pub received_at: Timestamp,
    /// 1 when the recorder handles it at once, 0 when it waits for a claim.
    pub attempts: i64,
    /// Set when there is nothing to handle.
    pub outcome: Option<Became>,
    pub dispose_at: Option<Timestamp>,
}

/// What became of a message.
#[derive(Clone, Debug, Default)]
pub struct Outcome<'a> {
    pub outcome: Became,
    pub reason: Option<&'a str>,
    pub trace: &'a str,
    pub class: &'a str,
    pub authentication: Found,
    pub message_id: Option<&'a str>,
    pub content_digest: &'a [u8],
    pub ticket_id: Option<TicketId>,
    pub dispose_at: Option<Timestamp>,
}

/// Records a message; nothing if this UID of this mailbox is recorded already.
pub async fn insert(
    tx: &mut Tx,
    new: &NewReceived<'_>,
    now: Timestamp,
) -> Result<Option<InboxId>, sqlx::Error> {
    let sql =
        "insert into inbox (queue_id, mailbox_id, uid_validity, uid, door, digest, size, extent, blob_id,
            received_at, recorded_at, attempts, outcome, dispose_at, dispose_attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)
        on conflict (mailbox_id, uid_validity, uid) do nothing returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.queue_id)
            .bind(new.mailbox_id)
            .bind(new.uid_validity)
            .bind(new.uid)
            .bind(new.door)
            .bind(new.digest)
            .bind(new.size)
            .bind(new.extent)
            .bind(new.blob_id)
            .bind(new.received_at)
            .bind(now)
            .bind(new.attempts)
            .bind(new.outcome)
            .bind(new.dispose_at)
            .fetch_optional(conn)
            .await
    })
}

/// Takes the next messages of a mailbox that nobody began yet, in order of arrival.
pub async fn claim_new(tx: &mut Tx, mailbox_id: MailboxId, limit: i64) -> Result<Vec<Received>, sqlx::Error> {
    let mut rows: Vec<Received> = NEW.begin(tx, &[mailbox_id.0.into(), limit.into()]).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Takes the oldest message of a mailbox that was begun and not finished.
pub async fn claim_begun(tx: &mut Tx, mailbox_id: MailboxId) -> Result<Option<Received>, sqlx::Error> {
    Ok(BEGUN.begin(tx, &[mailbox_id.0.into()]).await?.pop())
}

/// Takes the oldest message that came by no mailbox and was not finished.
pub async fn claim_ingested(tx: &mut Tx, before: Timestamp) -> Result<Option<Received>, sqlx::Error> {
    Ok(INGESTED.begin(tx, &[before.into()]).await?.pop())
}

/// Takes one message by number, if it has no outcome.
pub async fn claim_one(tx: &mut Tx, id: InboxId) -> Result<Option<Received>, sqlx::Error> {
    let sql = "update inbox set attempts = attempts + 1 where id = $1 and outcome is null returning *";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Takes back an attempt that ended by no fault of the message.
pub async fn give_back(tx: &mut Tx, id: InboxId, attempts: i64) -> Result<(), sqlx::Error> {
    WORK.give_back(tx, Attempt { id: id.0, attempts }, &[]).await
}

/// Writes the outcome; false when another process has done so, or has begun anew.
pub async fn finish(
    tx: &mut Tx,
    id: InboxId,
    attempts: i64,
    outcome: &Outcome<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let values = [
        outcome.outcome.as_str().into(),
        outcome.reason.into(),
        outcome.trace.into(),
        outcome.class.into(),
        outcome.authentication.as_str().into(),
        outcome.message_id.into(),
        outcome.content_digest.into(),
        outcome.ticket_id.map(|id| id.0).into(),
        outcome.dispose_at.into(),
        now.into(),
    ];
    WORK.settle(tx, Attempt { id: id.0, attempts }, &values).await
}

pub async fn find(tx: &mut Tx, id: InboxId) -> Result<Option<Received>, sqlx::Error> {
    let sql = "select * from inbox where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Every time this Message-ID arrived, newest first.
pub async fn list_by_message_id(tx: &mut Tx, message_id: &str) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where message_id = $1 order by id desc limit 50";
    on!(tx, |conn| sqlx::query_as(sql).bind(message_id).fetch_all(conn).await)
}

pub async fn find_by_uid(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: i64,
    uid: i64,
) -> Result<Option<Received>, sqlx::Error> {
    let sql = "select * from inbox where mailbox_id = $1 and uid_validity = $2 and uid = $3";
    on!(tx, |conn| sqlx::query_as(sql)
        .bind(mailbox_id)
        .bind(uid_validity)
        .bind(uid)
        .fetch_optional(conn)
        .await)
}

/// Whether a queue has had a mail with this Message-ID, and it is handled.
pub async fn has_had(tx: &mut Tx, queue_id: QueueId, message_id: &str) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from inbox where message_id = $1 and queue_id = $2 and outcome is not null";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(message_id).bind(queue_id).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Whether this mailbox gave the same bytes before, under another UIDVALIDITY.
pub async fn seen_before(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: i64,
    digest: &[u8],
) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from blobs join inbox on inbox.blob_id = blobs.id
        where blobs.digest = $1 and inbox.mailbox_id = $2 and inbox.uid_validity <> $3";
    let count: i64 = on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(digest).bind(mailbox_id).bind(uid_validity).fetch_one(conn).await
    })?;
    Ok(count > 0)
}

/// Messages that wait for a person, `suspended` or `quarantined`, newest first.
pub async fn list_waiting(
    tx: &mut Tx,
    outcome: Became,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where outcome = $1 and outcome in ('suspended', 'quarantined') and recorded_at >= $2
        order by id desc limit 0 + $3";
    on!(tx, |conn| sqlx::query_as(sql).bind(outcome).bind(since).bind(limit).fetch_all(conn).await)
}

/// Lets a waiting message be handled again.
pub async fn reopen(tx: &mut Tx, id: InboxId, was: Became, reason: &str) -> Result<bool, sqlx::Error> {
    let sql = "update inbox set outcome = null, reason = $1, attempts = 0, finished_at = null
        where id = $2 and outcome = $3";
    let done =
        on!(tx, |conn| sqlx::query(sql).bind(reason).bind(id).bind(was).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// Gives a waiting message its last outcome and lets go of its bytes.
pub async fn discard(tx: &mut Tx, id: InboxId, was: Became, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update inbox set outcome = 'deleted', blob_id = null, trace = null, finished_at = $1
        where id = $2 and outcome = $3";
    let done =
        on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).bind(was).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// What is still to be done on the server for messages of a mailbox.
pub async fn list_disposals(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    now: Timestamp,
) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where mailbox_id = $1 and dispose_at <= $2 order by id limit 200";
    on!(tx, |conn| sqlx::query_as(sql).bind(mailbox_id).bind(now).fetch_all(conn).await)
}

/// Nothing more is to be done on the server for the listed messages: those due by `now` up to `last`.
pub async fn disposed(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    now: Timestamp,
    last: InboxId,
) -> Result<(), sqlx::Error> {
    let sql = "update inbox set dispose_at = null where mailbox_id = $1 and dispose_at <= $2 and id <= $3";
    on!(tx, |conn| sqlx::query(sql).bind(mailbox_id).bind(now).bind(last).execute(conn).await.map(drop))
}

/// It could not be done now for the same messages; it is tried again at `at`.
pub async fn postpone_disposal(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    (now, last): (Timestamp, InboxId),
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update inbox set dispose_at = $1, dispose_attempts = dispose_attempts + 1
        where mailbox_id = $2 and dispose_at <= $3 and id <= $4";
    on!(tx, |conn| sqlx::query(sql)
        .bind(at)
        .bind(mailbox_id)
        .bind(now)
        .bind(last)
        .execute(conn)
        .await
        .map(drop))
}

/// Every UID of a mailbox that has a row.
pub async fn list_uids(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let sql = "select uid from inbox where mailbox_id = $1 and uid_validity = $2 order by uid";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(mailbox_id).bind(uid_validity).fetch_all(conn).await)
}

/// Messages that were too large and are on the server only.
pub async fn list_headers_only(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let sql = "select uid from inbox where mailbox_id = $1 and uid_validity = $2 and extent = 'headers' order by uid";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(mailbox_id).bind(uid_validity).fetch_all(conn).await)
}

/// Messages of a mailbox that were recorded and have no outcome yet.
pub async fn list_unfinished(tx: &mut Tx, mailbox_id: MailboxId) -> Result<Vec<Received>, sqlx::Error> {
    let sql = "select * from inbox where mailbox_id = $1 and outcome is null order by id limit 1000";
    on!(tx, |conn| sqlx::query_as(sql).bind(mailbox_id).fetch_all(conn).await)
}

/// Drops the bytes of a deleted ticket's mails, and what was noted about them.
pub async fn forget_ticket(tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update inbox set blob_id = null, trace = null, reason = 'ticket deleted', message_id = null
        where ticket_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(ticket_id).execute(conn).await.map(drop))
}

/// Gives a merged ticket's mails to the survivor.
pub async fn repoint(tx: &mut Tx, from: TicketId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update inbox set ticket_id = $1 where ticket_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
