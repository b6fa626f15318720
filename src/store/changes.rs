//! The `changes` table: the audit log. Who changed what, through which door.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;

/// One change of one field.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub ticket_id: TicketId,
    /// None: the desk itself.
    pub actor_id: Option<UserId>,
    /// The API token that asked for it.
    pub token_id: Option<TokenId>,
    pub door: String,
    pub field: String,
    pub old: Option<String>,
    pub new: Option<String>,
    pub at: Timestamp,
}

row!(Change { ticket_id, actor_id, token_id, door, field, old, new, at });

pub async fn insert(tx: &mut Tx, change: &Change) -> Result<(), sqlx::Error> {
    let sql = "insert into changes (ticket_id, actor_id, token_id, door, field, old, new, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(change.ticket_id)
            .bind(change.actor_id)
            .bind(change.token_id)
            .bind(&change.door)
            .bind(&change.field)
            .bind(&change.old)
            .bind(&change.new)
            .bind(change.at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Everything that happened to a ticket, oldest first.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Change>, sqlx::Error> {
    let sql = "select * from changes where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Forgets what was written, and keeps that and by whom.
pub async fn blank(tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update changes set old = null, new = null where ticket_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(ticket_id).execute(conn).await.map(drop))
}
