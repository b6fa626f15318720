//! `raise_ticket`: a customer's new ticket, perhaps one that is only to be on record and is closed at once.

use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::event;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::prepared::Prepared;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::call;
use crate::http::jaze::call::Arguments;
use crate::http::jaze::call::Call;
use crate::http::jaze::call::Change;
use crate::http::jaze::envelope;
use crate::http::jaze::envelope::Failures;
use crate::http::jaze::envelope::Success;
use crate::http::jaze::error::JazeError;
use crate::http::jaze::people;
use crate::http::jaze::values::Digits;
use crate::http::jaze::values::Number;
use crate::http::jaze::values::Said;
use crate::http::jaze::values::Text;
use crate::http::jaze::values::Truth;
use crate::http::jaze::words::Urgency;
use crate::http::once::IdempotencyKey;
use crate::http::write::Write;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::id::UserId;

/// The arguments of `raise_ticket`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RaiseTicket {
    /// Name of a ticket type.
    #[serde(rename = "type")]
    kind: Text,
    /// What it is about, in one line.
    subject: Text,
    /// Number of the customer.
    user_id: Number,
    /// The request itself.
    comments: Said,
    /// How urgent it is; the type's own if not given.
    priority: Option<Urgency>,
    /// `true`: the ticket is closed at once.
    close_ticket_immediately: Option<Truth>,
    /// Required when the ticket is closed at once.
    resolution_type: Option<Text>,
    /// Required when the ticket is closed at once.
    resolution_subject: Option<Text>,
}

/// The arguments, right by themselves.
#[derive(Debug)]
pub(crate) struct Raise {
    ticket: RaiseTicket,
    /// What it is closed with, at once.
    closing: Option<Arc<Prepared>>,
}

/// The answer to `raise_ticket`.
#[derive(Debug, Serialize, ToSchema)]
struct Raised {
    status: Success,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: String,
    #[serde(rename = "ticketId")]
    ticket_id: Digits,
}

impl Arguments for Raise {
    const NAME: &'static str = "raise_ticket";

    fn take(form: &mut Form) -> Result<Self, ApiError> {
        let ticket: RaiseTicket = call::fields(form)?;
        let closing = match ticket.close_ticket_immediately {
            Some(Truth(true)) => Some(ticket.closing()?),
            _ => None,
        };
        Ok(Self { ticket, closing })
    }
}

/// Opens a ticket for a customer.
#[utoipa::path(
    post, path = "/raise_ticket", params(IdempotencyKey), request_body = RaiseTicket,
    responses((status = 200, description = "Done.", body = Raised), Failures)
)]
pub(crate) async fn raise_ticket(call: Call<Raise>) -> Result<Answer, JazeError> {
    call.write().await
}

impl RaiseTicket {
    fn closing(&self) -> Result<Arc<Prepared>, ApiError> {
        let given = |text: &Option<Text>, name: &str| match text {
            Some(text) => Ok(text.0.clone()),
            None => Err(ApiError::Invalid(format!("The argument {name} is missing"))),
        };
        let kind = given(&self.resolution_type, "resolutionType")?;
        let subject = given(&self.resolution_subject, "resolutionSubject")?;
        Ok(Arc::new(Prepared::plain(format!("{}: {subject}", kind.trim()))))
    }
}

impl Write for Change<Raise> {
    /// Opens the ticket in the customer's name. Closed at once, it is told as closed only; and it is the program
    /// that closes it, so the customer hears of it.
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let Raise { ticket: given, closing } = &self.arguments;
        let user = people::vouched_customer(tx, UserId(given.user_id.0), now).await?;
        let kind = desk.directory.kind_by_name(given.kind.0.trim());
        let queue = kind.and_then(|kind| desk.directory.queue(kind.queue_id));
        let (Some(kind), Some(queue)) = (kind, queue) else {
            return Err(ApiError::missing("There is no such ticket type"));
        };
        let actor = Actor::person(user.clone(), Door::Jaze(self.token));
        let request = Request {
            queue,
            type_id: Some(kind.id),
            subject: &given.subject.0,
            submitter: Some(&user),
            owner_id: None,
            priority: given.priority.map(Urgency::priority),
            due_at: None,
            follows: None,
            authentication: Authentication::Api,
            locale: None,
            visibility: Visibility::Public,
            words: Arc::clone(&given.comments.0),
            origin: None,
            no_acknowledgement: None,
        };
        let mut action = open::open(desk, tx, &actor, &request, now).await?;
        if let Some(closing) = closing {
            action.actor = Actor::program(self.token);
            let last = LastWords { words: Arc::clone(closing), origin: None };
            close::close(desk, tx, &mut action, last, now).await?;
        }
        let ticket = event::record(desk, tx, action, now).await?;
        Ok(Raised::answer(ticket.id.0))
    }
}

impl Raised {
    fn answer(id: i64) -> Answer {
        let message = format!(
            "Your ticket with the ID {id} has been raised. Please wait for the response and note the ticket Id \
             for future reference."
        );
        let (status, error_code) = (Success::Success, envelope::OK);
        Answer::json(&Self { status, error_code, message, ticket_id: Digits(id) })
    }
}
