//! The `tags` table: free words on a ticket.

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::json_list;
use crate::store::db::listed;
use crate::store::db::on;
use crate::ticket::id::TicketId;

/// Adds one tag; false if it was there.
pub async fn insert(tx: &mut Tx, ticket_id: TicketId, tag: &str) -> Result<bool, sqlx::Error> {
    let sql = "insert into tags (ticket_id, tag) values ($1, $2) on conflict do nothing";
    let added =
        on!(tx, |conn| sqlx::query(sql).bind(ticket_id).bind(tag).execute(conn).await?.rows_affected());
    Ok(added == 1)
}

/// Takes one tag away; false if it was not there.
pub async fn delete(tx: &mut Tx, ticket_id: TicketId, tag: &str) -> Result<bool, sqlx::Error> {
    let sql = "delete from tags where ticket_id = $1 and tag = $2";
    let gone =
        on!(tx, |conn| sqlx::query(sql).bind(ticket_id).bind(tag).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select tag from tags where ticket_id = $1 order by tag";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_all(conn).await)
}

/// One tag of one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    pub ticket_id: TicketId,
    pub tag: String,
}

row!(Tagged { ticket_id, tag });

/// The tags of several tickets, in order.
pub async fn list_of(tx: &mut Tx, ids: &[TicketId]) -> Result<Vec<Tagged>, sqlx::Error> {
    let sql = listed!(tx, "select ticket_id, tag from tags where ticket_id", " order by ticket_id, tag");
    let ids = json_list(ids);
    on!(tx, |conn| sqlx::query_as(sql).bind(ids).fetch_all(conn).await)
}
