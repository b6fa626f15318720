//! The Jaze Tickets API, version 1: eight calls, answered in a JSON envelope.
//!
//! Path and verb are checked first, then the token, then the arguments.

mod call;
mod details;
mod envelope;
mod error;
mod list;
mod people;
mod raise;
mod values;
mod words;
mod work;

use axum::Router;
use axum::middleware;
use axum::routing::MethodRouter;
use axum::routing::any;
use utoipa::OpenApi;

use crate::http::guard;
use crate::http::guard::Names;
use crate::http::jaze::call::Arguments;
use crate::http::jaze::call::Effect;
use crate::http::jaze::details::GetDetails;
use crate::http::jaze::envelope::Failure;
use crate::http::jaze::error::JazeError;
use crate::http::jaze::list::GetTickets;
use crate::http::jaze::raise::Raise;
use crate::http::jaze::words::StateFilter;
use crate::http::jaze::work::AssignTicket;
use crate::http::jaze::work::CloseTicket;
use crate::http::jaze::work::RateTicket;
use crate::http::jaze::work::ReopenTicket;
use crate::http::jaze::work::SendMessage;
use crate::http::server::Server;

/// The calls as the OpenAPI document has them, below where the API is.
#[derive(Debug, OpenApi)]
#[openapi(
    components(schemas(Failure, StateFilter)),
    paths(
        raise::raise_ticket,
        list::get_tickets,
        list::filter_tickets,
        work::send_message,
        details::get_ticket_details,
        work::close_ticket,
        work::assign_ticket_to_admin,
        work::reopen_ticket,
        work::ticket_rating,
    )
)]
pub(crate) struct Document;

/// Everything below `/api/v1`.
pub(crate) fn service(server: &Server) -> Router {
    let calls = Router::new()
        .merge(at::<Raise>(other::<Raise>().post(raise::raise_ticket)))
        .merge(at::<GetTickets>(other::<GetTickets>().get(list::get_tickets).post(list::filter_tickets)))
        .merge(at::<SendMessage>(other::<SendMessage>().post(work::send_message)))
        .merge(at::<GetDetails>(other::<GetDetails>().get(details::get_ticket_details)))
        .merge(at::<CloseTicket>(other::<CloseTicket>().get(work::close_ticket).post(work::close_ticket)))
        .merge(at::<AssignTicket>(other::<AssignTicket>().post(work::assign_ticket_to_admin)))
        .merge(at::<ReopenTicket>(other::<ReopenTicket>().post(work::reopen_ticket)))
        .merge(at::<RateTicket>(other::<RateTicket>().post(work::ticket_rating)))
        .fallback(no_such_call);
    let names = Names { help: "jaze/unknown", unknown: "jaze/unknown" };
    guard::limited::<JazeError>(calls, server)
        .layer(middleware::from_fn_with_state(names, guard::name))
        .with_state(server.clone())
}

/// A call at its path, with the final slash or without it, and with the arguments that stand behind it.
fn at<T: Arguments + 'static>(handlers: MethodRouter<Server>) -> Router<Server> {
    let name = T::NAME;
    let router = Router::new()
        .route(&format!("/{name}"), handlers.clone())
        .route(&format!("/{name}/"), handlers.clone());
    if T::STEPS.is_empty() { router } else { router.route(&format!("/{name}/{{*steps}}"), handlers) }
}

/// All verbs that the call does not have. HEAD where it writes: asking about a call must not make it.
fn other<T: Arguments + 'static>() -> MethodRouter<Server> {
    let wrong = any(call::wrong_verb::<T>);
    if T::EFFECT == Effect::Reads { wrong } else { wrong.head(call::wrong_verb::<T>) }
}

async fn no_such_call() -> JazeError {
    call::no_such_call().into()
}
