//! What is changed of a person: what they are called, what they may do, how they log in, and whether they act at all.
//!
//! What somebody is to a ticket is in `people`.

pub mod address;
pub mod erase;
pub mod export;
pub mod merge;

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::email::Email;
use crate::mail::parse::copied::Copied;
use crate::store;
use crate::store::db::Tx;
use crate::store::users::NewUser;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;
use crate::ticket::traces::ERASED;

/// Longest name; longer ones are a mistake.
const LONGEST_NAME: usize = 200;
/// Tickets that are handed back in one transaction.
const BATCH: i64 = 20;

/// A password as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Password<'a> {
    pub hash: &'a str,
    pub is_weak: bool,
}

/// Whom a word names: a user name, an address, or else a number.
pub async fn find(tx: &mut Tx, word: &str) -> Result<Option<User>, sqlx::Error> {
    if let Some(user) = store::users::find_by_username(tx, word).await? {
        return Ok(Some(user));
    }
    if let Some(user) = store::users::find_by_email(tx, &Copied::of(word).address).await? {
        // As they are, not as they are meant here.
        return store::users::find(tx, user.id).await;
    }
    match word.parse() {
        Ok(id) => store::users::find(tx, id).await,
        Err(_) => Ok(None),
    }
}

/// Adds a person, or makes more of a customer who is known.
pub async fn add(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    new: &NewUser<'_>,
    now: Timestamp,
) -> Result<User, DeskError> {
    authority::may(actor, Act::Person)?;
    let email = fit(desk, new.email.unwrap_or_default())?;
    if let Some(username) = new.username {
        require_free(tx, username, None).await?;
    }
    let user = match store::users::find_by_email(tx, email).await? {
        Some(known) if known.disabled_at.is_some() => {
            let id = known.id;
            return refused(format!(
                "that address is taken by person {id}, who is disabled: `helpdeskd user enable {id}` has them act again"
            ));
        }
        Some(known) if known.role.is_staff() => return refused("that address is taken"),
        Some(known) => store::users::promote(tx, known.id, new, now).await?,
        None => Some(store::users::insert(tx, new, now).await?),
    };
    let user = user.ok_or_else(|| DeskError::Refused("that person is gone".to_owned()))?;
    let event = Event::added(Kind::UserChanged, "role", user.role.as_str());
    event::record_person(tx, actor, user.id, event, now).await?;
    Ok(user)
}

/// Calls somebody by another name.
pub async fn rename(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    name: &str,
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return refused(format!("a name is one line of at most {LONGEST_NAME} characters"));
    }
    store::users::rename(tx, id, name).await?;
    // What an operator says of somebody is known, whatever mails said.
    store::users::prove(tx, id, name, None, now).await?;
    changed(tx, actor, &user, ("name", Some(user.name.clone()), Some(name.to_owned())), now).await
}

/// In which language somebody is written to; none: in that of their tickets.
pub async fn set_locale(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    store::users::update_locale(tx, id, locale).await?;
    changed(tx, actor, &user, ("locale", user.locale.clone(), locale.map(str::to_owned)), now).await
}

/// Another role, and a user name with it where one is given. Whoever is made a customer still has their tickets until
/// those are [handed back](hand_back).
pub async fn set_role(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    (role, username): (Role, Option<&str>),
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    if role.is_staff() && user.email.is_none() {
        return refused("somebody without an address hears of nothing, and cannot be an agent");
    }
    if let Some(username) = username {
        require_free(tx, username, Some(id)).await?;
    }
    store::users::update_role(tx, id, role, username, now).await?;
    let role = Some(role.as_str().to_owned());
    changed(tx, actor, &user, ("role", Some(user.role.as_str().to_owned()), role), now).await
}

pub async fn set_password(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    password: Password<'_>,
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    store::users::update_password(tx, id, password.hash, password.is_weak).await?;
    changed(tx, actor, &user, ("password", None, None), now).await
}

/// Lets somebody act again; says whether they did not.
pub async fn enable(tx: &mut Tx, actor: &Actor, id: UserId, now: Timestamp) -> Result<bool, DeskError> {
    let user = begin(tx, actor, id).await?;
    if user.disabled_at.is_none() {
        return Ok(false);
    }
    store::users::enable(tx, id).await?;
    changed(tx, actor, &user, ("state", Some("disabled".to_owned()), Some("active".to_owned())), now).await?;
    Ok(true)
}

/// Lets somebody act no more; says whether they did. Their tickets are then to be [handed back](hand_back).
pub async fn disable(tx: &mut Tx, actor: &Actor, id: UserId, now: Timestamp) -> Result<bool, DeskError> {
    let user = begin(tx, actor, id).await?;
    if user.disabled_at.is_some() {
        return Ok(false);
    }
    store::users::disable(tx, id, now).await?;
    changed(tx, actor, &user, ("state", Some("active".to_owned()), Some("disabled".to_owned())), now).await?;
    Ok(true)
}

/// Makes some open tickets of somebody who acts no more nobody's, and tells the agents of their queues. To be called
/// until it gives none: each time in a transaction of its own, as there may be many.
pub async fn hand_back(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    now: Timestamp,
) -> Result<Vec<TicketId>, DeskError> {
    authority::may(actor, Act::Person)?;
    let user = store::users::find(tx, id).await?.ok_or_else(unknown)?;
    if user.is_active_staff() {
        return refused("an agent who acts keeps their tickets");
    }
    let tickets = store::tickets::list_open_of_owner(tx, id, BATCH).await?;
    for ticket in &tickets {
        let mut action = Action::begin(tx, actor, *ticket).await?;
        let change = action.ticket.assign(None);
        action.moved(change);
        let told = Sentence::new("note.handed_back").with("name", user.shown_name());
        let words =
            Prepared::plain(desk.templates.sentence(&locale::of_agents(desk, action.ticket.queue_id), &told));
        note(desk, tx, &mut action, words, now).await?;
        event::record(desk, tx, action, now).await?;
    }
    Ok(tickets)
}

/// Says something to all agents of a queue by an entry of the desk's own.
async fn note(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    words: Prepared,
    now: Timestamp,
) -> Result<(), DeskError> {
    let entry = Entry {
        kind: EntryKind::Note,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    // As the desk: whoever had it disabled need not be one who sees to the ticket.
    let actor = std::mem::replace(&mut action.actor, Actor::desk());
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    action.tell(News {
        words: Some(Arc::new(words)),
        written: Some(written),
        ..News::new(table::Event::Noted)
    });
    action.actor = actor;
    Ok(())
}

/// Whoever is to be changed, as nobody else changes them meanwhile.
pub(crate) async fn begin(tx: &mut Tx, actor: &Actor, id: UserId) -> Result<User, DeskError> {
    authority::may(actor, Act::Person)?;
    let user = store::users::lock(tx, id).await?.ok_or_else(unknown)?;
    match user.merged_into {
        Some(other) => refused(format!("person {id} was merged into {other}")),
        None if user.email.is_none() && user.name == ERASED => refused(format!("person {id} was erased")),
        None => Ok(user),
    }
}

/// Records a change: what of, from and to.
async fn changed(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    (field, from, to): (&'static str, Option<String>, Option<String>),
    now: Timestamp,
) -> Result<User, DeskError> {
    event::record_person(tx, actor, user.id, Event::new(Kind::UserChanged, field, from, to), now).await?;
    store::users::find(tx, user.id).await?.ok_or_else(unknown)
}

async fn require_free(tx: &mut Tx, username: &str, but_of: Option<UserId>) -> Result<(), DeskError> {
    let known = store::users::find_by_username(tx, username).await?;
    if known.is_some_and(|known| Some(known.id) != but_of) {
        return refused("that user name is taken");
    }
    Ok(())
}

/// An address that somebody can have.
pub(crate) fn fit<'a>(desk: &Desk, email: &'a str) -> Result<&'a str, DeskError> {
    if !Email::of(email).is_deliverable() {
        return refused("the person's address is none that can be mailed");
    }
    if desk.directory.is_own(email) {
        return refused(format!("{email} is an address of a queue: mail to it would come back as a request"));
    }
    Ok(email)
}

pub(crate) fn refused<T>(why: impl Into<String>) -> Result<T, DeskError> {
    Err(DeskError::Refused(why.into()))
}

pub(crate) fn unknown() -> DeskError {
    DeskError::Refused("there is no such person".to_owned())
}
