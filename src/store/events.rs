//! The `events` table: every change of a ticket, in order. The audit log.

pub mod erasing;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;

/// One event as it is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Logged {
    /// 0 where it is of a person.
    pub ticket_id: TicketId,
    /// 1, 2, 3 for each ticket; none where the ticket was gone.
    pub seq: Option<i64>,
    pub kind: Kind,
    pub entry_id: Option<FollowupId>,
    /// None: nobody whom the desk knows as a person.
    pub actor_id: Option<UserId>,
    /// The API token that asked for it.
    pub token_id: Option<TokenId>,
    pub door: String,
    /// What changed, in the log's own words.
    pub field: String,
    pub old: Option<String>,
    pub new: Option<String>,
    pub at: Timestamp,
    /// Of whom it is, where it is of no ticket.
    pub user_id: Option<UserId>,
}

row!(Logged { ticket_id, seq, kind, entry_id, actor_id, token_id, door, field, old, new, at, user_id });

/// An event with its place among those of all tickets.
#[derive(Clone, Debug, Serialize)]
pub struct Placed {
    pub event: Logged,
    pub id: i64,
    /// What readers go on behind.
    pub position: i64,
}

row!(Placed { ..event, id, position });

pub async fn insert(tx: &mut Tx, event: &Logged) -> Result<(), sqlx::Error> {
    let sql =
        "insert into events (ticket_id, seq, kind, entry_id, actor_id, token_id, door, field, old, new, at,
            user_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(event.ticket_id)
            .bind(event.seq)
            .bind(event.kind)
            .bind(event.entry_id)
            .bind(event.actor_id)
            .bind(event.token_id)
            .bind(&event.door)
            .bind(&event.field)
            .bind(&event.old)
            .bind(&event.new)
            .bind(event.at)
            .bind(event.user_id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// How many mails about a ticket did not leave by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub ticket_id: TicketId,
    pub count: i64,
}

row!(Held { ticket_id, count });

/// Tickets of which mails did not leave since a moment, for the reason that `field` names.
pub async fn list_held(tx: &mut Tx, field: &str, since: Timestamp) -> Result<Vec<Held>, sqlx::Error> {
    let sql = "select ticket_id, count(*) as count from events where kind = 'delivery.held' and field = $1 and at >= $2
        group by ticket_id order by ticket_id";
    on!(tx, |conn| sqlx::query_as(sql).bind(field).bind(since).fetch_all(conn).await)
}

/// Everything that happened to a ticket, oldest first.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Logged>, sqlx::Error> {
    let sql = "select * from events where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Everything that was changed of a person, oldest first.
pub async fn list_of_user(tx: &mut Tx, user_id: UserId) -> Result<Vec<Logged>, sqlx::Error> {
    let sql = "select * from events where user_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(user_id).fetch_all(conn).await)
}

/// Forgets what was written, and keeps that and by whom.
pub async fn blank(tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    let sql = "update events set old = null, new = null where ticket_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(ticket_id).execute(conn).await.map(drop))
}

/// How often a ticket was reopened since a moment.
pub async fn count_reopenings(
    tx: &mut Tx,
    ticket_id: TicketId,
    proven: bool,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from events left join followups on followups.id = events.entry_id
        where events.ticket_id = $1 and events.field = 'status' and events.new = 'reopened' and events.at >= $2
            and case when coalesce(followups.authentication, 'pass') = 'pass' then 1 else 0 end = $3";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(ticket_id).bind(since).bind(i64::from(proven)).fetch_one(conn).await
    })
}
