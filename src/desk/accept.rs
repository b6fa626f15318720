//! Making what was only kept for staff a part of the conversation: a mail that is not shown to be its author's, or one
//! by somebody who took no part.
//!
//! An agent or operator vouches for it. Whoever took no part does from then on.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::entry::Written;
use crate::desk::index;
use crate::desk::message::Message;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Speaker;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Accepts this entry, or the newest one that waits for it. Gives its number.
pub async fn accept(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    id: Option<FollowupId>,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    authority::may(&action.actor, Act::Accept)?;
    let nothing = || DeskError::Refused("nothing waits to be accepted there".to_owned());
    let entry = store::followups::find_waiting(tx, action.ticket.id, id).await?.ok_or_else(nothing)?;
    let author = author(desk, tx, &action.ticket, &entry, now).await?;
    let reopening = if action.ticket.is_open() { None } else { action.ticket.reopen(now) };
    let status = reopening.is_some().then_some(action.ticket.status);
    store::followups::accept(tx, entry.id, author.id, status).await?;
    index::renew(tx, entry.id).await?;
    // Behind that, as it lets in what else they wrote: this entry is told of once.
    if entry.author_id.is_none()
        && let Some(address) = &author.email
    {
        people::add_cc(desk, tx, action, address, now).await?;
    }
    let said = entry.new_text.as_deref().unwrap_or(&entry.text);
    action.ticket.hear(Speaker::Customer, said, now);
    action.touch();
    action.add(Event::added(Kind::EntryPublic, "accepted", entry.id.to_string()).by_entry(entry.id));
    let reopened = action.moved(reopening);
    tell(tx, action, author, &entry, reopened).await?;
    Ok(entry.id)
}

/// Whose word it is.
async fn author(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    entry: &Followup,
    now: Timestamp,
) -> Result<User, DeskError> {
    let nobody = || DeskError::Refused("its author has no address that can be mailed".to_owned());
    if let Some(id) = entry.author_id {
        return store::users::find(tx, id).await?.ok_or_else(nobody);
    }
    let ids = match entry.message_id.as_deref() {
        Some(id) => store::message_ids::find(tx, id).await?,
        None => Vec::new(),
    };
    let of_ticket = ids.into_iter().rfind(|known| known.ticket_id == ticket.id);
    let address = of_ticket.map(|known| known.author_key).filter(|key| !key.is_empty()).ok_or_else(nobody)?;
    if desk.directory.is_own(&address) || !Email::of(&address).is_deliverable() {
        return Err(nobody());
    }
    let user = people::contact(tx, &address, None, None, now).await?;
    if user.is_active_staff() {
        return Err(DeskError::Refused("it is in an agent's name; they can say it themselves".to_owned()));
    }
    Ok(user)
}

/// Tells everybody who hears of a customer's word, and staff of what became of it.
async fn tell(
    tx: &mut Tx,
    action: &mut Action,
    author: User,
    entry: &Followup,
    reopened: bool,
) -> Result<(), DeskError> {
    let words = Message {
        text: entry.text.clone(),
        new_text: entry.new_text.clone(),
        html: entry.html.clone(),
        ..Message::default()
    };
    let attachments = store::attachments::list_of_followup(tx, entry.id).await?;
    let event = if reopened { table::Event::Reopened } else { table::Event::Commented };
    let news = News {
        words: Some(Arc::new(Prepared::received(words))),
        written: Some(Written { id: entry.id, attachments }),
        ..News::new(event)
    };
    let actor = std::mem::replace(&mut action.actor, Actor::person(author, Door::Mail));
    action.tell(news);
    action.actor = actor;
    Ok(())
}
