//! The Jaze Tickets API, version 1: eight calls, answered in a JSON envelope.
//!
//! Path and verb are checked first, then the token, then the arguments.

pub mod args;
pub mod details;
pub mod list;
pub mod operation;
pub mod raise;
pub mod words;
pub mod work;

use axum::extract::Request;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use percent_encoding::percent_decode_str;

use crate::http::Server;
use crate::http::call;
use crate::http::error::ApiError;
use crate::http::error::Dialect;
use crate::http::form;
use crate::http::form::Form;
use crate::http::form::Kinds;
use crate::http::guard::Route;
use crate::http::jaze::details::Details;
use crate::http::jaze::list::List;
use crate::http::jaze::operation::Operation;
use crate::http::jaze::work::Work;
use crate::http::once::Once;
use crate::http::pages;
use crate::http::write;

/// `/api/v1/…`, with any verb.
pub async fn call(State(server): State<Server>, request: Request) -> Response {
    let found = find(request.uri().path());
    let route = found.as_ref().map_or("jaze/unknown", |(operation, _)| operation.name());
    let outcome = match found {
        Some((operation, path)) => answer(&server, operation, path, request).await,
        None => Err(ApiError::missing("There is no such call")),
    };
    let mut response = outcome.unwrap_or_else(|error| Dialect::Jaze.refuse(&error));
    response.extensions_mut().insert(Route(route));
    response
}

async fn answer(
    server: &Server,
    operation: Operation,
    path: Form,
    request: Request,
) -> Result<Response, ApiError> {
    if !operation.allows(request.method().as_str()) {
        return Err(ApiError::Verb(operation.verbs()));
    }
    let origin = call::origin(server, &request);
    let token = match server.credentials.token(&server.app, &origin, request.headers()).await {
        Ok(token) => token,
        Err(error) => {
            call::discard(server, request).await;
            return Err(error);
        }
    };
    let named = name(operation, &path);
    let query = Form::from_query(request.uri().query().unwrap_or_default());
    let mut call = call::receive(server, Kinds::FormsAndJson, request).await?;
    args::require_flat(&call.form, operation.arguments())?;
    match operation {
        Operation::GetTickets => {
            let form = path.or(call.form).or(query?);
            pages::respond(server, List::new(server, &form).await?).await
        }
        Operation::GetTicketDetails => pages::respond(server, Details::new(server, &path).await?).await,
        _ => {
            let account = format!("token:{token}");
            let once = Once::of(&mut call, (&account, &named)).await?;
            let size = call.size();
            let form = path.or(call.form);
            let work = Work::new(operation, token, &form, size)?;
            Ok(write::write(server, work, once).await?.into_response())
        }
    }
}

/// The call that a path names, with the arguments that stand in it. An empty step is an argument that is not
/// given.
fn find(path: &str) -> Option<(Operation, Form)> {
    let below = path.strip_prefix("/api/v1/")?;
    let mut steps = below.strip_suffix('/').unwrap_or(below).split('/');
    let operation = Operation::parse(steps.next()?)?;
    let mut form = Form::default();
    for argument in operation.path() {
        let Some(step) = steps.next() else { break };
        let text = percent_decode_str(step).decode_utf8_lossy();
        if !text.is_empty() {
            form.set(argument.name, form::clean(text.into_owned()));
        }
    }
    steps.next().is_none().then_some((operation, form))
}

/// The path of a call, however it was written: what an `Idempotency-Key` counts for.
fn name(operation: Operation, path: &Form) -> String {
    let steps = operation.path().iter().filter_map(|argument| path.get(argument.name));
    steps.fold(operation.name().to_owned(), |name, step| format!("{name}/{step}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_call_and_its_arguments() {
        let read = |path: &str| {
            let (operation, form) = find(path)?;
            let text = |name: &str| form.get(name).unwrap_or("-").to_owned();
            let named = operation.path().iter().map(|argument| text(argument.name));
            Some(format!("{} {}", operation.name(), named.collect::<Vec<_>>().join(" ")))
        };
        for (path, expected) in [
            ("/api/v1/get_tickets/6", "get_tickets 6 - -"),
            ("/api/v1/get_tickets/0/open/susan%40staff.test/", "get_tickets 0 open susan@staff.test"),
            ("/api/v1/get_tickets/0//susan", "get_tickets 0 - susan"),
            ("/api/v1/get_tickets/", "get_tickets - - -"),
            ("/api/v1/get_tickets/%00/%ff", "get_tickets \u{fffd} \u{fffd} -"),
            ("/api/v1/close_ticket/7", "close_ticket 7"),
            ("/api/v1/raise_ticket/", "raise_ticket "),
        ] {
            assert_eq!(read(path), Some(expected.to_owned()), "{path}");
        }
        for wrong in [
            "/api/v1/",
            "/api/v1",
            "/api/v1/nothing",
            "/api/v1/raise_ticket/5",
            "/api/v1/get_tickets/1/2/3/4",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
