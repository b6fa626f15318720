//! The `ratings` table: what customers think of how a ticket went, one number each.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Sets a customer's rating of a ticket, in place of an earlier one.
pub async fn upsert(
    tx: &mut Tx,
    ticket_id: TicketId,
    user_id: UserId,
    value: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into ratings (ticket_id, user_id, value, created_at, changed_at) values ($1, $2, $3, $4, $4)
        on conflict (ticket_id, user_id) do update set value = excluded.value, changed_at = excluded.changed_at";
    on!(tx, |conn| {
        sqlx::query(sql).bind(ticket_id).bind(user_id).bind(value).bind(now).execute(conn).await.map(drop)
    })
}

/// A customer's rating of a ticket.
pub async fn find(tx: &mut Tx, ticket_id: TicketId, user_id: UserId) -> Result<Option<i64>, sqlx::Error> {
    let sql = "select value from ratings where ticket_id = $1 and user_id = $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(user_id).fetch_optional(conn).await)
}

/// Gives somebody's ratings to somebody else, but where those rated themselves.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "insert into ratings (ticket_id, user_id, value, created_at, changed_at)
        select ticket_id, $1, value, created_at, changed_at from ratings where user_id = $2 on conflict do nothing";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))?;
    let sql = "delete from ratings where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(from).execute(conn).await.map(drop))
}
