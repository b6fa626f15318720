//! Making one ticket of two.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::comment::lift_hold;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::share;
use crate::desk::table::Event;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::status::Status;

/// Merges `id` into `survivor`: conversation, people and mail go there, and so does every later write.
pub async fn merge(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, survivor): (TicketId, TicketId),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = store::tickets::lock(tx, id).await?.ok_or(TicketError::Unknown(id))?;
    if let Some(other) = ticket.merged_into {
        return Err(TicketError::AlreadyMerged(id, other).into());
    }
    let survivor = load(tx, survivor).await?;
    if survivor.id == ticket.id {
        return Err(TicketError::MergedIntoItself(id).into());
    }
    share::ticket::refuse_if_shared(tx, &ticket, "cannot be merged into another").await?;
    // Told first: the people are still those of the merged ticket.
    notify::tell(
        desk,
        tx,
        &ticket,
        &Occasion { other: Some(&survivor), ..Occasion::new(Event::Merged, actor) },
        now,
    )
    .await?;
    store::followups::repoint(tx, ticket.id, survivor.id).await?;
    store::message_ids::repoint(tx, ticket.id, survivor.id).await?;
    store::inbox::repoint(tx, ticket.id, survivor.id).await?;
    store::ticket_ccs::copy(tx, ticket.id, survivor.id, now).await?;
    if let Some(submitter) = ticket.submitter_id.filter(|id| survivor.submitter_id != Some(*id)) {
        take_along(tx, submitter, survivor.id, now).await?;
    }
    if let Some(submitter) = survivor.submitter_id {
        store::ticket_ccs::delete(tx, survivor.id, submitter).await?;
    }
    let old = std::mem::replace(&mut ticket.status, Status::Merged);
    ticket.merged_into = Some(survivor.id);
    ticket.closed_at = Some(now);
    lift_hold(&mut ticket, now);
    save(desk, tx, &mut ticket, now).await?;
    audit(tx, ticket.id, actor, ("status", Some(old.to_string()), Some(Status::Merged.to_string())), now)
        .await?;
    // A partner of the survivor was not meant to read the other conversation.
    share::ticket::skip(tx, survivor.id, now).await?;
    let change = ("merged", Some(ticket.id.to_string()), None);
    Ok(audit(tx, survivor.id, actor, change, now).await?)
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
