//! Who gets copies of what: agents' answers go to everybody copied, a customer's words only to those whom an
//! agent wanted there.
//!
//! Otherwise whoever can open a ticket could have the desk write to whomever they copied.

use crate::desk::actor::Door;
use crate::desk::notify::announcement::Announcement;
use crate::desk::table::Event;
use crate::sharing::stored::ActorRole;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// The people with copies who may hear of this; of a private note those who must not.
pub(crate) async fn concerned(
    tx: &mut Tx,
    ticket: &Ticket,
    announcement: &Announcement<'_>,
) -> Result<Vec<User>, sqlx::Error> {
    let (news, actor) = (announcement.news, announcement.actor);
    if news.event.is_private() {
        return store::ticket_ccs::list(tx, ticket.id).await;
    }
    // A customer's mail that opens a ticket went to its CCs itself.
    let by_mail = news.event == Event::Opened && news.origin.is_some() && !actor.is_staff();
    let unproven = !actor.is_staff()
        && news.origin.as_ref().is_some_and(|origin| origin.authentication != Authentication::Pass);
    let private = news.visibility == Visibility::Private;
    if news.event.row().ccs.is_none() || by_mail || unproven || private {
        Ok(Vec::new())
    } else if news.event != Event::Opened && speaks_for_a_desk(tx, announcement).await? {
        store::ticket_ccs::list(tx, ticket.id).await
    } else {
        store::ticket_ccs::list_accepted(tx, ticket.id).await
    }
}

/// Whether an agent said or did it, here or at a partner's desk.
async fn speaks_for_a_desk(tx: &mut Tx, announcement: &Announcement<'_>) -> Result<bool, sqlx::Error> {
    let actor = announcement.actor;
    if actor.is_staff() {
        return Ok(true);
    }
    match (actor.door(), actor.id()) {
        (Door::Sharing, None) => Ok(true),
        (Door::Sharing, Some(user)) => {
            let known = store::shared_actors::find_by_user(tx, user).await?;
            Ok(known.is_some_and(|known| known.role == ActorRole::Agent))
        }
        _ => Ok(false),
    }
}
