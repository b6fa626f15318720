//! The door for partners: `/agreements/<id>` and `/tickets/<id>` below the sharing base, and attachments.
//!
//! Answers only with codes that the reference client takes without raising. What a request does is decided in
//! `desk::share`.

mod call;
mod error;
mod file;
mod path;
mod visit;

use std::borrow::Cow;

use axum::Router;
use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::MethodRouter;
use axum::routing::get;
use tower::Service;

use crate::http::current::Current;
use crate::http::guard;
use crate::http::guard::Route;
use crate::http::server::Server;
use crate::http::sharing::call::ChangeAgreement;
use crate::http::sharing::call::DeleteTicket;
use crate::http::sharing::call::Invite;
use crate::http::sharing::call::PostTicket;
use crate::http::sharing::call::PutTicket;
use crate::http::sharing::call::ShowAgreement;
use crate::http::sharing::call::ShowTicket;
use crate::http::sharing::error::SharingError;
use crate::sharing::answer::Refusal;

/// What is below the sharing base, in the one way of writing its paths.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    server: Server,
    routes: Router,
}

impl Door {
    pub(crate) fn new(server: &Server) -> Self {
        let agreements = get(call::answer::<ShowAgreement>)
            .post(call::answer::<Invite>)
            .put(call::answer::<ChangeAgreement>);
        let tickets = get(call::answer::<ShowTicket>)
            .post(call::answer::<PostTicket>)
            .put(call::answer::<PutTicket>)
            .delete(call::answer::<DeleteTicket>);
        let files = get(file::serve).fallback(async || refused(Refusal::WrongVerb("GET, HEAD")));
        let routes = Router::new()
            .route("/agreements/{id}", only(agreements, "GET, POST, PUT"))
            .route("/tickets/{id}", only(tickets, "GET, POST, PUT, DELETE"))
            .route("/files/{token}", files.clone())
            // What follows the token is the name under which a browser saves it.
            .route("/files/{token}/{name}", files)
            .fallback(async || refused(Refusal::NotFound));
        let routes = guard::limited::<SharingError>(routes, server).with_state(server.clone());
        Self { server: server.clone(), routes }
    }
}

/// Takes the requests below the sharing base out of the others'.
pub(crate) async fn divert(State(mut door): State<Door>, mut request: Request, next: Next) -> Response {
    let desk = Current::of(request.extensions(), &door.server);
    let Some(path) = path::below(request.uri().path(), &desk.config.sharing.path) else {
        return next.run(request).await;
    };
    let name = if path.starts_with("/files/") { "sharing_file" } else { "sharing" };
    let mut response = match path.parse() {
        Ok(uri) => {
            *request.uri_mut() = uri;
            door.routes.call(request).await.unwrap_or_else(|never| match never {})
        }
        Err(_) => refused(Refusal::NotFound).into_response(),
    };
    response.extensions_mut().insert(Route(Cow::Borrowed(name)));
    response
}

/// Refuses other verbs, HEAD too.
fn only(handlers: MethodRouter<Server>, verbs: &'static str) -> MethodRouter<Server> {
    let wrong = move || async move { refused(Refusal::WrongVerb(verbs)) };
    handlers.head(wrong).fallback(wrong)
}

fn refused(refusal: Refusal) -> SharingError {
    SharingError::Refused(refusal)
}
