//! What an operator looks after: `/outbox`, `/suppressions` and `/tokens`.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::suppress;
use crate::desk::token;
use crate::email::Email;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::ticket_parts::DeliveryShape;
use crate::http::desk_api::values::Moment;
use crate::http::once::IdempotencyKey;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::store::suppressions::Suppression;
use crate::ticket::id::OutboxId;
use crate::ticket::scope::Scopes;

/// Most mails of one answer, and suppressed addresses.
const MOST: i64 = 1000;

/// An address that is not written to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suppression)]
pub(crate) struct SuppressionShape {
    address: String,
    /// `address`, `mailbox-full`, `policy`, or `manual` for what a person decided.
    reason: String,
    detail: String,
    created_at: Moment,
    /// None: until somebody lifts it.
    expires_at: Option<Moment>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct NewSuppression {
    address: String,
    /// Why, for those who look later.
    #[serde(default)]
    reason: String,
    /// For so many days; until it is lifted if not given.
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u64>,
}

/// A token, without its key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenShape {
    id: i64,
    name: String,
    /// `valid`, `disabled`, `expired` or `revoked`.
    state: &'static str,
    /// None: it is for the Jaze Tickets API.
    scopes: Option<Vec<&'static str>>,
    /// In whose name it acts; none: in its own.
    user_id: Option<i64>,
    created_at: Moment,
    used_at: Option<Moment>,
    expires_at: Option<Moment>,
}

/// Lists the mails that are not sent yet or whose fate is unknown, the oldest first; the first thousand of them.
#[utoipa::path(get, path = "/outbox", responses(
    (status = 200, description = "Such mails.", body = Page<DeliveryShape>), Problems))]
pub(crate) async fn outbox(look: Look) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let rows = store::outbox::list_unsettled(&mut tx, MOST).await?;
    Ok(Reply::of(&Page::whole(rows.into_iter().map(DeliveryShape::of).collect())))
}

/// Gives one mail of the desk.
#[utoipa::path(get, path = "/outbox/{id}", params(("id" = i64, Path)), responses(
    (status = 200, description = "The mail.", body = DeliveryShape), Problems))]
pub(crate) async fn mail(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let row = store::outbox::find(&mut tx, OutboxId(id)).await?.ok_or_else(|| Problem::missing("mail"))?;
    Ok(Reply::one(&DeliveryShape::of(row)))
}

/// Sends once more what is not sent.
#[utoipa::path(post, path = "/outbox/{id}/retry", params(("id" = i64, Path), DryRun, IdempotencyKey), responses(
    (status = 200, description = "The mail.", body = DeliveryShape), Problems))]
pub(crate) async fn retry(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Upkeep::Retry(OutboxId(id))).await
}

/// Never sends what is not sent yet.
#[utoipa::path(post, path = "/outbox/{id}/cancel", params(("id" = i64, Path), DryRun, IdempotencyKey), responses(
    (status = 200, description = "The mail.", body = DeliveryShape), Problems))]
pub(crate) async fn cancel(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Upkeep::Cancel(OutboxId(id))).await
}

/// Lists the addresses that are not written to; the first thousand of them.
#[utoipa::path(get, path = "/suppressions", responses(
    (status = 200, description = "Such addresses.", body = Page<SuppressionShape>), Problems))]
pub(crate) async fn suppressions(look: Look) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let rows = store::suppressions::list(&mut tx, "", look.now(), MOST).await?;
    Ok(Reply::of(&Page::whole(rows.into_iter().map(SuppressionShape::of).collect())))
}

/// Gives one address that is not written to.
#[utoipa::path(get, path = "/suppressions/{address}", params(("address" = String, Path)), responses(
    (status = 200, description = "The address.", body = SuppressionShape), Problems))]
pub(crate) async fn suppression(look: Look, Steps(address): Steps<String>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let row = store::suppressions::find(&mut tx, &Email::key_of(&address), look.now()).await?;
    Ok(Reply::one(&SuppressionShape::of(row.ok_or_else(|| Problem::missing("suppression"))?)))
}

/// Writes to an address no more.
#[utoipa::path(post, path = "/suppressions", params(DryRun, IdempotencyKey), request_body = NewSuppression,
    responses((status = 201, description = "It is not written to.", body = SuppressionShape), Problems))]
pub(crate) async fn suppress(call: Call<NewSuppression>) -> Result<Reply, Problem> {
    if !(1..=3650).contains(&call.body.days.unwrap_or(1)) {
        return Err(Problem::field("days", "must be from 1 to 3650"));
    }
    let new = call.body.clone();
    call.change(Upkeep::Suppress(new)).await
}

/// Writes to an address again.
#[utoipa::path(delete, path = "/suppressions/{address}", params(("address" = String, Path), DryRun), responses(
    (status = 204, description = "It is written to again."), Problems))]
pub(crate) async fn lift(Steps(address): Steps<String>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Upkeep::Lift(address)).await
}

/// Lists the tokens, revoked ones too.
#[utoipa::path(get, path = "/tokens", responses(
    (status = 200, description = "All of them.", body = Page<TokenShape>), Problems))]
pub(crate) async fn tokens(look: Look) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let rows = token::list(&mut tx).await?;
    let shapes = rows.into_iter().map(|row| TokenShape::of(row, look.now()));
    Ok(Reply::of(&Page::whole(shapes.collect())))
}

/// Ends a token at once.
#[utoipa::path(delete, path = "/tokens/{name}", params(("name" = String, Path), DryRun), responses(
    (status = 204, description = "Nobody can call with it any more."), Problems))]
pub(crate) async fn revoke(Steps(name): Steps<String>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Upkeep::Revoke(name)).await
}

#[derive(Debug)]
enum Upkeep {
    Retry(OutboxId),
    Cancel(OutboxId),
    Suppress(NewSuppression),
    Lift(String),
    Revoke(String),
}

impl Change for Upkeep {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Retry(id) => {
                let done = store::outbox::retry(on.tx, *id, on.now).await?;
                settled(on, *id, done).await
            }
            Self::Cancel(id) => {
                let done = store::outbox::cancel(on.tx, *id, on.now).await?;
                settled(on, *id, done).await
            }
            Self::Suppress(NewSuppression { address, reason, days }) => {
                let rest = days.map(|days| Duration::from_hours(24 * days));
                suppress::add(on.tx, (address, reason), rest, on.now).await?;
                let row = store::suppressions::find(on.tx, &Email::key_of(address), on.now).await?;
                let shape = SuppressionShape::of(row.ok_or_else(|| Problem::missing("suppression"))?);
                Ok(Reply::created(&format!("/suppressions/{}", shape.address), &shape))
            }
            Self::Lift(address) => {
                let is_lifted = suppress::remove(on.tx, address).await?;
                is_lifted.then(Reply::nothing).ok_or_else(|| Problem::missing("suppression"))
            }
            Self::Revoke(name) => {
                let all = token::list(on.tx).await?;
                if !all.iter().any(|one| one.is_valid() && (one.name == *name || one.token == *name)) {
                    return Err(Problem::missing("token"));
                }
                token::revoke(on.tx, name, on.now).await?;
                Ok(Reply::nothing())
            }
        }
    }
}

/// The mail that something was to be done with, unless it was too late for that.
async fn settled(on: &mut Work<'_>, id: OutboxId, done: bool) -> Result<Reply, Problem> {
    let row = store::outbox::find(on.tx, id).await?.ok_or_else(|| Problem::missing("mail"))?;
    if done {
        Ok(Reply::one(&DeliveryShape::of(row)))
    } else {
        Err(Problem::conflict(format!("the mail is {}", row.state.as_str())))
    }
}

impl SuppressionShape {
    fn of(row: Suppression) -> Self {
        Self {
            address: row.address,
            reason: row.reason,
            detail: row.detail,
            created_at: Moment(row.created_at),
            expires_at: row.expires_at.map(Moment),
        }
    }
}

impl TokenShape {
    fn of(row: ApiToken, now: Timestamp) -> Self {
        let words = |scopes: Scopes| scopes.all().iter().map(|scope| scope.as_str()).collect();
        Self {
            id: row.id.0,
            state: row.state(now),
            scopes: row.scopes.map(words),
            user_id: row.user_id.map(|id| id.0),
            created_at: Moment(row.created_at),
            used_at: row.used_at.map(Moment),
            expires_at: row.expires_at.map(Moment),
            name: row.name,
        }
    }
}
