//! The calls of the Jaze Tickets API that change a ticket.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::assign;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::event;
use crate::desk::prepared::Prepared;
use crate::desk::rate;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::call;
use crate::http::jaze::call::Arguments;
use crate::http::jaze::call::Call;
use crate::http::jaze::call::Change;
use crate::http::jaze::envelope::Done;
use crate::http::jaze::envelope::Failures;
use crate::http::jaze::error::JazeError;
use crate::http::jaze::people;
use crate::http::jaze::values::Number;
use crate::http::jaze::values::Rating;
use crate::http::jaze::values::Said;
use crate::http::jaze::values::Text;
use crate::http::jaze::values::Truth;
use crate::http::jaze::words::Sender;
use crate::http::once::IdempotencyKey;
use crate::http::write::Write;
use crate::store::db::Tx;
use crate::ticket::entry::Visibility;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendMessage {
    /// Number of the ticket.
    ticket_id: Number,
    /// What is said.
    ticket_message: Said,
    /// Who says it.
    sender: Sender,
    /// Number or user name of the sender.
    #[serde(rename = "sender_name")]
    sender_name: Text,
    /// `false`: for agents only.
    show_to_user: Truth,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct CloseTicket {
    /// Number of the ticket.
    ticket_id: Number,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignTicket {
    /// Number of the ticket.
    ticket_id: Number,
    /// User name or address of the new owner.
    admin: Text,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReopenTicket {
    /// Number of the ticket.
    ticket_id: Number,
    /// Number of the customer.
    user_id: Number,
    /// Why.
    comments: Said,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateTicket {
    /// Number of the ticket.
    ticket_id: Number,
    /// Number of the customer.
    user_id: Number,
    /// From 1 to 5.
    rating_value: Rating,
}

/// Adds a message of a customer or an agent to a ticket.
#[utoipa::path(
    post, path = "/send_message", params(IdempotencyKey), request_body = SendMessage,
    responses((status = 200, description = "Done.", body = Done), Failures)
)]
pub(crate) async fn send_message(call: Call<SendMessage>) -> Result<Answer, JazeError> {
    call.write().await
}

/// Closes a ticket; a closed one stays closed.
#[utoipa::path(
    method(get, post), path = "/close_ticket/{ticketId}", params(CloseTicket, IdempotencyKey),
    responses((status = 200, description = "Done.", body = Done), Failures)
)]
pub(crate) async fn close_ticket(call: Call<CloseTicket>) -> Result<Answer, JazeError> {
    call.write().await
}

/// Gives a ticket to an agent.
#[utoipa::path(
    post, path = "/assign_ticket_to_admin", params(IdempotencyKey), request_body = AssignTicket,
    responses((status = 200, description = "Done.", body = Done), Failures)
)]
pub(crate) async fn assign_ticket_to_admin(call: Call<AssignTicket>) -> Result<Answer, JazeError> {
    call.write().await
}

/// Opens a closed ticket again, for the customer whose it is.
#[utoipa::path(
    post, path = "/reopen_ticket", params(IdempotencyKey), request_body = ReopenTicket,
    responses((status = 200, description = "Done.", body = Done), Failures)
)]
pub(crate) async fn reopen_ticket(call: Call<ReopenTicket>) -> Result<Answer, JazeError> {
    call.write().await
}

/// Keeps a customer's rating of a ticket, in place of an earlier one.
#[utoipa::path(
    post, path = "/ticket_rating", params(IdempotencyKey), request_body = RateTicket,
    responses((status = 200, description = "Done.", body = Done), Failures)
)]
pub(crate) async fn ticket_rating(call: Call<RateTicket>) -> Result<Answer, JazeError> {
    call.write().await
}

/// The plain struct of arguments that a call has, by the name of the call.
macro_rules! calls {
    ($($arguments:ident: $name:literal)*) => {$(
        impl Arguments for $arguments {
            const NAME: &'static str = $name;

            fn take(form: &mut Form) -> Result<Self, ApiError> {
                call::fields(form)
            }
        }
    )*};
}

calls! {
    SendMessage: "send_message"
    AssignTicket: "assign_ticket_to_admin"
    ReopenTicket: "reopen_ticket"
    RateTicket: "ticket_rating"
}

impl Arguments for CloseTicket {
    const NAME: &'static str = "close_ticket";
    const VERBS: &'static str = "GET, POST";
    const STEPS: &'static [&'static str] = &["ticketId"];

    fn take(form: &mut Form) -> Result<Self, ApiError> {
        call::fields(form)
    }
}

impl Write for Change<SendMessage> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let given = &self.arguments;
        let id = TicketId(given.ticket_id.0);
        people::require_ticket(tx, id).await?;
        let (user, by) = match given.sender {
            Sender::Admin => (people::named_admin(tx, &given.sender_name.0).await?, "admin"),
            Sender::User => {
                let user = people::named_customer(tx, &given.sender_name.0).await?;
                people::require_own(tx, id, &user).await?;
                (user, "user")
            }
        };
        let visibility = if given.show_to_user.0 { Visibility::Public } else { Visibility::Private };
        let actor = Actor::person(user, Door::Jaze(self.token));
        let said = comment::Said::of(visibility, Arc::clone(&given.ticket_message.0));
        let act =
            async |tx: &mut Tx, action: &mut Action| comment::comment(desk, tx, action, said, now).await;
        event::act(desk, tx, &actor, id, act, now).await?;
        Ok(Done::answer(format!("The message has been sent to the {by}")))
    }
}

impl Write for Change<CloseTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let id = TicketId(self.arguments.ticket_id.0);
        people::require_ticket(tx, id).await?;
        let program = Actor::program(self.token);
        let last = LastWords::new(Prepared::default());
        let act = async |tx: &mut Tx, action: &mut Action| close::close(desk, tx, action, last, now).await;
        event::act(desk, tx, &program, id, act, now).await?;
        Ok(Done::answer("The ticket has been closed"))
    }
}

impl Write for Change<AssignTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let id = TicketId(self.arguments.ticket_id.0);
        people::require_ticket(tx, id).await?;
        let owner = people::named_admin(tx, &self.arguments.admin.0).await?;
        let program = Actor::program(self.token);
        let act = async |_: &mut Tx, action: &mut Action| assign::assign(action, Some(&owner));
        event::act(desk, tx, &program, id, act, now).await?;
        Ok(Done::answer("Admin assigned to the ticket successfully"))
    }
}

impl Write for Change<ReopenTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let given = &self.arguments;
        let (id, user) = (TicketId(given.ticket_id.0), UserId(given.user_id.0));
        let actor = people::submitter(tx, id, user, self.token).await?;
        let last = LastWords { words: Arc::clone(&given.comments.0), origin: None };
        let act = async |tx: &mut Tx, action: &mut Action| close::reopen(desk, tx, action, last, now).await;
        event::act(desk, tx, &actor, id, act, now).await?;
        Ok(Done::answer("Ticket has been reopened successfully"))
    }
}

impl Write for Change<RateTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let given = &self.arguments;
        let (id, user) = (TicketId(given.ticket_id.0), UserId(given.user_id.0));
        let actor = people::submitter(tx, id, user, self.token).await?;
        let rating = given.rating_value.number();
        let given = rate::Given { user_id: user, value: rating, entry_id: None };
        let act = async |tx: &mut Tx, action: &mut Action| rate::rate(tx, action, given, now).await;
        event::act(desk, tx, &actor, id, act, now).await?;
        Ok(Done::answer(format!(
            "Thanks for your feedback, your rating has been saved for the ticket ID{id}"
        )))
    }
}
