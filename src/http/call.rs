//! One call of an API as it arrived: who sent it, its headers and its arguments.

use std::time::Duration;

use axum::extract::Request;
use axum::http::HeaderMap;

use crate::http::Server;
use crate::http::body::Received;
use crate::http::client;
use crate::http::client::Peer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::Kinds;

/// A call whose body was read.
#[derive(Debug)]
pub struct Call {
    /// What its sender's address is counted as.
    pub origin: String,
    pub headers: HeaderMap,
    pub form: Form,
    /// Its share of the memory for bodies, until it is answered.
    _share: Received,
}

/// Reads a call whole.
pub async fn receive(server: &Server, kinds: Kinds, request: Request) -> Result<Call, ApiError> {
    let http = &server.app.desk.config.http;
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
    let origin = client::origin(client::address(peer, &parts.headers, &http.trusted_proxies));
    // A little less than the whole call has, so that a slow sender is told that it was he.
    let patience = http.request_timeout.saturating_sub(http.request_timeout / 6).max(Duration::from_secs(1));
    let mut received = server.budget.read(&parts.headers, body, patience).await?;
    let headers = parts.headers.clone();
    let bytes = std::mem::take(&mut received.bytes);
    let form = Form::read(kinds, Request::from_parts(parts, ()), bytes).await?;
    Ok(Call { origin, headers, form, _share: received })
}
