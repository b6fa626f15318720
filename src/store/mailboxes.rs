//! The `mailboxes` table: how far each mailbox was read, who reads it now, and how it fares.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::MailboxId;
use crate::ticket::id::QueueId;

/// One mailbox. Its identity is user, host and folder: another identity is another mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct Mailbox {
    pub id: MailboxId,
    pub queue_id: QueueId,
    pub identity: String,
    pub uid_validity: Option<i64>,
    /// Messages up to here were there before first contact and are not ours.
    pub first_uid: i64,
    /// The last message that was there at first contact, or when the server began to count anew; later ones are news
    /// whatever their date.
    pub contact_uid: i64,
    /// Every UID up to here was recorded, is a gap, or is known to be gone.
    pub last_uid: i64,
    /// Messages that arrived before are not ours to handle.
    pub not_before: Option<Timestamp>,
    /// How often the server began its count of UIDs anew.
    pub rescans: i64,
    pub lease_by: Option<String>,
    pub lease_until: Timestamp,
    /// What the server offers, and what a probe saw, as words.
    pub capabilities: String,
    pub healthy_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
}

row!(Mailbox {
    id,
    queue_id,
    identity,
    uid_validity,
    first_uid,
    contact_uid,
    last_uid,
    not_before,
    rescans,
    lease_by,
    lease_until,
    capabilities,
    healthy_at,
    failing_since,
    last_error,
    created_at,
});

impl Mailbox {
    /// Whether a message may have been there before first contact, so that its date decides: the server's clock
    /// may be behind, and a message may be moved here long after it arrived elsewhere.
    pub(crate) fn is_from_before(&self, uid: i64) -> bool {
        uid <= self.contact_uid
    }
}

/// Finds or makes the row of one declared mailbox.
pub async fn upsert(
    tx: &mut Tx,
    queue_id: QueueId,
    identity: &str,
    now: Timestamp,
) -> Result<Mailbox, sqlx::Error> {
    let sql = "insert into mailboxes (queue_id, identity, first_uid, last_uid, rescans, lease_until, capabilities, created_at)
        values ($1, $2, 0, 0, 0, 0, '', $3)
        on conflict (queue_id, identity) do update set identity = excluded.identity
        returning *";
    on!(tx, |conn| sqlx::query_as(sql).bind(queue_id).bind(identity).bind(now).fetch_one(conn).await)
}

pub async fn list(tx: &mut Tx) -> Result<Vec<Mailbox>, sqlx::Error> {
    let sql = "select * from mailboxes order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

pub async fn find(tx: &mut Tx, id: MailboxId) -> Result<Option<Mailbox>, sqlx::Error> {
    let sql = "select * from mailboxes where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Takes or keeps the right to read a mailbox; says whether we have it. Both times are the database's. Another's
/// right that ends later than ours would was given by a clock that was wrong.
pub async fn lease(
    tx: &mut Tx,
    id: MailboxId,
    by: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update mailboxes set lease_by = $1, lease_until = $2
        where id = $3 and (lease_by = $1 or lease_by is null or lease_until < $4 or lease_until - 60000000 > $2)";
    let taken = on!(tx, |conn| {
        sqlx::query(sql).bind(by).bind(until).bind(id).bind(now).execute(conn).await?.rows_affected()
    });
    Ok(taken == 1)
}

pub async fn release(tx: &mut Tx, id: MailboxId, by: &str) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set lease_by = null, lease_until = 0 where id = $1 and lease_by = $2";
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(by).execute(conn).await.map(drop))
}

/// Moves the cursor; false when another process has taken the mailbox over.
pub async fn advance(tx: &mut Tx, id: MailboxId, by: &str, last_uid: i64) -> Result<bool, sqlx::Error> {
    let sql = "update mailboxes set last_uid = $1 where id = $2 and lease_by = $3";
    let moved = on!(tx, |conn| sqlx::query(sql)
        .bind(last_uid)
        .bind(id)
        .bind(by)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(moved == 1)
}

/// Begins a new count of UIDs, as a server that rebuilt its mailbox demands.
pub async fn restart(tx: &mut Tx, mailbox: &Mailbox) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set uid_validity = $1, first_uid = $2, last_uid = $3, not_before = $4, rescans = $5,
        contact_uid = $6, created_at = $7 where id = $8";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(mailbox.uid_validity)
            .bind(mailbox.first_uid)
            .bind(mailbox.last_uid)
            .bind(mailbox.not_before)
            .bind(mailbox.rescans)
            .bind(mailbox.contact_uid)
            .bind(mailbox.created_at)
            .bind(mailbox.id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Forgets how far a mailbox was read: another row has it now.
pub async fn retire(tx: &mut Tx, id: MailboxId) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set uid_validity = null where id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(drop))
}

pub async fn mark_healthy(
    tx: &mut Tx,
    id: MailboxId,
    capabilities: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set healthy_at = $1, failing_since = null, last_error = null, capabilities = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(capabilities).bind(id).execute(conn).await.map(drop))
}

pub async fn mark_failing(
    tx: &mut Tx,
    id: MailboxId,
    error: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql =
        "update mailboxes set failing_since = coalesce(failing_since, $1), last_error = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(error).bind(id).execute(conn).await.map(drop))
}

/// Lets go of the leases of one process, which is dead.
pub async fn release_of(tx: &mut Tx, by: &str) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set lease_by = null, lease_until = 0 where lease_by = $1";
    on!(tx, |conn| sqlx::query(sql).bind(by).execute(conn).await.map(drop))
}

/// Lets go of every lease: for the one process that serves an embedded database.
pub async fn release_all(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let sql = "update mailboxes set lease_by = null, lease_until = 0 where lease_by is not null";
    on!(tx, |conn| sqlx::query(sql).execute(conn).await.map(drop))
}

/// How many mailboxes cannot be reached now.
pub async fn count_failing(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from mailboxes where failing_since is not null";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}
