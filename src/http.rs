//! The HTTP server: its routes, and what stands in front of every one of them.
//!
//! Decides nothing about tickets: it reads requests, asks `desk`, and words the answer as the API's contract
//! has it.

mod answer;
mod arguments;
mod body;
mod call;
mod client;
mod credentials;
mod current;
mod desk_api;
mod error;
mod form;
mod gate;
mod guard;
mod health;
mod jaze;
mod jutda;
mod once;
mod openapi;
mod pages;
mod patient;
mod places;
pub mod serve;
mod server;
mod sharing;
mod throttle;
pub mod tidy;
mod unsubscribe;
mod words;
mod write;

pub use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;

use crate::desk::app::App;
use crate::http::error::ApiError;
pub use crate::http::server::Render;
use crate::http::server::Server;

/// All routes; to be run by [`serve::serve`], which knows each request's peer. `render` gives the metrics in
/// Prometheus' text format.
pub fn router(app: App, render: Render) -> Router {
    let desk = app.desk();
    let server = Server::new(app, render, openapi::document(&desk.config));
    let jutda = format!("{}/api", desk.config.http.jutda_mount);
    let pages = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(health::document))
        .route("/unsubscribe/{token}", unsubscribe::route());
    let pages = if desk.config.http.metrics_listen.is_none() { pages.merge(numbers()) } else { pages };
    let pages = pages.fallback(guard::no_such_page).method_not_allowed_fallback(guard::wrong_verb);
    let all = guard::limited::<ApiError>(pages, &server)
        .nest_service("/api/v1", jaze::service(&server))
        .nest_service("/api/v2", desk_api::service(&server))
        .nest_service(&jutda, jutda::service(&server))
        // Bodies are limited where they are read, so that each API can say so in its own words.
        .layer(DefaultBodyLimit::disable())
        // Not by routes: partners write one path in many ways, and every answer must be one that they take.
        .layer(middleware::from_fn_with_state(sharing::Door::new(&server), sharing::divert))
        .layer(middleware::from_fn_with_state(server.clone(), current::mark));
    guard::measured(all).with_state(server)
}

/// `/metrics` alone, for a server of its own.
pub(crate) fn metrics_router(app: App, render: Render) -> Router {
    let server = Server::new(app, render, String::new());
    guard::limited::<ApiError>(numbers(), &server).with_state(server)
}

fn numbers() -> Router<Server> {
    Router::new().route("/metrics", get(health::metrics))
}
