//! The `events` table as the erasure of a person goes through it.

use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// What an event was from and to.
#[derive(Clone, Debug)]
pub struct Values {
    pub id: i64,
    pub old: Option<String>,
    pub new: Option<String>,
}

row!(Values { id, old, new });

/// The next events behind a number.
pub async fn list_after(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Values>, sqlx::Error> {
    let sql = "select id, old, new from events where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Other values of an event.
pub async fn rewrite(tx: &mut Tx, values: &Values) -> Result<(), sqlx::Error> {
    let sql = "update events set old = $1, new = $2 where id = $3";
    on!(tx, |conn| {
        sqlx::query(sql).bind(&values.old).bind(&values.new).bind(values.id).execute(conn).await.map(drop)
    })
}

/// Forgets how a ticket was called.
pub async fn blank_subjects(tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update events set old = null, new = null where ticket_id = $1 and field = 'subject'";
    on!(tx, |conn| sqlx::query(sql).bind(ticket_id).execute(conn).await.map(drop))
}

/// Forgets what was changed of a person, and keeps that and by whom.
pub async fn blank_person(tx: &mut Tx, user_id: UserId) -> Result<(), sqlx::Error> {
    let sql = "update events set old = null, new = null where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(user_id).execute(conn).await.map(drop))
}
