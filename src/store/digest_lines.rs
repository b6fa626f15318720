//! The `digest_lines` table: what one of our own people hears with the next digest, as its own mail was held back.

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::OutboxId;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// What happened to one ticket, for one of our own people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The mail that was held back.
    pub outbox_id: OutboxId,
    pub recipient_key: String,
    pub recipient: String,
    pub user_id: Option<UserId>,
    pub ticket_id: TicketId,
    pub queue_id: QueueId,
    pub event: String,
    pub budget: String,
}

row!(Line { outbox_id, recipient_key, recipient, user_id, ticket_id, queue_id, event, budget });

pub async fn insert(tx: &mut Tx, line: &Line) -> Result<(), sqlx::Error> {
    let sql = "insert into digest_lines (outbox_id, recipient_key, recipient, user_id, ticket_id, queue_id, event, budget)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(line.outbox_id)
            .bind(&line.recipient_key)
            .bind(&line.recipient)
            .bind(line.user_id)
            .bind(line.ticket_id)
            .bind(line.queue_id)
            .bind(&line.event)
            .bind(&line.budget)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Whom a digest waits for.
pub async fn list_recipients(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select distinct recipient_key from digest_lines order by recipient_key";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_all(conn).await)
}

/// Takes what waits for one of them, oldest first: whoever takes it must tell it in the same transaction.
pub async fn take(tx: &mut Tx, recipient_key: &str) -> Result<Vec<Line>, sqlx::Error> {
    let sql = "delete from digest_lines where recipient_key = $1 returning *";
    let mut lines: Vec<Line> = on!(tx, |conn| sqlx::query_as(sql).bind(recipient_key).fetch_all(conn).await)?;
    lines.sort_by_key(|line| line.outbox_id);
    Ok(lines)
}

/// What somebody is told with the next digest is told somebody else.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "update digest_lines set user_id = $1 where user_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}

/// What is told of a mail is about another ticket now.
pub async fn repoint(tx: &mut Tx, mail: OutboxId, to: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update digest_lines set ticket_id = $1 where outbox_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(mail).execute(conn).await.map(drop))
}
