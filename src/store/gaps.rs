//! The `gaps` table: messages that the server listed but did not hand over.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::MailboxId;

/// One message still to be fetched.
#[derive(Clone, Debug, Serialize)]
pub struct Gap {
    pub mailbox_id: MailboxId,
    pub uid_validity: i64,
    pub uid: i64,
    pub reason: String,
    pub attempts: i64,
    pub due_at: Timestamp,
    pub created_at: Timestamp,
}

row!(Gap { mailbox_id, uid_validity, uid, reason, attempts, due_at, created_at });

/// Notes a failed fetch, and when to try again.
pub async fn upsert(tx: &mut Tx, gap: &Gap) -> Result<(), sqlx::Error> {
    let sql = "insert into gaps (mailbox_id, uid_validity, uid, reason, attempts, due_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (mailbox_id, uid_validity, uid) do update set reason = excluded.reason,
            attempts = gaps.attempts + 1, due_at = excluded.due_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(gap.mailbox_id)
            .bind(gap.uid_validity)
            .bind(gap.uid)
            .bind(&gap.reason)
            .bind(gap.attempts)
            .bind(gap.due_at)
            .bind(gap.created_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn list(tx: &mut Tx, mailbox_id: MailboxId) -> Result<Vec<Gap>, sqlx::Error> {
    let sql = "select * from gaps where mailbox_id = $1 order by uid_validity, uid";
    on!(tx, |conn| sqlx::query_as(sql).bind(mailbox_id).fetch_all(conn).await)
}

/// Notes why it could not be fetched this time.
pub async fn explain(tx: &mut Tx, gap: &Gap, reason: &str) -> Result<(), sqlx::Error> {
    let sql = "update gaps set reason = $1 where mailbox_id = $2 and uid_validity = $3 and uid = $4";
    on!(tx, |conn| sqlx::query(sql)
        .bind(reason)
        .bind(gap.mailbox_id)
        .bind(gap.uid_validity)
        .bind(gap.uid)
        .execute(conn)
        .await
        .map(drop))
}

/// Makes all of a mailbox due.
pub async fn wake(tx: &mut Tx, mailbox_id: MailboxId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update gaps set due_at = $1 where mailbox_id = $2 and due_at > $1";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(mailbox_id).execute(conn).await.map(drop))
}

pub async fn delete(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: i64,
    uid: i64,
) -> Result<(), sqlx::Error> {
    let sql = "delete from gaps where mailbox_id = $1 and uid_validity = $2 and uid = $3";
    on!(tx, |conn| sqlx::query(sql)
        .bind(mailbox_id)
        .bind(uid_validity)
        .bind(uid)
        .execute(conn)
        .await
        .map(drop))
}

/// Gives a mailbox's gaps to the row under whose name it is read now.
pub async fn repoint(tx: &mut Tx, from: MailboxId, to: MailboxId) -> Result<(), sqlx::Error> {
    let sql = "update gaps set mailbox_id = $1 where mailbox_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
