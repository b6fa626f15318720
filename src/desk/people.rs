//! People of a ticket: first contact, CCs, submitter; and its tags.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action;
use crate::desk::action::Action;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::index;
use crate::desk::share;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::External;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::life::Speaker;
use crate::ticket::person::User;

/// Longest tag; longer words are a mistake.
pub(crate) const LONGEST_TAG: usize = 100;

/// The person with this address, for whom somebody vouches: an agent, an operator, a program with a token, or a
/// mail that is shown to be theirs. Known from then on.
///
/// Without a name the address stands for it; a name that unproven mails may have set does not stay.
pub async fn contact(
    tx: &mut Tx,
    email: &str,
    name: Option<&str>,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<User, sqlx::Error> {
    match store::users::find_by_email(tx, email).await? {
        Some(user) => vouched(tx, user, name, locale, now).await,
        None => meet(tx, email, name, locale, now).await,
    }
}

/// As [`contact`], for somebody who was looked for and is not there.
pub(crate) async fn meet(
    tx: &mut Tx,
    email: &str,
    name: Option<&str>,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<User, sqlx::Error> {
    if let Some(user) = store::users::insert_customer(tx, email, named(name, email), locale, now).await? {
        return Ok(user);
    }
    let user = store::users::find_by_email(tx, email).await?.ok_or(sqlx::Error::RowNotFound)?;
    vouched(tx, user, name, locale, now).await
}

/// The person with this address, of whom nothing else is believed.
pub(crate) async fn meet_unproven(tx: &mut Tx, email: &str, now: Timestamp) -> Result<User, sqlx::Error> {
    if let Some(user) = store::users::insert_unproven(tx, email, now).await? {
        return Ok(user);
    }
    store::users::find_by_email(tx, email).await?.ok_or(sqlx::Error::RowNotFound)
}

/// Makes somebody known who was not: what is said of them now takes the place of what anybody may have said.
pub async fn vouched(
    tx: &mut Tx,
    user: User,
    name: Option<&str>,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<User, sqlx::Error> {
    let (None, Some(email)) = (user.proven_at, &user.email) else { return Ok(user) };
    let proven = store::users::prove(tx, user.id, named(name, email), locale, now).await?;
    Ok(proven.map(|proven| proven.at(email)).unwrap_or(user))
}

fn named<'a>(name: Option<&'a str>, email: &'a str) -> &'a str {
    name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(email)
}

/// Why an address is no CC, or a word no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("that is no address that can be mailed")]
    NoAddress,
    #[error("an address of this desk cannot be a CC")]
    OwnAddress,
    #[error("a tag is one word of at most {LONGEST_TAG} characters")]
    Tag,
}

impl From<Unfit> for DeskError {
    fn from(unfit: Unfit) -> Self {
        Self::Refused(unfit.to_string())
    }
}

/// Whether an address can be a CC.
pub(crate) fn fit_for_cc(desk: &Desk, email: &str) -> Result<(), Unfit> {
    if !Email::of(email).is_deliverable() {
        return Err(Unfit::NoAddress);
    }
    if desk.directory.is_own(email) { Err(Unfit::OwnAddress) } else { Ok(()) }
}

/// Whether a word can be a tag.
pub(crate) fn fit_for_tag(tag: &str) -> Result<(), Unfit> {
    let tag = tag.trim();
    let blank = |notification: char| notification.is_control() || notification.is_whitespace();
    let fits = !tag.is_empty() && tag.chars().count() <= LONGEST_TAG && !tag.chars().any(blank);
    if fits { Ok(()) } else { Err(Unfit::Tag) }
}

/// Makes somebody hear of a ticket, also of what customers say there, and lets in what they wrote before; says
/// whether they are new.
pub async fn add_cc(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    email: &str,
    now: Timestamp,
) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Cc)?;
    fit_for_cc(desk, email)?;
    let known = store::users::find_by_email(tx, email).await?;
    let is_theirs =
        |key: &str| key == Email::key_of(email) || known.as_ref().is_some_and(|known| known.has_address(key));
    let mut written = store::followups::list_external(tx, action.ticket.id).await?;
    written
        .retain(|entry| is_theirs(&Email::key_of(&entry.writer_address)) && !entry.is(Authentication::Fail));
    let name = written.iter().find(|entry| entry.is(Authentication::Pass));
    let name = name.and_then(|entry| entry.writer_name.as_deref());
    let user = contact(tx, email, name, None, now).await?;
    let_in(tx, action, &user, &written, now).await?;
    let added = action.ticket.submitter_id != Some(user.id)
        && store::ticket_ccs::accept(tx, action.ticket.id, user.id, now).await?;
    if added {
        store::ticket_ccs::update_address(tx, action.ticket.id, user.id, user.elsewhere()).await?;
        action.add(Event::added(Kind::Ccs, "cc", email));
    }
    Ok(added)
}

/// Somebody who takes part wrote from this address of theirs: they hear of the ticket there from now on.
pub(crate) async fn heard_at(tx: &mut Tx, action: &mut Action, user: &User) -> Result<(), sqlx::Error> {
    if user.addresses.keys().is_empty() {
        return Ok(());
    }
    if action.ticket.submitter_id != Some(user.id) {
        return store::ticket_ccs::update_address(tx, action.ticket.id, user.id, user.elsewhere()).await;
    }
    // Where they asked answers to go that is no address of theirs is their wish still.
    if action.ticket.reply_to.as_deref().is_none_or(|asked| user.has_address(&Email::key_of(asked))) {
        action.ticket.answer_at(user.elsewhere());
    }
    Ok(())
}

/// What somebody wrote before they took part becomes public. Nobody is mailed.
async fn let_in(
    tx: &mut Tx,
    action: &mut Action,
    user: &User,
    written: &[External],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for entry in written {
        store::followups::accept(tx, entry.id, user.id, None).await?;
        index::renew(tx, entry.id).await?;
        action.ticket.hear(Speaker::Customer, &entry.text, now);
        action.add(action::said(Visibility::Public).by_entry(entry.id));
    }
    Ok(())
}

/// Makes somebody hear of a ticket no more; says whether they did.
pub async fn remove_cc(tx: &mut Tx, action: &mut Action, email: &str) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Uncc)?;
    let Some(user) = store::users::find_by_email(tx, email).await? else { return Ok(false) };
    let removed = store::ticket_ccs::delete(tx, action.ticket.id, user.id).await?;
    if removed {
        action.add(Event::removed(Kind::Ccs, "cc", email));
    }
    Ok(removed)
}

/// Gives a ticket to another customer, for instance after a forward was misread.
pub async fn change_submitter(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    email: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::Submitter)?;
    if !Email::of(email).is_deliverable() || desk.directory.is_own(email) {
        return Err(DeskError::Refused("that is no address of a customer".to_owned()));
    }
    share::ticket::refuse_if_shared(tx, &action.ticket, "keeps its requester").await?;
    let user = contact(tx, email, None, None, now).await?;
    let change = action.ticket.give_to(user.id);
    if change.is_some() {
        action.ticket.answer_at(user.elsewhere());
    }
    if action.moved(change) {
        store::ticket_ccs::delete(tx, action.ticket.id, user.id).await?;
    }
    Ok(())
}

/// Adds a tag; says whether that is new.
pub async fn tag(tx: &mut Tx, action: &mut Action, tag: &str) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Tag)?;
    let tag = tag.trim();
    fit_for_tag(tag)?;
    let added = store::tags::insert(tx, action.ticket.id, tag).await?;
    if added {
        action.add(Event::added(Kind::Tags, "tag", tag));
    }
    Ok(added)
}

/// Takes a tag away; says whether it was there.
pub async fn untag(tx: &mut Tx, action: &mut Action, tag: &str) -> Result<bool, DeskError> {
    authority::may(&action.actor, Act::Untag)?;
    let tag = tag.trim();
    let removed = store::tags::delete(tx, action.ticket.id, tag).await?;
    if removed {
        action.add(Event::removed(Kind::Tags, "tag", tag));
    }
    Ok(removed)
}
