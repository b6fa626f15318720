//! The desk that answers a request: taken once, when the request arrives, so that all of the answer is of one desk.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Extensions;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use crate::desk::Desk;
use crate::http::server::Server;

/// The desk as it was when the request arrived.
#[derive(Clone, Debug)]
pub(crate) struct Current(pub(crate) Arc<Desk>);

impl Current {
    /// The one that the request is marked with.
    pub(crate) fn of(extensions: &Extensions, server: &Server) -> Arc<Desk> {
        extensions.get().map_or_else(|| server.app.desk(), |Self(desk)| Arc::clone(desk))
    }
}

impl FromRequestParts<Server> for Current {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Infallible> {
        Ok(Self(Self::of(&parts.extensions, server)))
    }
}

/// Marks a request with the desk as it is now.
pub(crate) async fn mark(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Current(server.app.desk()));
    next.run(request).await
}
