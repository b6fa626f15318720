//! The `measures` table: answers and ends of tickets with the working time that they took, for reports.
//!
//! A ticket's opening is its own row in `tickets`.

pub mod report;

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::measure::MeasureKind;

/// A measure to be added.
#[derive(Clone, Debug)]
pub struct NewMeasure<'a> {
    pub ticket: &'a Ticket,
    pub kind: MeasureKind,
    pub at: Timestamp,
    /// Whose doing it is.
    pub agent_id: Option<UserId>,
    /// Of working time; none where that is not known.
    pub minutes: Option<i64>,
    /// None: there was no target.
    pub met: Option<bool>,
}

pub async fn insert(tx: &mut Tx, measure: &NewMeasure<'_>) -> Result<(), sqlx::Error> {
    let sql =
        "insert into measures (ticket_id, kind, at, queue_id, type_id, owner_id, agent_id, minutes, met)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(measure.ticket.id)
            .bind(measure.kind)
            .bind(measure.at)
            .bind(measure.ticket.queue_id)
            .bind(measure.ticket.type_id)
            .bind(measure.ticket.owner_id)
            .bind(measure.agent_id)
            .bind(measure.minutes)
            .bind(measure.met.map(i64::from))
            .execute(conn)
            .await
            .map(drop)
    })
}

/// The ticket is in another queue now, of another type or another agent's.
pub async fn repoint_ticket(tx: &mut Tx, ticket: &Ticket) -> Result<(), sqlx::Error> {
    let sql = "update measures set queue_id = $1, type_id = $2, owner_id = $3 where ticket_id = $4";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(ticket.queue_id)
            .bind(ticket.type_id)
            .bind(ticket.owner_id)
            .bind(ticket.id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// What somebody did, and what is theirs, is somebody else's.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "update measures set owner_id = case when owner_id = $1 then $2 else owner_id end,
            agent_id = case when agent_id = $1 then $2 else agent_id end
        where owner_id = $1 or agent_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(drop))
}
