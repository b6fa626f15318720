//! Leaving a ticket by the link in a mail: nothing but ending one person's copies of one ticket.
//!
//! Whoever has the link was sent it, or was given it by somebody who was: it can do no more than this.

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
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::desk::route;
use crate::desk::table;
use crate::email::Email;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;

/// What became of a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    Left,
    /// He had left before, or an agent took him off.
    LeftBefore,
    /// We did not sign that, or not for this.
    NotOurs,
}

/// The language of the mail that the token was made for; nothing for a token that is not ours.
pub(crate) async fn locale(desk: &Desk, tx: &mut Tx, text: &str) -> Result<Option<String>, sqlx::Error> {
    let Some(token) = token::read(text).filter(|token| token.purpose == Purpose::Unsubscribe) else {
        return Ok(None);
    };
    let Some(row) = store::outbox::find_by_key(tx, token.row).await? else { return Ok(None) };
    let Some(id) = row.ticket_id else { return Ok(None) };
    let Some(ticket) = store::tickets::find(tx, id).await? else { return Ok(None) };
    let key = Email::key_of(&row.recipient);
    let Some(queue) = desk.directory.queue(ticket.queue_id) else { return Ok(None) };
    let uuid = row.written_for.as_deref().unwrap_or(&ticket.uuid);
    if !token.is_genuine(&desk.keys.ring(), uuid, &key) {
        return Ok(None);
    }
    let user = store::users::find_by_email(tx, &key).await?;
    Ok(Some(locale::of_reader(desk, queue, user.as_ref(), Some(&ticket))))
}

/// Takes whoever the token was made for off its ticket, and tells those who look after it.
pub async fn leave(desk: &Desk, tx: &mut Tx, text: &str, now: Timestamp) -> Result<Click, DeskError> {
    let Some(token) = token::read(text).filter(|token| token.purpose == Purpose::Unsubscribe) else {
        return Ok(Click::NotOurs);
    };
    let Some(hit) = route::by_token(desk, tx, &token).await? else { return Ok(Click::NotOurs) };
    let Some(known) = hit.token else { return Ok(Click::NotOurs) };
    let Some(user) = store::users::find_by_email(tx, &known.recipient).await? else {
        return Ok(Click::LeftBefore);
    };
    let actor = Actor::person(user.clone(), Door::Link);
    authority::may(&actor, Act::Leave)?;
    if !store::ticket_ccs::delete(tx, hit.ticket.id, user.id).await? {
        return Ok(Click::LeftBefore);
    }
    let told = Sentence::new("note.unsubscribed").with("name", &user.name);
    let locale = locale::of_agents(desk, hit.ticket.queue_id);
    let words = Prepared::plain(desk.templates.sentence(&locale, &told));
    let mut action = Action::on(&actor, hit.ticket);
    let entry = Entry {
        kind: EntryKind::Unsubscribed,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    action.add(Event::removed(Kind::Ccs, "cc", known.recipient).by_entry(written.id));
    action.tell(News {
        words: Some(Arc::new(words)),
        written: Some(written),
        ..News::new(table::Event::Noted)
    });
    event::record(desk, tx, action, now).await?;
    Ok(Click::Left)
}
