//! Whose a ticket is, how urgent, in which queue, and whether it is on hold.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::table::Event;
use crate::store::db::Tx;
use crate::ticket::holder::Holder;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;
use crate::ticket::priority::Priority;

/// Gives a ticket to an agent, or to nobody. The new owner is told, unless he took it himself.
pub async fn assign(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, owner): (TicketId, Option<&User>),
    now: Timestamp,
) -> Result<(), DeskError> {
    if give(desk, tx, actor, (id, owner), now).await? && owner.is_some() {
        let ticket = load(tx, id).await?;
        notify::tell(desk, tx, &ticket, &Occasion::new(Event::Assigned, actor), now).await?;
    }
    Ok(())
}

/// As [`assign`], where everybody is told of something larger. Says whether the owner is another.
pub async fn give(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, owner): (TicketId, Option<&User>),
    now: Timestamp,
) -> Result<bool, DeskError> {
    if owner.is_some_and(|user| !user.is_active_staff()) {
        return Err(DeskError::Refused("only an active agent can own a ticket".to_owned()));
    }
    let mut ticket = load(tx, id).await?;
    let old = ticket.owner_id;
    if ticket.assign(owner.map(|user| user.id)).is_none() {
        return Ok(false);
    }
    save(desk, tx, &mut ticket, now).await?;
    let change = ("owner", old.map(|id| id.to_string()), ticket.owner_id.map(|id| id.to_string()));
    audit(tx, ticket.id, actor, change, now).await?;
    Ok(true)
}

/// Puts a ticket on hold, for us. Says whether it was not.
pub async fn hold(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let mut ticket = load(tx, id).await?;
    if ticket.hold(Holder::Us, now).is_none() {
        return Ok(false);
    }
    save(desk, tx, &mut ticket, now).await?;
    noted(desk, tx, actor, ticket.id, "Ticket put on hold", now).await?;
    audit(tx, ticket.id, actor, ("hold", None, Some(Holder::Us.to_string())), now).await?;
    Ok(true)
}

/// Ends a hold, whoever made it. Says whether there was one.
pub async fn unhold(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let mut ticket = load(tx, id).await?;
    let Some(holder) = ticket.held_by.clone() else { return Ok(false) };
    ticket.unhold(now);
    save(desk, tx, &mut ticket, now).await?;
    noted(desk, tx, actor, ticket.id, "Ticket taken off hold", now).await?;
    audit(tx, ticket.id, actor, ("hold", Some(holder.to_string()), None), now).await?;
    Ok(true)
}

pub async fn set_priority(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, priority): (TicketId, Priority),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    let old = ticket.priority;
    if ticket.prioritise(priority).is_none() {
        return Ok(());
    }
    save(desk, tx, &mut ticket, now).await?;
    Ok(audit(tx, ticket.id, actor, ("priority", Some(old.to_string()), Some(priority.to_string())), now)
        .await?)
}

/// Moves a ticket to another queue. Its number stays; its type becomes the new queue's first.
pub async fn move_to(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, queue): (TicketId, &Queue),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    let old = ticket.queue_id;
    if ticket.move_to(queue.id, desk.directory.first_kind(queue.id).map(|kind| kind.id)).is_none() {
        return Ok(());
    }
    save(desk, tx, &mut ticket, now).await?;
    let was = desk.directory.queue(old).map_or_else(|| old.to_string(), |queue| queue.config.slug.clone());
    Ok(audit(tx, ticket.id, actor, ("queue", Some(was), Some(queue.config.slug.clone())), now).await?)
}

/// A private line that says what was done; nobody is mailed.
async fn noted(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let words = Words::plain(text);
    let entry = Entry {
        kind: "note",
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (id, actor), &entry, now).await?;
    Ok(())
}
