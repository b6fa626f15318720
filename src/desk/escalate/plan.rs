//! When a ticket escalates, counted anew whenever that may have changed.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::calendars;
use crate::desk::calendars::Calendars;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::escalation;
use crate::ticket::escalation::Standing;
use crate::ticket::life::Ticket;

/// When a ticket of a queue escalates if nothing happens before; none if it does not.
pub async fn planned(
    tx: &mut Tx,
    queue: &Queue,
    standing: Standing,
) -> Result<Option<Timestamp>, sqlx::Error> {
    if escalation::limit(standing, &queue.limits).is_none() {
        return Ok(None);
    }
    let calendar = calendars::of_queue(tx, queue, standing.since()).await?;
    Ok(escalation::escalate_at(standing, &queue.limits, &calendar))
}

/// Counts a changed ticket's time of escalation anew.
pub async fn plan(desk: &Desk, tx: &mut Tx, ticket: &mut Ticket) -> Result<(), sqlx::Error> {
    let at = match desk.directory.queue(ticket.queue_id) {
        Some(queue) => planned(tx, queue, Standing::from(&*ticket)).await?,
        None => None,
    };
    ticket.plan(at);
    Ok(())
}

/// Counts anew the times of escalation and the targets of tickets as they were read, after their queue's rule or its excluded
/// days changed.
pub async fn recount(
    desk: &Desk,
    tx: &mut Tx,
    calendars: &Calendars,
    tickets: &[Ticket],
) -> Result<(), sqlx::Error> {
    for ticket in tickets {
        let standing = Standing::from(ticket);
        let rule = desk.directory.queue(ticket.queue_id).zip(calendars.of(ticket.queue_id));
        let at =
            rule.and_then(|(queue, calendar)| escalation::escalate_at(standing, &queue.limits, calendar));
        if at != ticket.escalate_at {
            store::tickets::set_escalate_at(tx, ticket.id, ticket.version, at).await?;
        }
        let mut clocks = ticket.clocks;
        if let Some((queue, calendar)) = rule {
            clocks.aim(&queue.targets(ticket.priority), calendar, ticket.due_at);
        }
        if clocks != ticket.clocks {
            store::tickets::clocks::set_targets(tx, ticket, &clocks).await?;
        }
    }
    Ok(())
}
