//! The door for partners: `/agreements/<id>` and `/tickets/<id>` below the sharing base, and attachments.
//!
//! Answers only with codes that the reference client takes without raising. What a request does is decided in
//! `desk::share`.

mod call;
mod file;
mod path;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;

use crate::http::error::ApiError;
use crate::http::guard::Route;
use crate::http::server::Server;
use crate::http::sharing::path::Place;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;

/// When to try again after trouble of our own.
const SOON: Duration = Duration::from_secs(2);
const LATER: Duration = Duration::from_mins(1);

/// Takes the requests below the sharing base out of the others'.
pub(crate) async fn divert(State(server): State<Server>, request: Request, next: Next) -> Response {
    let base = &server.app.desk.config.sharing.path;
    let Some(place) = path::place(request.uri().path(), base) else { return next.run(request).await };
    let is_file = matches!(place, Place::File(_));
    let work = AssertUnwindSafe(handle(&server, place, request)).catch_unwind();
    let mut response = work.await.unwrap_or_else(|_| {
        tracing::error!("the handler of a partner's request panicked");
        respond(&Refusal::Busy(LATER).into())
    });
    response.extensions_mut().insert(Route(if is_file { "sharing_file" } else { "sharing" }));
    response
}

async fn handle(server: &Server, place: Place, request: Request) -> Response {
    match place {
        Place::File(token) => file::serve(server, &token, request.method()).await,
        Place::Nowhere => respond(&Refusal::NotFound.into()),
        Place::Resource(resource, id) => {
            let outcome = call::answer(server, resource, &id, request).await;
            respond(&outcome.unwrap_or_else(Answer::from))
        }
    }
}

/// The answer as HTTP. Its length is always told: some clients take an end without one for an attack.
fn respond(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body()));
    *response.status_mut() = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    for (name, value) in answer.headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Trouble of our own, and bodies that did not arrive, in the protocol's words.
fn refusal(error: ApiError) -> Refusal {
    match error {
        ApiError::TooLarge => Refusal::invalid("the body is too large"),
        ApiError::Invalid(text) => Refusal::Invalid(text),
        ApiError::Internal => Refusal::Busy(LATER),
        _ => Refusal::Busy(SOON),
    }
}
