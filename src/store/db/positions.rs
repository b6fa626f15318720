//! The `event_positions` table and the `position` of events: the order in which events are followed.
//!
//! The databases differ: SQLite has one writer, so that the order of numbers is that of commits. PostgreSQL has many,
//! and a lower number can be seen later than a higher one; each committed event is given a position there, under one
//! lock, so that who has read up to a position has read all before it.

use crate::store::columns::row;
use crate::store::db::ByDatabase;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::events::Placed;

/// Events that are placed together.
const AT_ONCE: i64 = 1000;

/// Gives some committed events their positions, those of each ticket in their order.
pub async fn place(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let Tx::Postgres(transaction) = tx else { return Ok(()) };
    let conn = &mut **transaction;
    // By itself, so that the next statement sees what another process placed while this one waited.
    let last: i64 = sqlx::query_scalar("select last from event_positions where id = 1 for update")
        .fetch_one(&mut *conn)
        .await?;
    let sql = "with fresh as materialized (select id, row_number() over (order by id) as at
            from (select id from events where position is null order by id limit 0 + $2) as newest)
        update events set position = $1 + fresh.at from fresh where events.id = fresh.id";
    let placed = sqlx::query(sql).bind(last).bind(AT_ONCE).execute(&mut *conn).await?.rows_affected();
    let sql = "update event_positions set last = last + $1 where id = 1";
    sqlx::query(sql).bind(i64::try_from(placed).unwrap_or(AT_ONCE)).execute(&mut *conn).await.map(drop)
}

/// How far events are placed.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The newest position; 0 if there is none.
    pub last: i64,
    /// Whether an event waits for one.
    pub is_any_unplaced: bool,
}

row!(Reach { last } is { is_any_unplaced });

pub async fn reach(tx: &mut Tx) -> Result<Reach, sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "select coalesce(max(id), 0) as last, 0 as is_any_unplaced from events",
        postgres: "select last, case when exists (select 1 from events where position is null)
                then 1::bigint else 0::bigint end as is_any_unplaced
            from event_positions where id = 1",
    };
    let sql = sql.of(tx);
    on!(tx, |conn| sqlx::query_as(sql).fetch_one(conn).await)
}

/// The events behind a position, in order.
pub async fn list_after(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<Placed>, sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "select id, id as position, ticket_id, seq, kind, entry_id, actor_id, token_id, door, field, old, new,
                at, user_id
            from events where id > $1 order by id limit 0 + $2",
        postgres: "select id, position, ticket_id, seq, kind, entry_id, actor_id, token_id, door, field, old, new,
                at, user_id
            from events where position > $1 order by position limit 0 + $2",
    };
    let sql = sql.of(tx);
    on!(tx, |conn| sqlx::query_as(sql).bind(position).bind(limit).fetch_all(conn).await)
}
