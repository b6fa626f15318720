//! Counting the times of escalation anew after something changed that they depend on besides their tickets:
//! limits and hours in the configuration, excluded days in the database.

use std::collections::HashSet;

use crate::desk::Desk;
use crate::desk::app::App;
use crate::desk::calendars::Calendars;
use crate::desk::directory::Queue;
use crate::desk::escalate::plan;
use crate::desk::exclude::STALE;
use crate::store;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// Tickets that share a transaction.
const PAGE: i64 = 500;

/// Which queues' tickets are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those whose rule is not the one that the tickets were counted by: at the start of a process.
    Changed,
    /// Those whose excluded days changed. Not those of another rule: another process may have another
    /// configuration for a while, and each would undo what the other did.
    Stale,
    All,
}

/// Counts what must be counted; says of how many queues. An interrupted count is done again, and one that was overtaken as well.
pub async fn recount(app: &App, which: Which) -> Result<u64, sqlx::Error> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    let rows = store::queues::list(&mut tx).await?;
    drop(tx);
    let queues = desk.directory.queues().iter();
    let noted = queues.filter_map(|queue| Some((queue, rows.iter().find(|row| row.id == queue.id)?)));
    let wanted: Vec<_> = noted.filter(|(queue, row)| is_wanted(queue, row, which)).collect();
    let ids = wanted.iter().map(|(queue, _)| queue.id).collect();
    if wanted.is_empty() || !count(app, &ids).await? {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    for (queue, row) in &wanted {
        let old = row.escalation.as_deref();
        store::queues::replace_escalation(&mut tx, queue.id, old, &queue.escalation()).await?;
    }
    tx.commit().await?;
    Ok(wanted.len() as u64)
}

fn is_wanted(queue: &Queue, row: &store::queues::Queue, which: Which) -> bool {
    let noted = row.escalation.as_deref();
    match which {
        Which::All => true,
        Which::Changed => noted != Some(&queue.escalation()),
        Which::Stale => noted.is_none_or(|noted| noted.starts_with(STALE)),
    }
}

/// Goes through all open tickets; false if the process drains meanwhile.
async fn count(app: &App, queues: &HashSet<QueueId>) -> Result<bool, sqlx::Error> {
    let mut after = TicketId(0);
    loop {
        let mut tx = app.db.write().await?;
        let page = store::tickets::list_open_after(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(true) };
        after = last.id;
        let desk = app.desk();
        let tickets: Vec<Ticket> =
            page.into_iter().filter(|ticket| queues.contains(&served_by(&desk, ticket))).collect();
        let calendars = Calendars::load(&desk, &mut tx).await?;
        plan::recount(&desk, &mut tx, &calendars, &tickets).await?;
        tx.commit().await?;
        if app.tasks.is_draining() {
            return Ok(false);
        }
    }
}

/// The queue by whose rule a ticket escalates.
fn served_by(desk: &Desk, ticket: &Ticket) -> QueueId {
    desk.directory.queue(ticket.queue_id).map_or(ticket.queue_id, |queue| queue.id)
}
