//! Who takes part in a ticket, and what that gives a right to.

use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::authority::Right;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Whether somebody is the submitter, a CC, or staff. An owner who is no active agent any more is none of them.
pub(crate) async fn takes_part(tx: &mut Tx, ticket: &Ticket, author: &User) -> Result<bool, sqlx::Error> {
    if author.is_active_staff() || ticket.submitter_id == Some(author.id) {
        return Ok(true);
    }
    if ticket.reply_to.as_deref().map(Email::key_of).is_some_and(|reply_to| author.has_address(&reply_to)) {
        return Ok(true);
    }
    Ok(store::ticket_ccs::list(tx, ticket.id).await?.iter().any(|user| user.id == author.id))
}

/// Refuses whoever may not do this to this ticket.
pub(crate) async fn may_on(tx: &mut Tx, actor: &Actor, act: Act, ticket: &Ticket) -> Result<(), DeskError> {
    let is_theirs = match (authority::right(actor.kind(), act), actor.user()) {
        (Right::Own, Some(user)) => {
            takes_part(tx, ticket, user).await? || has_asked(tx, ticket, user).await?
        }
        (Right::Asked, Some(user)) => has_asked(tx, ticket, user).await?,
        _ => false,
    };
    if is_theirs { Ok(()) } else { Ok(authority::may(actor, act)?) }
}

/// Whether it is a ticket of theirs, or one that a ticket of theirs was merged into.
async fn has_asked(tx: &mut Tx, ticket: &Ticket, user: &User) -> Result<bool, sqlx::Error> {
    Ok(ticket.submitter_id == Some(user.id) || store::tickets::is_survivor_of(tx, ticket.id, user.id).await?)
}
