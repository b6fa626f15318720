//! What is done to a ticket, recorded once: its row, the log, and then everybody who is to be told.
//!
//! Use cases add what they do to an [`Action`]; the door that began it ends it with [`record`]. Nothing else tells
//! anybody, so that nothing is told before it is true, and nobody twice.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::Escalation;
use crate::desk::action::News;
use crate::desk::action::RowState;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::collision;
use crate::desk::escalate::plan;
use crate::desk::hold_back::Unsaid;
use crate::desk::index;
use crate::desk::log;
use crate::desk::measure;
use crate::desk::notify;
use crate::desk::notify::Told;
use crate::desk::notify::announcement::Announcement;
use crate::desk::share::follow;
use crate::desk::table;
use crate::desk::undelivered;
use crate::desk::undelivered::Fate;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::ticket::TicketError;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;

/// Does one thing to a ticket, from the beginning of its action to its record.
pub(crate) async fn act<T>(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    act: impl AsyncFnOnce(&mut Tx, &mut Action) -> Result<T, DeskError>,
    now: Timestamp,
) -> Result<T, DeskError> {
    let mut action = Action::begin(tx, actor, id).await?;
    let done = act(tx, &mut action).await?;
    record(desk, tx, action, now).await?;
    Ok(done)
}

/// Ends an action: stores its ticket, logs what happened, and tells people and partners. Gives the ticket back.
pub async fn record(desk: &Desk, tx: &mut Tx, action: Action, now: Timestamp) -> Result<Ticket, DeskError> {
    // On the heap: every use case ends here, and would be as large.
    Box::pin(write_down(desk, tx, action, now)).await
}

async fn write_down(
    desk: &Desk,
    tx: &mut Tx,
    mut action: Action,
    now: Timestamp,
) -> Result<Ticket, DeskError> {
    save(desk, tx, &mut action, now).await?;
    note_collision(desk, tx, &mut action, now).await?;
    // On the heap: a mail's notification needs more room than all of the steps before.
    for unsaid in Box::pin(mail(desk, tx, &action, now)).await? {
        if let Some(row) = store::outbox::find(tx, unsaid.mail).await? {
            let fate = Fate::Suppressed(&unsaid.suppression);
            // On the heap: it is an action of its own, which comes back here.
            Box::pin(record_undelivered(desk, tx, &row, fate, now)).await?;
        }
    }
    follow(tx, &action, now).await?;
    keep_found(tx, &action).await?;
    Ok(action.ticket)
}

/// Records what was changed of a person; nobody is told.
pub(crate) async fn record_person(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    event: Event,
    now: Timestamp,
) -> Result<(), DeskError> {
    Ok(log::note_person(tx, actor, id, &event, now).await?)
}

/// Records what became of a mail, and tells those whom that concerns.
pub(crate) async fn record_undelivered(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    fate: Fate<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    if let Some(action) = undelivered::note(desk, tx, row, fate, now).await? {
        record(desk, tx, action, now).await?;
    }
    Ok(())
}

/// Stores the ticket, unless someone else changed it since it was read, and the log.
async fn save(desk: &Desk, tx: &mut Tx, action: &mut Action, now: Timestamp) -> Result<(), DeskError> {
    let counted = i64::from(action.row == RowState::Fresh);
    let mut seq = action.stored.events - counted;
    let is_changed = action.is_changed();
    action.ticket.count(seq + i64::try_from(action.events.len()).unwrap_or(i64::MAX).max(counted));
    if is_changed {
        if action.escalation == Escalation::ToPlan {
            plan::plan(desk, tx, &mut action.ticket).await?;
        }
        measure::count(desk, tx, action, now).await?;
        if !store::tickets::update(tx, &action.ticket, now).await? {
            return Err(TicketError::Stale(action.ticket.id).into());
        }
        action.ticket.saved(now);
    } else if action.row != RowState::Deleted && action.ticket.events != action.stored.events {
        store::tickets::set_events(tx, action.ticket.id, action.ticket.events).await?;
    }
    for (actor, event) in &action.events {
        seq += 1;
        log::write(tx, actor, (action.ticket.id, Some(seq)), event, now).await?;
    }
    for (id, event) in &action.elsewhere {
        log::note(tx, &action.actor, *id, event, now).await?;
    }
    Ok(())
}

/// Has those who are told of an agent's answer told, too, that another agent had answered before.
async fn note_collision(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    now: Timestamp,
) -> Result<(), DeskError> {
    if action.collision.is_none() && action.is_answer() {
        let found = collision::at_once(desk, tx, &action.actor, &action.ticket, now).await?;
        action.collision = found.map(Box::new);
    }
    let Some(collision) = &action.collision else { return Ok(()) };
    collision.log(&action.ticket);
    for (_, news) in action.news.iter_mut().filter(|(_, news)| news.event.is_answer()) {
        news.answered_before = collision.first();
        news.note.get_or_insert_with(|| collision.to_others());
    }
    Ok(())
}

/// Mails everybody whom the table names, each of them once: about the strongest of what happened. Gives back
/// what was not said by it.
async fn mail(desk: &Desk, tx: &mut Tx, action: &Action, now: Timestamp) -> Result<Vec<Unsaid>, DeskError> {
    let mut news: Vec<&(Actor, News)> = action.news.iter().collect();
    if news.iter().any(|(_, news)| news.event.is_end()) {
        // What is opened and ended at once is told of as ended.
        news.retain(|(_, news)| news.event != table::Event::Opened);
    }
    news.sort_by_key(|(_, news)| news.event.rank());
    let (mut told, mut unsaid) = (Told::default(), Vec::new());
    for (actor, news) in news {
        let submitter = action.submitter.as_deref();
        let announcement =
            Announcement { submitter, new_owner: action.new_owner(), ..Announcement::new(news, actor) };
        unsaid.extend(notify::tell(desk, tx, &action.ticket, &announcement, &mut told, now).await?);
    }
    Ok(unsaid)
}

/// Tells the partners with whom the ticket is shared what they can see.
async fn follow(tx: &mut Tx, action: &Action, now: Timestamp) -> Result<(), DeskError> {
    let by_partner = action.actor.door() == Door::Sharing;
    if !by_partner && !action.events.iter().any(|(_, event)| is_seen(event.kind)) {
        return Ok(());
    }
    for share in store::shared_tickets::list_live(tx, action.ticket.id).await? {
        if action.from_share != Some(share.id) {
            // On the heap: few tickets are shared, and every action passes here.
            Box::pin(follow::tell(tx, action.ticket.id, share, &action.actor, now)).await?;
        }
    }
    Ok(())
}

/// Has entries found by what stands above them now, besides those that were written.
async fn keep_found(tx: &mut Tx, action: &Action) -> Result<(), DeskError> {
    let changes = |kind: Kind| matches!(kind, Kind::Subject | Kind::Submitter | Kind::Split);
    if action.events.iter().any(|(_, event)| changes(event.kind)) {
        index::renew_openings(tx, action.ticket.id).await?;
    }
    for (survivor, _) in action.elsewhere.iter().filter(|(_, event)| event.kind == Kind::Merged) {
        index::renew_openings(tx, *survivor).await?;
    }
    Ok(())
}

/// Whether partners can see it.
fn is_seen(kind: Kind) -> bool {
    matches!(kind, Kind::EntryPublic | Kind::EntryPrivate | Kind::Status | Kind::Hold | Kind::Tags)
}
