//! The `erasures` table: people who were erased, and how far that is; and what of the other tables is theirs.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::traces::Stage;

/// How far the erasure of a person is.
#[derive(Clone, Debug)]
pub struct Erasure {
    pub user_id: UserId,
    pub stage: Stage,
    /// The row behind which the stage goes on.
    pub cursor: i64,
    /// Addresses and names that are looked for, as JSON; empty in the end.
    pub words: String,
    pub actor_id: Option<UserId>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

row!(Erasure { user_id, stage, cursor, words, actor_id, started_at, ended_at });

/// Begins one, unless it was begun.
pub async fn insert(tx: &mut Tx, new: &Erasure) -> Result<(), sqlx::Error> {
    let sql = "insert into erasures (user_id, stage, cursor, words, actor_id, started_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(new.user_id)
            .bind(new.stage)
            .bind(new.cursor)
            .bind(&new.words)
            .bind(new.actor_id)
            .bind(new.started_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// As far as it is; others wait until the transaction ends.
pub async fn lock(tx: &mut Tx, user_id: UserId) -> Result<Option<Erasure>, sqlx::Error> {
    let sql = crate::store::db::locked!(tx, "select * from erasures where user_id = $1");
    on!(tx, |conn| sqlx::query_as(sql).bind(user_id).fetch_optional(conn).await)
}

pub async fn update(tx: &mut Tx, erasure: &Erasure) -> Result<(), sqlx::Error> {
    let sql = "update erasures set stage = $1, cursor = $2, words = $3, ended_at = $4 where user_id = $5";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(erasure.stage)
            .bind(erasure.cursor)
            .bind(&erasure.words)
            .bind(erasure.ended_at)
            .bind(erasure.user_id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// The next tickets behind a number in which somebody took part, or one of their addresses did.
pub async fn list_tickets(
    tx: &mut Tx,
    (user_id, key): (UserId, &str),
    after: TicketId,
    limit: i64,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select id from (
            select id from tickets where submitter_id = $1 or owner_id = $1 or lower(reply_to) = $2
            union select ticket_id from ticket_ccs where user_id = $1
            union select ticket_id from followups where author_id = $1 or lower(writer_address) = $2
            union select ticket_id from message_ids where author_key = $2
            union select ticket_id from outbox where user_id = $1 or recipient_key = $2
            union select ticket_id from drafts where owner_id = $1
            union select ticket_id from ratings where user_id = $1) as theirs
        where id > $3 order by id limit 0 + $4";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(user_id).bind(key).bind(after).bind(limit).fetch_all(conn).await
    })
}
