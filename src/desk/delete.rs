//! Deleting a ticket with everything that it holds.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::event;
use crate::desk::share;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;

/// Deletes a ticket: its mails, outgoing rows and values of events go; digests, number, time and actor stay.
///
/// The bytes themselves are deleted by housekeeping, when nothing names them any more.
pub async fn delete(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    now: Timestamp,
) -> Result<(), DeskError> {
    authority::may(actor, Act::Delete)?;
    let ticket = store::tickets::lock(tx, id).await?.ok_or(TicketError::Unknown(id))?;
    take_away(desk, tx, Action::on(actor, ticket), None, now).await
}

/// Does so, and logs why.
pub(super) async fn take_away(
    desk: &Desk,
    tx: &mut Tx,
    mut action: Action,
    why: Option<&str>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let (id, actor) = (action.ticket.id, action.actor.id());
    share::ticket::forget(tx, id, now).await?;
    store::tombstones::insert(tx, id, actor, now).await?;
    store::inbox::forget_ticket(tx, id).await?;
    store::events::blank(tx, id).await?;
    store::tickets::delete(tx, id).await?;
    action.deleted();
    action.add(Event::new(Kind::Deleted, "deleted", None, why.map(str::to_owned)));
    event::record(desk, tx, action, now).await?;
    Ok(())
}
