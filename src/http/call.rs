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
use crate::tasks;

/// A call whose body was read.
#[derive(Debug)]
pub struct Call {
    /// What its sender's address is counted as.
    pub origin: String,
    pub headers: HeaderMap,
    pub form: Form,
    size: usize,
    /// Its share of the memory for bodies, until it is answered.
    _share: Received,
}

impl Call {
    /// Bytes of its arguments.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The digest of its arguments, which takes a while for megabytes of them.
    pub async fn digest(&mut self) -> Result<[u8; 32], ApiError> {
        if self.size <= tasks::LARGE {
            return Ok(self.form.digest());
        }
        let form = std::mem::take(&mut self.form);
        let done = tasks::aside(move || (form.digest(), form)).await;
        let (digest, form) = done.map_err(|_| ApiError::Internal)?;
        self.form = form;
        Ok(digest)
    }
}

/// What the address that a call comes from is counted as.
pub fn origin(server: &Server, request: &Request) -> String {
    let peer = request.extensions().get::<Peer>().copied().unwrap_or_default();
    let trusted = &server.app.desk.config.http.trusted_proxies;
    client::origin(client::address(peer, request.headers(), trusted))
}

/// Takes in a body that nobody wants, for a client that reads its answer only once it has sent everything.
pub async fn discard(server: &Server, request: Request) {
    let (parts, body) = request.into_parts();
    // Whatever is wrong with it makes no difference.
    let _ = server.budget.read(&parts.headers, body, patience(server)).await;
}

/// Reads a call whole.
pub async fn receive(server: &Server, kinds: Kinds, request: Request) -> Result<Call, ApiError> {
    let origin = origin(server, &request);
    let (parts, body) = request.into_parts();
    let mut received = server.budget.read(&parts.headers, body, patience(server)).await?;
    let headers = parts.headers.clone();
    let bytes = std::mem::take(&mut received.bytes);
    let size = bytes.len();
    let form = Form::read(kinds, Request::from_parts(parts, ()), bytes).await?;
    Ok(Call { origin, headers, form, size, _share: received })
}

/// How long a body may take: a little less than the whole call, so that a slow sender is told that it was he.
fn patience(server: &Server) -> Duration {
    let whole = server.app.desk.config.http.request_timeout;
    whole.saturating_sub(whole / 6).max(Duration::from_secs(1))
}
