//! What stands in front of every handler: the time limit, the catching of panics, and the numbers.

use std::any::Any;
use std::borrow::Cow;
use std::time::Instant;

use axum::Router;
use axum::extract::MatchedPath;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::middleware;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use metrics::counter;
use metrics::histogram;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::server::Server;

/// What a browser is told about every answer: to believe its type, to keep and frame nothing.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

/// The name of a route in the metrics, which must not grow with what stands in a path.
#[derive(Clone, Debug)]
pub(crate) struct Route(pub(crate) Cow<'static, str>);

/// The errors of one API: whatever goes wrong around a handler is told as one of them.
pub(crate) trait Dialect: From<ApiError> + IntoResponse + 'static {}

impl<E: From<ApiError> + IntoResponse + 'static> Dialect for E {}

/// Every route so far ends within the time limit, and its panics are answers, both in the words of `E`.
pub(crate) fn limited<E: Dialect>(router: Router<Server>, server: &Server) -> Router<Server> {
    router
        .layer(CatchPanicLayer::custom(panicked::<E>))
        .layer(middleware::from_fn_with_state(server.clone(), in_time::<E>))
}

/// Every route so far has the headers that a browser is told, unless it has its own, and is counted.
pub(crate) fn measured(router: Router<Server>) -> Router<Server> {
    router.layer(middleware::from_fn(measure))
}

/// What the metrics call those paths of an API that are none of its calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) help: &'static str,
    pub(crate) unknown: &'static str,
}

/// Names the routes of an API that is nested as a service: each call by itself, the first step of its path.
pub(crate) async fn name(State(names): State<Names>, request: Request, next: Next) -> Response {
    let is_known = request.extensions().get::<MatchedPath>().is_some();
    let name = match request.uri().path().split('/').nth(1).unwrap_or_default() {
        "" | "help" => Cow::Borrowed(names.help),
        call if is_known => Cow::Owned(call.to_owned()),
        _ => Cow::Borrowed(names.unknown),
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Route(name));
    response
}

pub(crate) async fn no_such_page() -> ApiError {
    ApiError::missing("there is no such page")
}

pub(crate) async fn wrong_verb() -> ApiError {
    ApiError::Verb("GET, HEAD")
}

async fn in_time<E: Dialect>(Current(desk): Current, request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(desk.config.http.request_timeout, next.run(request)).await;
    answered.unwrap_or_else(|_| E::from(ApiError::Busy).into_response())
}

fn panicked<E: Dialect>(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    E::from(ApiError::Internal).into_response()
}

async fn measure(request: Request, next: Next) -> Response {
    let (began, verb) = (Instant::now(), label(request.method()));
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    let route = response.extensions().get::<Route>().map_or(Cow::Borrowed("other"), |route| route.0.clone());
    let status = response.status().as_u16().to_string();
    let took = began.elapsed();
    tracing::debug!(%route, verb, status, ms = took.as_millis(), "answered a request");
    counter!("helpdeskd_http_requests_total", "route" => route.clone(), "verb" => verb, "status" => status)
        .increment(1);
    histogram!("helpdeskd_http_request_seconds", "route" => route).record(took.as_secs_f64());
    response
}

/// A verb is free text; the metrics must not grow with it.
fn label(verb: &Method) -> &'static str {
    match verb.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    }
}
