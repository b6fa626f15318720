//! Deleting a ticket with everything that it holds.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::share;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::id::TicketId;

/// Deletes a ticket: its mails, outgoing rows and audit values go; digests, number, time and actor stay.
///
/// The bytes themselves are deleted by housekeeping, when nothing names them any more.
pub async fn delete(tx: &mut Tx, actor: &Actor, id: TicketId, now: Timestamp) -> Result<(), DeskError> {
    store::tickets::lock(tx, id).await?.ok_or(TicketError::Unknown(id))?;
    share::ticket::forget(tx, id, now).await?;
    store::tombstones::insert(tx, id, actor.id(), now).await?;
    store::inbox::forget_ticket(tx, id).await?;
    store::changes::blank(tx, id).await?;
    store::tickets::delete(tx, id).await?;
    Ok(audit(tx, id, actor, ("deleted", None, None), now).await?)
}
