//! Further addresses of a person: whoever writes from one, or is written to there, is that person.
//!
//! An address is one person's. Whom two rows stand for is made one by `merge`.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::event;
use crate::desk::person::begin;
use crate::desk::person::fit;
use crate::desk::person::refused;
use crate::desk::person::unknown;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::UserId;
use crate::ticket::person::Addresses;
use crate::ticket::person::User;

/// Gives somebody one more address. What is theirs already stays so.
pub async fn add(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, address): (UserId, &str),
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    let address = fit(desk, address)?;
    if user.email.is_none() {
        return refused("somebody of a partner's has no address here");
    }
    match store::users::find_by_email(tx, address).await? {
        Some(known) if known.id == id => return Ok(user),
        Some(known) => {
            let (other, name) = (known.id, known.shown_name());
            return refused(format!(
                "{address} is the address of person {other} ({name}): `helpdeskd user merge {other} {id}` makes one person of both"
            ));
        }
        None => {}
    }
    if !store::user_addresses::insert(tx, id, address, now).await? {
        return refused(format!("{address} is somebody's address"));
    }
    event::record_person(tx, actor, id, Event::added(Kind::UserChanged, "address", address), now).await?;
    gathered(tx, id).await
}

/// Takes a further address away. Where answers were to go there, they go to the first one.
pub async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    (id, address): (UserId, &str),
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    if user.email.as_deref().is_some_and(|first| Email::key_of(first) == Email::key_of(address)) {
        return refused(format!(
            "{address} is their first address: `helpdeskd user address primary {id} OTHER` puts another in its place"
        ));
    }
    if !store::user_addresses::delete(tx, id, address).await? {
        return refused(format!("{address} is no address of theirs"));
    }
    store::ticket_ccs::forget_address(tx, id, &Email::key_of(address)).await?;
    store::tickets::forget_reply_to(tx, id, &Email::key_of(address)).await?;
    event::record_person(tx, actor, id, Event::removed(Kind::UserChanged, "address", address), now).await?;
    gathered(tx, id).await
}

/// Makes a further address the first one, to which mail goes that is about no ticket in which they used another.
pub async fn put_first(
    tx: &mut Tx,
    actor: &Actor,
    (id, address): (UserId, &str),
    now: Timestamp,
) -> Result<User, DeskError> {
    let user = begin(tx, actor, id).await?;
    let Some(first) = &user.email else { return refused("they have no address") };
    if Email::key_of(first) == Email::key_of(address) {
        return Ok(user);
    }
    let written = store::user_addresses::list(tx, id).await?;
    let Some(address) = written.into_iter().find(|own| Email::key_of(own) == Email::key_of(address)) else {
        return refused(format!("{address} is no address of theirs"));
    };
    store::user_addresses::delete(tx, id, &address).await?;
    store::user_addresses::insert(tx, id, first, now).await?;
    store::users::update_email(tx, id, &address).await?;
    let event = Event::new(Kind::UserChanged, "first_address", Some(first.clone()), Some(address));
    event::record_person(tx, actor, id, event, now).await?;
    gathered(tx, id).await
}

/// Has the person's own row bring all of their addresses along, the first one first.
pub(super) async fn gathered(tx: &mut Tx, id: UserId) -> Result<User, DeskError> {
    let user = store::users::find(tx, id).await?.ok_or_else(unknown)?;
    let others = store::user_addresses::list(tx, id).await?;
    let keys = if others.is_empty() {
        Vec::new()
    } else {
        user.email.iter().chain(&others).map(|address| Email::key_of(address)).collect()
    };
    store::users::update_addresses(tx, id, &Addresses::of(keys)).await?;
    store::users::find(tx, id).await?.ok_or_else(unknown)
}
