//! One call of an API as it arrived: who sent it, its headers and its arguments.

use std::time::Duration;

use axum::extract::Request;
use axum::http::Extensions;
use axum::http::HeaderMap;

use crate::desk::Desk;
use crate::http::body::Received;
use crate::http::client;
use crate::http::client::Peer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::Kinds;
use crate::http::server::Server;

/// A call whose body was read.
#[derive(Debug)]
pub(crate) struct Call {
    /// What its sender's address is counted as.
    pub(crate) origin: String,
    pub(crate) headers: HeaderMap,
    pub(crate) form: Form,
    /// Its share of the memory for bodies, until it is answered.
    _share: Received,
}

/// What the address that a call comes from is counted as.
pub(crate) fn origin(desk: &Desk, headers: &HeaderMap, extensions: &Extensions) -> String {
    let peer = extensions.get::<Peer>().copied().unwrap_or_default();
    client::origin(client::address(peer, headers, &desk.config.http.trusted_proxies))
}

/// Takes in a body that nobody wants, for a client that reads its answer only once it has sent everything.
pub(crate) async fn discard(server: &Server, request: Request) {
    let (parts, body) = request.into_parts();
    // Whatever is wrong with it makes no difference.
    let _ = server.budget.read(&parts.headers, body, patience(&server.app.desk)).await;
}

/// Reads a call whole.
pub(crate) async fn receive(server: &Server, kinds: Kinds, request: Request) -> Result<Call, ApiError> {
    let origin = origin(&server.app.desk, request.headers(), request.extensions());
    let (parts, body) = request.into_parts();
    let mut received = server.budget.read(&parts.headers, body, patience(&server.app.desk)).await?;
    let headers = parts.headers.clone();
    let bytes = std::mem::take(&mut received.bytes);
    let form = Form::read(kinds, Request::from_parts(parts, ()), bytes).await?;
    Ok(Call { origin, headers, form, _share: received })
}

/// How long a body may take: a little less than the whole call, so that a slow sender is told that it was they.
pub(crate) fn patience(desk: &Desk) -> Duration {
    let whole = desk.config.http.request_timeout;
    whole.saturating_sub(whole / 6).max(Duration::from_secs(1))
}
