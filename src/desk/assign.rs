//! Whose a ticket is, how urgent, in which queue, and whether it is on hold.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::action::Ownership;
use crate::desk::actor;
use crate::desk::actor::Door;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::store::ticket_types::TicketType;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::holder::Holder;
use crate::ticket::person::User;
use crate::ticket::priority::Priority;

/// Gives a ticket to an agent, or to nobody. The new owner is told, unless they took it themselves.
pub fn assign(action: &mut Action, owner: Option<&User>) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Assign)?;
    if owner.is_some_and(|user| !user.is_active_staff()) {
        return Err(DeskError::Refused("only an active agent can own a ticket".to_owned()));
    }
    action.ownership = Ownership::Said;
    let change = action.ticket.assign(owner.map(|user| user.id));
    if action.moved(change) && owner.is_some() {
        action.tell(News::new(table::Event::Assigned));
    }
    Ok(())
}

/// Gives a ticket that no active agent has to the agent who answers it, where its queue wants that. Programs assign
/// for themselves.
pub(super) async fn by_answer(desk: &Desk, tx: &mut Tx, action: &mut Action) -> Result<(), sqlx::Error> {
    let actor = &action.actor;
    if actor.kind() != actor::Kind::Agent || !matches!(actor.door(), Door::Mail | Door::Cli) {
        return Ok(());
    }
    let wanted =
        desk.directory.queue(action.ticket.queue_id).is_some_and(|queue| queue.config.answer_assigns);
    // On a request of their own they speak as its customer.
    let asks = action.ticket.submitter_id == actor.id();
    if !wanted || asks || action.ownership == Ownership::Said {
        return Ok(());
    }
    let owner = match action.ticket.owner_id {
        Some(id) => store::users::find(tx, id).await?.filter(User::is_active_staff),
        None => None,
    };
    if owner.is_none() {
        let change = action.ticket.assign(actor.id());
        action.moved(change);
    }
    Ok(())
}

/// Puts a ticket on hold, for us. Says whether it was not.
pub async fn hold(desk: &Desk, tx: &mut Tx, action: &mut Action, now: Timestamp) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Hold)?;
    let change = action.ticket.hold(Holder::Us, now);
    if !action.moved(change) {
        return Ok(false);
    }
    noted(desk, tx, action, "Ticket put on hold", now).await?;
    Ok(true)
}

/// Ends a hold, whoever made it. Says whether there was one.
pub async fn unhold(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    now: Timestamp,
) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Unhold)?;
    let change = action.ticket.unhold(now);
    if !action.moved(change) {
        return Ok(false);
    }
    noted(desk, tx, action, "Ticket taken off hold", now).await?;
    Ok(true)
}

pub fn set_priority(action: &mut Action, priority: Priority) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Prioritise)?;
    let change = action.ticket.prioritise(priority);
    action.moved(change);
    Ok(())
}

/// Gives a ticket another subject.
pub fn rename(action: &mut Action, subject: String) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Rename)?;
    let change = action.ticket.rename(subject);
    action.moved(change);
    Ok(())
}

/// Moves a ticket to another queue. Its number stays; its type becomes the new queue's first.
pub fn move_to(desk: &Desk, action: &mut Action, queue: &Queue) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Move)?;
    let old = action.ticket.queue_id;
    if action.ticket.move_to(queue.id, desk.directory.first_kind(queue.id).map(|kind| kind.id)).is_none() {
        return Ok(());
    }
    let was = desk.directory.queue(old).map_or_else(|| old.to_string(), |queue| queue.config.slug.clone());
    action.add(Event::new(Kind::Queue, "queue", Some(was), Some(queue.config.slug.clone())));
    Ok(())
}

/// Gives a ticket another type of its queue.
pub fn retype(desk: &Desk, action: &mut Action, kind: &TicketType) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Retype)?;
    if kind.queue_id != action.ticket.queue_id {
        return Err(DeskError::Refused(format!("`{}` is no type of the ticket's queue", kind.name)));
    }
    let old = action.ticket.type_id.and_then(|id| desk.directory.kind(id)).map(|kind| kind.name.clone());
    if action.ticket.retype(kind.id).is_some() {
        action.add(Event::new(Kind::Type, "type", old, Some(kind.name.clone())));
    }
    Ok(())
}

/// Says when a ticket is due; none: never.
pub fn set_due(action: &mut Action, at: Option<Timestamp>) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Due)?;
    let change = action.ticket.fall_due(at);
    action.moved(change);
    Ok(())
}

/// A private line that says what was done; nobody is mailed.
pub(super) async fn noted(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let words = Prepared::plain(text);
    let entry = Entry {
        kind: EntryKind::Note,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    Ok(())
}
