//! Counting what an action did: the clocks of its ticket, the measures that are reported, and the targets that follow.
//!
//! The rules are in `ticket::targets`; who is told of a target, in `target`.

use crate::calendar::working_time::Calendar;
use crate::calendar::working_time::WorkingHours;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::action::Action;
use crate::desk::action::RowState;
use crate::desk::calendars;
use crate::store;
use crate::store::db::Tx;
use crate::store::measures::NewMeasure;
use crate::ticket::Row;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::QueueId;
use crate::ticket::id::UserId;
use crate::ticket::measure;
use crate::ticket::measure::Counted;
use crate::ticket::measure::Ender;
use crate::ticket::measure::Measure;
use crate::ticket::targets::Clocks;
use crate::ticket::targets::Targets;

/// Counts an action that is about to be stored, and writes down what is reported of it.
pub(super) async fn count(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let before = Row::clone(&action.stored);
    let after = Row::clone(&action.ticket);
    let ender = ender(action);
    let old = targets_of(desk, &before);
    let calendar = if measure::settles((&before, &after), ender) {
        calendar(desk, tx, before.queue_id, since(&before)).await?
    } else {
        always(desk)
    };
    let Counted { mut clocks, measures } = measure::count((&before, &after), ender, &calendar, &old, now);
    aim(desk, tx, &after, &mut clocks).await?;
    action.ticket.clock(clocks);
    if action.row != RowState::Fresh && places(&before) != places(&after) {
        store::measures::repoint_ticket(tx, &action.ticket).await?;
    }
    let agent_id = agent(action);
    for Measure { kind, minutes, met } in measures {
        let new = NewMeasure { ticket: &action.ticket, kind, at: now, agent_id, minutes, met };
        store::measures::insert(tx, &new).await?;
    }
    Ok(())
}

/// The clocks of a ticket that is about to be opened.
pub(super) async fn opened(
    desk: &Desk,
    tx: &mut Tx,
    queue_id: QueueId,
    targets: Targets,
    (created_at, due_at): (Timestamp, Option<Timestamp>),
) -> Result<Clocks, sqlx::Error> {
    let mut clocks = Clocks::opened(created_at);
    if targets.is_empty() {
        clocks.late_at = due_at;
    } else {
        clocks.aim(&targets, &calendar(desk, tx, queue_id, created_at).await?, due_at);
    }
    Ok(clocks)
}

/// What is wanted of a ticket where it stands.
pub(crate) fn targets_of(desk: &Desk, ticket: &Row) -> Targets {
    let queue = desk.directory.queue(ticket.queue_id);
    queue.map(|queue| queue.targets(ticket.priority)).unwrap_or_default()
}

/// When the tickets of a queue are worked on; of one that has gone without another, always.
async fn calendar(
    desk: &Desk,
    tx: &mut Tx,
    queue_id: QueueId,
    since: Timestamp,
) -> Result<Calendar, sqlx::Error> {
    match desk.directory.queue(queue_id) {
        Some(queue) => calendars::of_queue(tx, queue, since).await,
        None => Ok(always(desk)),
    }
}

/// Where no hours matter, or none are known.
fn always(desk: &Desk) -> Calendar {
    Calendar::new(WorkingHours::default(), desk.config.desk.timezone.clone(), [])
}

async fn aim(desk: &Desk, tx: &mut Tx, after: &Row, clocks: &mut Clocks) -> Result<(), sqlx::Error> {
    let targets = targets_of(desk, after);
    let calendar = match clocks.counted_at.filter(|_| !targets.is_empty()) {
        Some(since) => calendar(desk, tx, after.queue_id, since).await?,
        None => always(desk),
    };
    clocks.aim(&targets, &calendar, after.due_at);
    Ok(())
}

fn since(row: &Row) -> Timestamp {
    row.clocks.counted_at.or(row.waiting_since).unwrap_or(row.created_at)
}

/// What a report puts a ticket's measures under.
fn places(row: &Row) -> impl PartialEq {
    (row.queue_id, row.type_id, row.owner_id)
}

fn ender(action: &Action) -> Ender {
    let ends = action.events.iter().find(|(_, event)| is_end(event));
    match ends {
        Some((actor, _)) if actor.is_staff() => Ender::Staff,
        _ => Ender::Other,
    }
}

fn is_end(event: &Event) -> bool {
    event.kind == Kind::Status
}

/// The agent whose doing it is.
fn agent(action: &Action) -> Option<UserId> {
    let mut staff = action.events.iter().rev().filter(|(actor, _)| actor.is_staff());
    staff.find_map(|(actor, _)| actor.id())
}
