//! Telling of answers and resolutions that are late, or soon will be: each once, whoever sees it and however late.
//!
//! The rules are in `ticket::targets`; when this runs is decided by the schedule.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::calendars::Calendars;
use crate::desk::event;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::life::Ticket;
use crate::ticket::targets::Targets;
use crate::ticket::targets::Toll;
use crate::ticket::targets::Tolled;

/// Tells of up to `limit` tickets whose targets are near or missed; says at how many it looked.
///
/// The owner is told; where there is none, the queue's lists are; where there are none, all of its agents.
pub async fn tell(desk: &Desk, tx: &mut Tx, limit: i64, now: Timestamp) -> Result<usize, DeskError> {
    let actor = Actor::desk();
    authority::may(&actor, Act::Remind)?;
    let tickets = store::tickets::clocks::claim(tx, now, limit).await?;
    let count = tickets.len();
    if count == 0 {
        return Ok(0);
    }
    let calendars = Calendars::load(desk, tx).await?;
    for ticket in tickets {
        tell_one(desk, tx, &calendars, ticket, now).await?;
    }
    Ok(count)
}

async fn tell_one(
    desk: &Desk,
    tx: &mut Tx,
    calendars: &Calendars,
    ticket: Ticket,
    now: Timestamp,
) -> Result<(), DeskError> {
    let queue = desk.directory.queue(ticket.queue_id);
    let targets = queue.map(|queue| queue.targets(ticket.priority)).unwrap_or_default();
    let mut clocks = ticket.clocks;
    let mut tolled = Vec::new();
    if let Some(calendar) = calendars.of(ticket.queue_id) {
        // Days may have been excluded since it was counted.
        clocks.aim(&targets, calendar, ticket.due_at);
        tolled = clocks.toll(&targets, calendar, now);
        clocks.aim(&targets, calendar, ticket.due_at);
    } else {
        clocks.target_at = None;
    }
    // What is missed says more than what is near.
    tolled.sort_by_key(|one| one.toll == Toll::Near);
    let Some(first) = tolled.first() else {
        return Ok(store::tickets::clocks::set_targets(tx, &ticket, &clocks).await?);
    };
    let news = News { note: Some(sentence(desk, first)), ..News::new(table::Event::Target) };
    let mut action = Action::on(&Actor::desk(), ticket);
    action.ticket.clock(clocks);
    for one in &tolled {
        action.add(logged(one, &targets));
    }
    action.tell(news);
    event::record(desk, tx, action, now).await?;
    Ok(())
}

/// The log says which target, and how long it was in minutes.
fn logged(one: &Tolled, targets: &Targets) -> Event {
    let kind = if one.toll == Toll::Missed { Kind::TargetMissed } else { Kind::TargetReminded };
    let minutes = targets.of(one.aim).map(|limit| limit.as_secs() / 60);
    Event::new(kind, "target", minutes.map(|minutes| format!("{minutes}m")), Some(one.aim.to_string()))
}

fn sentence(desk: &Desk, one: &Tolled) -> Sentence {
    let config = &desk.config.desk;
    let facts = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
    let key = if one.toll == Toll::Missed { "note.target_missed" } else { "note.target_near" };
    Sentence::new(key).with("aim", &one.aim).with("at", &view::moment(&facts, one.due_at))
}
