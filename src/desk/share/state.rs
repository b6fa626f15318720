//! A ticket's state as far as partners can see it.

use crate::sharing::status::Local;
use crate::store;
use crate::store::db::Tx;
use crate::store::shared_actors;
use crate::ticket::holder::Holder;
use crate::ticket::life::Ticket;
use crate::ticket::status::Status;

/// Looks at a ticket, and at who spoke last on it.
pub async fn local(tx: &mut Tx, ticket: &Ticket) -> Result<Local, sqlx::Error> {
    Ok(match (ticket.status, &ticket.held_by) {
        (Status::Resolved, _) => Local::Resolved,
        (Status::Closed | Status::Merged, _) => Local::Closed,
        (_, Some(Holder::Us)) => Local::Held,
        (_, Some(Holder::Partner(_))) => Local::HeldByPartner,
        (_, None) if waits_for_customer(tx, ticket).await? => Local::Waiting,
        (_, None) => Local::Open,
    })
}

/// Whether the last public word is an agent's, here or at a partner. The first word of a ticket is a request,
/// whoever wrote it down.
async fn waits_for_customer(tx: &mut Tx, ticket: &Ticket) -> Result<bool, sqlx::Error> {
    let Some((author, door, kind)) = store::followups::last_public(tx, ticket.id).await? else {
        return Ok(false);
    };
    if kind == "opened" || kind == "reopened" {
        return Ok(false);
    }
    let Some(author) = author else { return Ok(door != "mail") };
    match store::users::find(tx, author).await? {
        Some(user) if user.role.is_staff() => Ok(true),
        Some(user) => {
            let known = store::shared_actors::find_by_user(tx, user.id).await?;
            Ok(known.is_some_and(|known| known.role == shared_actors::AGENT))
        }
        None => Ok(false),
    }
}
