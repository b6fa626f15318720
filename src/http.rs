//! The HTTP server: its routes, and what stands in front of every one of them.
//!
//! Decides nothing about tickets: it reads requests, asks `desk`, and words the answer as the API's contract
//! has it.

pub mod answer;
pub mod body;
pub mod call;
pub mod client;
pub mod credentials;
pub mod error;
pub mod form;
pub mod guard;
pub mod health;
pub mod jaze;
pub mod jutda;
pub mod once;
pub mod openapi;
pub mod pages;
pub mod patient;
pub mod places;
pub mod serve;
pub mod sharing;
pub mod spec;
pub mod throttle;
pub mod tidy;
pub mod unsubscribe;
pub mod words;
pub mod write;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::any;
use axum::routing::get;

use crate::desk::app::App;
use crate::http::body::Budget;
use crate::http::credentials::Credentials;
use crate::http::guard::Gate;

/// Gives the metrics in Prometheus' text format.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// What every handler is given. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    pub app: App,
    pub render: Render,
    pub credentials: Arc<Credentials>,
    /// The OpenAPI document.
    pub document: Arc<str>,
    /// Limits how many calls are handled at the same time.
    pub gate: Gate,
    /// Limits the memory that request bodies take together.
    pub budget: Budget,
}

/// All routes; to be run by [`serve::serve`], which knows each request's peer.
pub fn router(app: App, render: Render) -> Router {
    let http = &app.desk.config.http;
    let gate = Gate::new(http.max_requests);
    let budget = Budget::new(http.max_body_size);
    let credentials = Arc::new(Credentials::new(&app.desk.ids));
    let mount = http.jutda_mount.clone();
    let document = openapi::document(&app.desk.config).into();
    let server = Server { app, render, credentials, document, gate, budget };
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(health::document))
        .route("/unsubscribe/{token}", any(unsubscribe::call))
        .route("/api/v1", any(jaze::call))
        .route("/api/v1/", any(jaze::call))
        .route("/api/v1/{*call}", any(jaze::call))
        .route(&format!("{mount}/api"), any(jutda::call))
        .route(&format!("{mount}/api/"), any(jutda::call))
        .route(&format!("{mount}/api/{{*method}}"), any(jutda::call))
        .fallback(guard::no_such_page)
        .method_not_allowed_fallback(guard::wrong_verb)
        // Bodies are limited where they are read, so that each API can say so in its own words.
        .layer(DefaultBodyLimit::disable())
        // Not by routes: partners write one path in many ways, and every answer must be one that they take.
        .layer(middleware::from_fn_with_state(server.clone(), sharing::divert))
        .layer(middleware::from_fn_with_state(server.clone(), guard::guard))
        .with_state(server)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}
