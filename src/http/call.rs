//! One call of an API as it arrived: who sent it, its headers and its arguments.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::Request;
use axum::http::Extensions;
use axum::http::HeaderMap;
use tracing::warn;

use crate::desk::Desk;
use crate::http::body::Received;
use crate::http::client;
use crate::http::client::Peer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::Kinds;
use crate::http::server::Server;
use crate::tasks;

/// A call whose body was read.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) headers: HeaderMap,
    pub(crate) form: Form,
    /// Its share of the memory for bodies, until it is answered.
    pub(crate) share: Received,
}

impl Call {
    /// The digest of its arguments, which takes a while for megabytes of them.
    pub(crate) async fn digest(&mut self) -> Result<[u8; 32], ApiError> {
        if self.share.size() <= tasks::LARGE {
            return Ok(self.form.digest());
        }
        let form = std::mem::take(&mut self.form);
        let done = tasks::aside(move || (form.digest(), form)).await;
        let (digest, form) = done.map_err(|_| ApiError::Internal)?;
        self.form = form;
        Ok(digest)
    }
}

/// Whether it was told that somebody speaks for others and is not trusted to.
static TOLD: AtomicBool = AtomicBool::new(false);

/// What the address that a call comes from is counted as.
pub(crate) fn origin(desk: &Desk, headers: &HeaderMap, extensions: &Extensions) -> String {
    let peer = extensions.get::<Peer>().copied().unwrap_or_default();
    let trusted = &desk.config.http.trusted_proxies;
    if client::speaks_for_others(peer, headers, trusted) && !TOLD.swap(true, Ordering::Relaxed) {
        warn!(
            "{} says for whom it asks and is not in `http.trusted_proxies`: all who come by it count as one",
            peer.0
        );
    }
    client::origin(client::address(peer, headers, trusted))
}

/// Takes in a body that nobody wants, for a client that reads its answer only once it has sent everything.
pub(crate) async fn discard(server: &Server, desk: &Desk, request: Request) {
    let (parts, body) = request.into_parts();
    // Whatever is wrong with it makes no difference.
    let _ = server.budget.read(&parts.headers, body, patience(desk)).await;
}

/// Reads a call whole.
pub(crate) async fn receive(
    server: &Server,
    desk: &Desk,
    kinds: Kinds,
    request: Request,
) -> Result<Call, ApiError> {
    let (parts, body) = request.into_parts();
    let mut share = server.budget.read(&parts.headers, body, patience(desk)).await?;
    let headers = parts.headers.clone();
    let bytes = share.take();
    let form = Form::read(kinds, Request::from_parts(parts, ()), bytes).await?;
    Ok(Call { headers, form, share })
}

/// How long a body may take: a little less than the whole call, so that a slow sender is told that it was they.
pub(crate) fn patience(desk: &Desk) -> Duration {
    let whole = desk.config.http.request_timeout;
    whole.saturating_sub(whole / 6).max(Duration::from_secs(1))
}
