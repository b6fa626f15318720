//! Raising what nobody took care of: one step for each due moment, whoever does it and however late.
//!
//! The rule itself is in `ticket::escalation`; when this runs is decided by the schedule, not here.

pub mod plan;

use crate::calendar::limit::Limit;
use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::calendars::Calendars;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::escalation;
use crate::ticket::escalation::Mode;
use crate::ticket::escalation::Standing;
use crate::ticket::escalation::Verdict;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::priority::Priority;

/// A ticket that was raised, or of which was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escalated {
    pub ticket_id: TicketId,
    pub was: Priority,
    pub is: Priority,
}

/// Does to a ticket, which this transaction has claimed, what its time of escalation asks for: it is raised, or
/// looked at again later.
pub async fn take(
    desk: &Desk,
    tx: &mut Tx,
    calendars: &Calendars,
    ticket: Ticket,
    now: Timestamp,
) -> Result<Option<Escalated>, DeskError> {
    let rule = desk.directory.queue(ticket.queue_id).zip(calendars.of(ticket.queue_id));
    let Some((queue, calendar)) = rule else {
        store::tickets::set_escalate_at(tx, ticket.id, ticket.version, None).await?;
        return Ok(None);
    };
    let again = match escalation::verdict(Standing::from(&ticket), &queue.limits, calendar, now) {
        Verdict::Due(_) => return raise(desk, tx, (queue, calendar), ticket, now).await.map(Some),
        Verdict::Later(at) => Some(at),
        // So that a run on an excluded day has nothing to look at.
        Verdict::Excluded => calendar.allowed_from(now),
        _ => None,
    };
    store::tickets::set_escalate_at(tx, ticket.id, ticket.version, again).await?;
    Ok(None)
}

/// Tells of a ticket if it is due, and changes nothing of it.
pub async fn tell_only(
    desk: &Desk,
    tx: &mut Tx,
    calendars: &Calendars,
    id: TicketId,
    now: Timestamp,
) -> Result<Option<Escalated>, DeskError> {
    let Some(ticket) = store::tickets::lock(tx, id).await? else { return Ok(None) };
    if !matches!(judge(desk, calendars, &ticket, now), Verdict::Due(_)) {
        return Ok(None);
    }
    let clock = Actor::desk();
    authority::may(&clock, Act::Escalate)?;
    let mut action = Action::on(&clock, ticket);
    action.tell(News::new(table::Event::Escalated));
    let ticket = event::record(desk, tx, action, now).await?;
    Ok(Some(Escalated { ticket_id: id, was: ticket.priority, is: ticket.priority }))
}

/// What the rule says of a ticket now.
pub fn judge(desk: &Desk, calendars: &Calendars, ticket: &Ticket, now: Timestamp) -> Verdict {
    match desk.directory.queue(ticket.queue_id).zip(calendars.of(ticket.queue_id)) {
        Some((queue, calendar)) => escalation::verdict(Standing::from(ticket), &queue.limits, calendar, now),
        None => Verdict::NoLimit,
    }
}

async fn raise(
    desk: &Desk,
    tx: &mut Tx,
    (queue, calendar): (&Queue, &Calendar),
    ticket: Ticket,
    now: Timestamp,
) -> Result<Escalated, DeskError> {
    let standing = Standing::from(&ticket);
    let step = escalation::step(standing, Mode::Raise, now);
    let after = standing.after(step);
    let (was, is) = (standing.priority, after.priority);
    let clock = Actor::desk();
    authority::may(&clock, Act::Escalate)?;
    let mut action = Action::on(&clock, ticket);
    let change = action.ticket.escalate(is, after.escalated_at);
    action.ticket.plan(escalation::escalate_at(after, &queue.limits, calendar));
    action.is_planned();
    let locale = locale::of_reader(desk, queue, None, None);
    let told = sentence(escalation::limit(standing, &queue.limits)).with("priority", &is);
    let words = Prepared::plain(desk.templates.sentence(&locale, &told));
    let entry = Entry {
        kind: EntryKind::Escalated,
        visibility: Visibility::Public,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    action.add(Event { kind: Kind::Escalated, ..Event::moved(change).by_entry(written.id) });
    // The mails have their own words, in the language of each reader.
    action.tell(News { written: Some(written), ..News::new(table::Event::Escalated) });
    let ticket = event::record(desk, tx, action, now).await?;
    Ok(Escalated { ticket_id: ticket.id, was, is })
}

fn sentence(limit: Option<Limit>) -> Sentence {
    let (count, key) = match limit {
        Some(Limit::Days(days)) => (days, "note.escalated_days"),
        Some(Limit::Hours(hours)) => (hours, "note.escalated_hours"),
        None => return Sentence::new("note.escalated"),
    };
    Sentence::new(key).with("count", &count).with("many", if count == 1 { "" } else { "many" })
}
