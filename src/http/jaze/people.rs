//! The customers, admins and tickets that calls of the Jaze Tickets API name.

use crate::clock::Timestamp;
use crate::desk;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::desk::people;
use crate::http::error::ApiError;
use crate::http::form::number;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

/// A customer by number, who may act now.
pub(crate) async fn customer(tx: &mut Tx, id: UserId) -> Result<User, ApiError> {
    allowed(store::users::find(tx, id).await?)
}

/// As [`customer`]; the program that holds the token vouches for them.
pub(crate) async fn vouched_customer(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<User, ApiError> {
    let user = customer(tx, id).await?;
    Ok(people::vouched(tx, user, None, None, now).await?)
}

/// A customer by number, user name or address.
pub(crate) async fn named_customer(tx: &mut Tx, text: &str) -> Result<User, ApiError> {
    let by_number = match number(text) {
        Some(id) => store::users::find(tx, UserId(id)).await?.filter(is_customer),
        None => None,
    };
    match by_number {
        Some(user) => allowed(Some(user)),
        None => allowed(by_name(tx, text).await?),
    }
}

/// An active agent by number, user name or address.
pub(crate) async fn named_admin(tx: &mut Tx, text: &str) -> Result<User, ApiError> {
    if let Some(id) = number(text)
        && let Some(user) = store::users::find(tx, UserId(id)).await?.filter(is_agent)
    {
        return Ok(user);
    }
    let user = admin(tx, text).await?;
    if is_agent(&user) { Ok(user) } else { Err(no_admin()) }
}

/// An agent by user name or address, also one who may not act any more.
pub(crate) async fn admin(tx: &mut Tx, text: &str) -> Result<User, ApiError> {
    by_name(tx, text).await?.filter(|user| user.role.is_staff()).ok_or_else(no_admin)
}

/// A customer who acts on a ticket of their own.
pub(crate) async fn submitter(
    tx: &mut Tx,
    id: TicketId,
    user: UserId,
    token: TokenId,
) -> Result<Actor, ApiError> {
    require_ticket(tx, id).await?;
    let user = customer(tx, user).await?;
    require_own(tx, id, &user).await?;
    Ok(Actor::person(user, Door::Jaze(token)))
}

/// Refuses a customer whose ticket it is not. `id` may be of a merged ticket: both submitters are right.
pub(crate) async fn require_own(tx: &mut Tx, id: TicketId, user: &User) -> Result<(), ApiError> {
    let named = store::tickets::find(tx, id).await?.ok_or_else(no_ticket)?;
    let survivor = desk::load(tx, id).await?;
    if [named.submitter_id, survivor.submitter_id].contains(&Some(user.id)) {
        return Ok(());
    }
    Err(ApiError::Forbidden(format!("Ticket {id} is not a ticket of user {}", user.id)))
}

pub(crate) async fn require_ticket(tx: &mut Tx, id: TicketId) -> Result<(), ApiError> {
    store::tickets::find(tx, id).await?.map(drop).ok_or_else(no_ticket)
}

pub(crate) fn no_ticket() -> ApiError {
    ApiError::missing("There is no such ticket")
}

pub(crate) fn no_user() -> ApiError {
    ApiError::missing("There is no such user")
}

async fn by_name(tx: &mut Tx, text: &str) -> Result<Option<User>, sqlx::Error> {
    let text = text.trim();
    match store::users::find_by_username(tx, text).await? {
        None if text.contains('@') => store::users::find_by_email(tx, text).await,
        found => Ok(found),
    }
}

fn allowed(user: Option<User>) -> Result<User, ApiError> {
    let user = user.filter(is_customer).ok_or_else(no_user)?;
    match user.disabled_at {
        None => Ok(user),
        Some(_) => Err(ApiError::Forbidden(format!("User {} is disabled", user.id))),
    }
}

fn is_customer(user: &User) -> bool {
    user.role == Role::Customer
}

fn is_agent(user: &User) -> bool {
    authority::standing(user, Proof::Account, Aim::Change) == Standing::Agent
}

fn no_admin() -> ApiError {
    ApiError::missing("There is no such admin")
}
