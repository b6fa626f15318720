//! Making one ticket of two.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::event;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::share;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Merges `id` into `survivor`: conversation, people and mail go there, and so does every later write.
///
/// An action of its own, as it is on two tickets.
pub async fn merge(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, survivor): (TicketId, TicketId),
    now: Timestamp,
) -> Result<(), DeskError> {
    authority::may(actor, Act::Merge)?;
    let ticket = store::tickets::lock(tx, id).await?.ok_or(TicketError::Unknown(id))?;
    if let Some(other) = ticket.merged_into {
        return Err(TicketError::AlreadyMerged(id, other).into());
    }
    let survivor = load(tx, survivor).await?;
    if survivor.id == ticket.id {
        return Err(TicketError::MergedIntoItself(id).into());
    }
    share::ticket::refuse_if_shared(tx, &ticket, "cannot be merged into another").await?;
    let mut action = Action::on(actor, ticket);
    let thread = notify::thread(tx, id).await?;
    store::followups::repoint(tx, id, survivor.id).await?;
    store::drafts::repoint(tx, id, survivor.id).await?;
    store::message_ids::repoint(tx, id, survivor.id).await?;
    store::inbox::repoint(tx, id, survivor.id).await?;
    store::ticket_ccs::copy(tx, id, survivor.id, now).await?;
    if let Some(submitter) = action.ticket.submitter_id.filter(|id| survivor.submitter_id != Some(*id)) {
        take_along(tx, submitter, survivor.id, now).await?;
    }
    if let Some(submitter) = survivor.submitter_id {
        store::ticket_ccs::delete(tx, survivor.id, submitter).await?;
    }
    let change = action.ticket.merge_into(survivor.id, now);
    action.moved(Some(change));
    action.add_elsewhere(survivor.id, Event::removed(Kind::Merged, "merged", id.to_string()));
    // A partner of the survivor was not meant to read the other conversation.
    share::ticket::skip(tx, survivor.id, now).await?;
    action.tell(News { thread: Some(thread), other: Some(survivor), ..News::new(table::Event::Merged) });
    event::record(desk, tx, action, now).await?;
    Ok(())
}

/// Whoever asked hears on. The agent who merges accepts them, but not a victim in whose name somebody asked.
async fn take_along(
    tx: &mut Tx,
    submitter: UserId,
    survivor: TicketId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let user = store::users::find(tx, submitter).await?;
    if user.is_some_and(|user| user.proven_at.is_some()) {
        store::ticket_ccs::accept(tx, survivor, submitter, now).await?;
    } else {
        store::ticket_ccs::insert(tx, survivor, submitter, now).await?;
    }
    Ok(())
}
