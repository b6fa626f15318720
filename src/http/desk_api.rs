//! The Desk API, version 2: everything that an agent or an operator can do, for programs, in JSON.
//!
//! Each resource has a file with its types and handlers. What they have in common is done before a handler runs: who
//! calls, how often, for which scope; and around it: dry runs, repeated calls, and problems.

mod call;
mod caller;
mod directory;
mod document;
mod entries;
mod feed;
mod mails;
mod numbers;
mod page;
mod problem;
pub(crate) mod rate;
mod read;
mod reply;
mod said;
mod shape;
mod ticket_change;
mod ticket_fate;
mod ticket_parts;
mod tickets;
mod users;
mod values;
mod whom;

use axum::Router;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing;
use tower_http::cors::CorsLayer;
use utoipa::OpenApi;

use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::desk_api::caller::Door;
use crate::http::desk_api::problem::Problem;
use crate::http::guard;
use crate::http::guard::Names;
use crate::http::server::Server;
use crate::ticket::scope::Scope;

const MOUNT: &str = "/api/v2";

/// One thing that can be asked of the Desk API.
#[derive(Clone, Copy, Debug)]
struct Operation {
    verb: &'static str,
    path: &'static str,
    scope: Scope,
}

/// Declares every operation once: how it is asked for, which scope it needs, and what does it.
macro_rules! operations {
    ($($verb:ident $path:literal $scope:ident $module:ident::$handler:ident,)*) => {
        /// The operations as the OpenAPI document has them, below where the API is.
        #[derive(Debug, OpenApi)]
        #[openapi(components(schemas(problem::Document<'static>)), paths($($module::$handler),*))]
        struct Operations;

        const OPERATIONS: &[Operation] =
            &[$(Operation { verb: stringify!($verb), path: $path, scope: Scope::$scope }),*];

        fn routes() -> Router<Server> {
            Router::new()$(.route($path, routing::$verb($module::$handler)))*
        }
    };
}

operations! {
    get    "/tickets"       Read   tickets::list,
    post   "/tickets"       Write  tickets::open,
    get    "/tickets/{id}"  Read   tickets::show,
    patch  "/tickets/{id}"  Write  ticket_change::change,
    delete "/tickets/{id}"  Write  tickets::remove,
    get    "/tickets/{id}/entries"          Read   entries::list,
    post   "/tickets/{id}/entries"          Write  entries::say,
    get    "/tickets/{id}/entries/{entry}"  Read   entries::show,
    get    "/tickets/{id}/ccs"              Read   ticket_parts::ccs,
    post   "/tickets/{id}/ccs"              Write  ticket_parts::add_cc,
    delete "/tickets/{id}/ccs/{email}"      Write  ticket_parts::remove_cc,
    get    "/tickets/{id}/tags"             Read   ticket_parts::tags,
    post   "/tickets/{id}/tags"             Write  ticket_parts::add_tag,
    delete "/tickets/{id}/tags/{tag}"       Write  ticket_parts::remove_tag,
    get    "/tickets/{id}/rating"           Read   ticket_parts::ratings,
    post   "/tickets/{id}/rating"           Write  ticket_parts::rate,
    get    "/tickets/{id}/events"           Read   ticket_parts::events,
    get    "/tickets/{id}/deliveries"       Read   ticket_parts::deliveries,
    post   "/tickets/{id}/merge"            Write  ticket_fate::merge,
    post   "/tickets/{id}/split"            Write  ticket_fate::split,
    post   "/tickets/{id}/share"            Write  ticket_fate::share,
    delete "/tickets/{id}/share"            Write  ticket_fate::unshare,
    get    "/events"        Read   feed::follow,
    get    "/stats"         Read   numbers::stats,
    get    "/queues"        Read   directory::queues,
    get    "/types"         Read   directory::types,
    get    "/replies"       Read   directory::replies,
    post   "/replies"       Admin  directory::add,
    get    "/replies/{id}"  Read   directory::reply,
    patch  "/replies/{id}"  Admin  directory::edit,
    delete "/replies/{id}"  Admin  directory::remove,
    get    "/outbox"                   Admin  mails::outbox,
    get    "/outbox/{id}"              Admin  mails::mail,
    post   "/outbox/{id}/retry"        Admin  mails::retry,
    post   "/outbox/{id}/cancel"       Admin  mails::cancel,
    get    "/suppressions"             Admin  mails::suppressions,
    post   "/suppressions"             Admin  mails::suppress,
    get    "/suppressions/{address}"   Admin  mails::suppression,
    delete "/suppressions/{address}"   Admin  mails::lift,
    get    "/tokens"                   Admin  mails::tokens,
    delete "/tokens/{name}"            Admin  mails::revoke,
    get    "/users"              Customers  users::list,
    post   "/users"              Customers  users::add,
    get    "/users/{id}"         Customers  users::show,
    patch  "/users/{id}"         Customers  users::change,
    post   "/users/{id}/erase"   Admin      users::erase,
    get    "/users/{id}/export"  Admin      users::export,
}

/// The scope that an operation needs; none for what is no operation.
fn scope(verb: &Method, path: &str) -> Option<Scope> {
    let path = path.strip_prefix(MOUNT).unwrap_or(path);
    let verb = if verb == Method::HEAD { Method::GET } else { verb.clone() };
    let is_it = |one: &&Operation| one.path == path && verb.as_str().eq_ignore_ascii_case(one.verb);
    OPERATIONS.iter().find(is_it).map(|one| one.scope)
}

/// Everything below `/api/v2`.
pub(crate) fn service(server: &Server) -> Router {
    let door = Door { server: server.clone(), scope };
    let operations = routes()
        .method_not_allowed_fallback(wrong_verb)
        .route_layer(middleware::from_fn_with_state(door, caller::admit))
        .fallback(no_such_resource);
    let scoped = |verb: &str, path: &str| {
        Some(OPERATIONS.iter().find(|one| one.verb == verb && one.path == path)?.scope)
    };
    let document = document::completed(Operations::openapi(), &server.app.desk().config, scoped);
    let (text, page) = (document.to_json().unwrap_or_default(), document::page(&document));
    let operations = operations
        .route("/openapi.json", routing::get(async move || Answer::of(answer::JSON, text.clone())))
        .route("/", routing::get(async move || page.clone()));
    let names = Names { help: "api", unknown: "api/unknown" };
    let limited = guard::limited::<Problem>(operations, server)
        .layer(middleware::from_fn_with_state(names, guard::name));
    let origins = &server.app.desk().config.http.cors_origins;
    let router = if origins.is_empty() { limited } else { limited.layer(cors(origins)) };
    router.with_state(server.clone())
}

/// Lets pages of these origins call from browsers.
fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let names =
        |names: &[&'static str]| names.iter().map(|name| HeaderName::from_static(name)).collect::<Vec<_>>();
    CorsLayer::new()
        .allow_origin(origins.collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers(names(&["authorization", "content-type", "if-match", "idempotency-key", "prefer"]))
        .expose_headers(names(&["etag", "link", "location", "retry-after", "ratelimit", "ratelimit-policy"]))
}

async fn no_such_resource() -> Problem {
    Problem::missing("resource")
}

/// The right ones stand in `Allow`.
async fn wrong_verb() -> Problem {
    Problem::told(StatusCode::METHOD_NOT_ALLOWED, "the resource has no such method")
}
