//! The `ratings` table: what customers think of how a ticket went, one number each.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Sets a customer's rating of a ticket, in place of an earlier one.
pub async fn upsert(
    tx: &mut Tx,
    (ticket_id, user_id): (TicketId, UserId),
    value: i64,
    followup_id: Option<FollowupId>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into ratings (ticket_id, user_id, value, followup_id, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $5)
        on conflict (ticket_id, user_id) do update
        set value = excluded.value, followup_id = excluded.followup_id, changed_at = excluded.changed_at";
    on!(tx, |conn| {
        let query = sqlx::query(sql).bind(ticket_id).bind(user_id).bind(value).bind(followup_id).bind(now);
        query.execute(conn).await.map(drop)
    })
}

/// A rating, with who gave it and what they wrote with it.
#[derive(Clone, Debug)]
pub struct Rated {
    pub user_id: UserId,
    pub name: String,
    pub value: i64,
    pub text: Option<String>,
    pub at: Timestamp,
}

row!(Rated { user_id, name, value, text, at });

/// All ratings of a ticket, oldest first.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Rated>, sqlx::Error> {
    let sql = "select ratings.user_id, users.name, ratings.value, ratings.changed_at as at,
            coalesce(followups.new_text, followups.text) as text
        from ratings join users on users.id = ratings.user_id
            left join followups on followups.id = ratings.followup_id
        where ratings.ticket_id = $1 order by ratings.changed_at, ratings.user_id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// A customer's rating of a ticket.
pub async fn find(tx: &mut Tx, ticket_id: TicketId, user_id: UserId) -> Result<Option<i64>, sqlx::Error> {
    let sql = "select value from ratings where ticket_id = $1 and user_id = $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(user_id).fetch_optional(conn).await)
}

/// Gives somebody's ratings to somebody else, but where those rated themselves.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "insert into ratings (ticket_id, user_id, value, followup_id, created_at, changed_at)
        select ticket_id, $1, value, followup_id, created_at, changed_at from ratings where user_id = $2 on conflict do nothing";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))?;
    let sql = "delete from ratings where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(from).execute(conn).await.map(drop))
}
