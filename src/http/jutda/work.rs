//! The methods that change a ticket.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::assign;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::delete;
use crate::desk::event;
use crate::desk::prepared::Prepared;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::number;
use crate::http::jutda::call::Arguments;
use crate::http::jutda::call::Call;
use crate::http::jutda::call::Change;
use crate::http::jutda::call::Failures;
use crate::http::jutda::call::Fine;
use crate::http::jutda::call::Missing;
use crate::http::jutda::error::JutdaError;
use crate::http::once::IdempotencyKey;
use crate::http::words;
use crate::http::write::Write;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::entry::Visibility;
use crate::ticket::id::TicketId;

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DeleteTicket {
    /// Number of the ticket.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    ticket: Option<String>,
    /// Any value: the ticket is deleted with all that it holds.
    #[schema(value_type = String, required, max_length = 100, pattern = r"\S")]
    confirm: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct HoldTicket {
    /// Number of the ticket.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    ticket: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct UnholdTicket {
    /// Number of the ticket.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    ticket: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AddFollowup {
    /// Number of the ticket.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    ticket: Option<String>,
    /// What is said; plain text, or HTML.
    #[schema(value_type = String, required, pattern = r"\S")]
    message: Option<String>,
    /// `y`: everybody involved is told; `n`, or not given: agents only.
    #[schema(value_type = Public, required = false)]
    public: Option<String>,
    /// The message, made ready before the transaction, because HTML takes its time.
    #[serde(skip)]
    said: Arc<Prepared>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
enum Public {
    Y,
    N,
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Resolve {
    /// Number of the ticket.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    ticket: Option<String>,
    /// The answer for everybody involved; plain text, or HTML.
    #[schema(value_type = String, required, pattern = r"\S")]
    resolution: Option<String>,
    /// The resolution, made ready before the transaction, because HTML takes its time.
    #[serde(skip)]
    said: Arc<Prepared>,
}

/// The struct of arguments that a method has.
macro_rules! methods {
    ($($arguments:ident: $name:literal)*) => {$(
        impl Arguments for $arguments {
            const WRITES: Option<&'static str> = Some($name);
        }
    )*};
}

methods! {
    DeleteTicket: "delete_ticket"
    HoldTicket: "hold_ticket"
    UnholdTicket: "unhold_ticket"
    AddFollowup: "add_followup"
    Resolve: "resolve"
}

/// Deletes a ticket with everything that belongs to it.
#[utoipa::path(
    post, path = "/delete_ticket/", params(IdempotencyKey), request_body = DeleteTicket,
    responses(Fine, Failures, Missing)
)]
pub(crate) async fn delete_ticket(call: Call<DeleteTicket>) -> Result<Answer, JutdaError> {
    call.write().await
}

/// Puts a ticket on hold: it is not escalated.
#[utoipa::path(
    post, path = "/hold_ticket/", params(IdempotencyKey), request_body = HoldTicket,
    responses(Fine, Failures, Missing)
)]
pub(crate) async fn hold_ticket(call: Call<HoldTicket>) -> Result<Answer, JutdaError> {
    call.write().await
}

/// Takes a ticket off hold.
#[utoipa::path(
    post, path = "/unhold_ticket/", params(IdempotencyKey), request_body = UnholdTicket,
    responses(Fine, Failures, Missing)
)]
pub(crate) async fn unhold_ticket(call: Call<UnholdTicket>) -> Result<Answer, JutdaError> {
    call.write().await
}

/// Adds a comment to a ticket.
#[utoipa::path(
    post, path = "/add_followup/", params(IdempotencyKey), request_body = AddFollowup,
    responses(Fine, Failures, Missing)
)]
pub(crate) async fn add_followup(mut call: Call<AddFollowup>) -> Result<Answer, JutdaError> {
    call.arguments.said = words::formatted(call.arguments.message.take().unwrap_or_default()).await.into();
    call.write().await
}

/// Resolves a ticket, with an answer for everybody involved.
#[utoipa::path(
    post, path = "/resolve/", params(IdempotencyKey), request_body = Resolve,
    responses(Fine, Failures, Missing)
)]
pub(crate) async fn resolve(mut call: Call<Resolve>) -> Result<Answer, JutdaError> {
    call.arguments.said = words::formatted(call.arguments.resolution.take().unwrap_or_default()).await.into();
    call.write().await
}

impl Write for Change<DeleteTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        if self.arguments.confirm.as_deref().is_none_or(str::is_empty) {
            return Err(ApiError::invalid("No confirmation provided"));
        }
        let id = named(self.arguments.ticket.as_deref())?;
        delete::delete(desk, tx, &self.actor, id, now).await.map(done).map_err(failed)
    }
}

impl Write for Change<HoldTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let act = async |tx: &mut Tx, action: &mut Action| assign::hold(desk, tx, action, now).await;
        let id = named(self.arguments.ticket.as_deref())?;
        event::act(desk, tx, &self.actor, id, act, now).await.map(done).map_err(failed)
    }
}

impl Write for Change<UnholdTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let act = async |tx: &mut Tx, action: &mut Action| assign::unhold(desk, tx, action, now).await;
        let id = named(self.arguments.ticket.as_deref())?;
        event::act(desk, tx, &self.actor, id, act, now).await.map(done).map_err(failed)
    }
}

impl Write for Change<AddFollowup> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let id = named(self.arguments.ticket.as_deref())?;
        let said = match self.arguments.said() {
            Ok(said) => said,
            Err(error) => return Err(existing(tx, id).await.err().unwrap_or(error)),
        };
        let act =
            async |tx: &mut Tx, action: &mut Action| comment::comment(desk, tx, action, said, now).await;
        event::act(desk, tx, &self.actor, id, act, now).await.map(done).map_err(failed)
    }
}

impl Write for Change<Resolve> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let id = named(self.arguments.ticket.as_deref())?;
        let words = match not_blank(&self.arguments.said, "Blank resolution") {
            Ok(words) => words,
            Err(error) => return Err(existing(tx, id).await.err().unwrap_or(error)),
        };
        let last = LastWords { words, origin: None };
        let act = async |tx: &mut Tx, action: &mut Action| close::resolve(desk, tx, action, last, now).await;
        event::act(desk, tx, &self.actor, id, act, now).await.map(done).map_err(failed)
    }
}

impl AddFollowup {
    fn said(&self) -> Result<Said, ApiError> {
        let visibility = match self.public.as_deref() {
            None | Some("n") => Visibility::Private,
            Some("y") => Visibility::Public,
            Some(_) => return Err(ApiError::invalid("Invalid 'public' flag")),
        };
        Ok(Said::of(visibility, not_blank(&self.said, "Blank message")?))
    }
}

fn done<T>(_: T) -> Answer {
    Answer::text("OK")
}

/// The ticket that is meant; whether there is one is seen when it is read.
fn named(text: Option<&str>) -> Result<TicketId, ApiError> {
    text.and_then(number).map(TicketId).ok_or_else(unknown)
}

/// That the ticket is not there comes before what is wrong with the other arguments.
async fn existing(tx: &mut Tx, id: TicketId) -> Result<(), ApiError> {
    store::tickets::find(tx, id).await?.map(drop).ok_or_else(unknown)
}

fn failed(error: DeskError) -> ApiError {
    match error {
        DeskError::Ticket(TicketError::Unknown(_)) => unknown(),
        error => error.into(),
    }
}

fn unknown() -> ApiError {
    ApiError::missing("Invalid ticket ID")
}

fn not_blank(said: &Arc<Prepared>, otherwise: &str) -> Result<Arc<Prepared>, ApiError> {
    if said.text.trim().is_empty() { Err(ApiError::invalid(otherwise)) } else { Ok(Arc::clone(said)) }
}
