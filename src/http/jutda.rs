//! The Jutda Helpdesk API: eight methods by POST, answered in plain text.
//!
//! Checks come in the order that its callers know: help page, verb, credentials, method, arguments.

mod call;
mod create;
pub(crate) mod document;
mod error;
mod help;
mod read;
mod work;

use axum::Router;
use axum::middleware;
use axum::routing::any;
use axum::routing::post;
use tower_http::normalize_path::NormalizePath;

use crate::http::answer::Answer;
use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::guard;
use crate::http::guard::Names;
use crate::http::jutda::call::Call;
use crate::http::jutda::call::Unknown;
use crate::http::jutda::error::JutdaError;
use crate::http::server::Server;

/// Everything below the mount's `/api`.
pub(crate) fn service(server: &Server) -> NormalizePath<Router> {
    let methods = Router::new()
        .route("/", any(help))
        .route("/help", any(help))
        .route("/create_ticket", post(create::create_ticket))
        .route("/delete_ticket", post(work::delete_ticket))
        .route("/hold_ticket", post(work::hold_ticket))
        .route("/unhold_ticket", post(work::unhold_ticket))
        .route("/add_followup", post(work::add_followup))
        .route("/resolve", post(work::resolve))
        .route("/list_queues", post(read::list_queues))
        .route("/find_user", post(read::find_user))
        .method_not_allowed_fallback(wrong_verb)
        .fallback_service(post(invalid_method).fallback(wrong_verb).with_state(server.clone()));
    let names = Names { help: "jutda/help", unknown: "jutda/unknown" };
    let methods = guard::limited::<JutdaError>(methods, server)
        .layer(middleware::from_fn_with_state(names, guard::name))
        .with_state(server.clone());
    // The final slash is written, left out and doubled.
    NormalizePath::trim_trailing_slash(methods)
}

async fn help(Current(desk): Current) -> Answer {
    let http = &desk.config.http;
    help::page(&format!("{}{}/api", http.public_url, http.jutda_mount))
}

/// Whoever may call is told that there is no such method; nobody else is.
async fn invalid_method(_: Call<Unknown>) -> JutdaError {
    ApiError::invalid("Invalid method").into()
}

async fn wrong_verb() -> JutdaError {
    ApiError::Verb("POST").into()
}
