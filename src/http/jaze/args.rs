//! Arguments of the Jaze Tickets API, each refusal naming the one that is wrong; and the people they name.

use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::number;
use crate::http::spec::Argument;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

/// An argument that is there and not blank.
pub(crate) fn optional<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).filter(|text| !text.trim().is_empty())
}

pub(crate) fn required<'f>(form: &'f Form, name: &str) -> Result<&'f str, ApiError> {
    optional(form, name).ok_or_else(|| missing(name))
}

/// Refuses a list or an object where an argument should be: left out in silence, a filter would filter nothing.
pub(crate) fn require_flat(form: &Form, arguments: &[Argument]) -> Result<(), ApiError> {
    match arguments.iter().find(|argument| form.is_nested(argument.name)) {
        Some(argument) => {
            Err(ApiError::Invalid(format!("The argument {} must be a text or a number", argument.name)))
        }
        None => Ok(()),
    }
}

pub(crate) fn missing(name: &str) -> ApiError {
    ApiError::Invalid(format!("The argument {name} is missing"))
}

/// One of `words`, as it is written there.
pub(crate) fn word(
    form: &Form,
    name: &str,
    words: &'static [&'static str],
) -> Result<&'static str, ApiError> {
    let text = required(form, name)?.trim();
    let found = words.iter().find(|word| **word == text);
    found
        .copied()
        .ok_or_else(|| ApiError::Invalid(format!("The argument {name} must be one of: {}", words.join(", "))))
}

pub(crate) fn ticket(form: &Form) -> Result<TicketId, ApiError> {
    numeric("ticketId", required(form, "ticketId")?).map(TicketId)
}

pub(crate) fn user(form: &Form) -> Result<UserId, ApiError> {
    numeric("userId", required(form, "userId")?).map(UserId)
}

pub(crate) fn numeric(name: &str, text: &str) -> Result<i64, ApiError> {
    number(text).ok_or_else(|| ApiError::Invalid(format!("The argument {name} must be a number")))
}

/// A customer by number, who may act now.
pub(crate) async fn customer(tx: &mut Tx, id: UserId) -> Result<User, ApiError> {
    allowed(store::users::find(tx, id).await?)
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

fn is_agent(user: &User) -> bool {
    authority::standing(user, Proof::Account, Act::Change) == Standing::Agent
}

/// An agent by user name or address, also one who may not act any more.
pub(crate) async fn admin(tx: &mut Tx, text: &str) -> Result<User, ApiError> {
    by_name(tx, text).await?.filter(|user| user.role.is_staff()).ok_or_else(no_admin)
}

/// Refuses a customer whose ticket it is not. `id` may be of a merged ticket: both submitters are right.
pub(crate) async fn require_own(tx: &mut Tx, id: TicketId, user: &User) -> Result<(), ApiError> {
    let named = store::tickets::find(tx, id).await?.ok_or_else(no_ticket)?;
    let survivor = crate::desk::load(tx, id).await?;
    if [named.submitter_id, survivor.submitter_id].contains(&Some(user.id)) {
        return Ok(());
    }
    Err(ApiError::Forbidden(format!("Ticket {id} is not a ticket of user {}", user.id)))
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

fn no_admin() -> ApiError {
    ApiError::missing("There is no such admin")
}
