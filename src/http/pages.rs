//! Answers of any length in constant memory: one page at a time, read when the client has taken the last.
//!
//! Each page has its own transaction, so none is open while a client is slow.

use std::future::Future;

use axum::body::Body;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::stream;

use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::server::Server;

/// A JSON text that comes in pages.
pub(crate) trait Pages: Send + 'static {
    /// The next piece of the text; none after the last.
    fn next(&mut self, server: &Server) -> impl Future<Output = Result<Option<String>, ApiError>> + Send;

    /// Whether nothing follows.
    fn is_done(&self) -> bool;
}

/// The whole answer, begun once its first page is there: until then a failure is still an error.
pub(crate) async fn respond<P: Pages>(server: &Server, mut pages: P) -> Result<Response, ApiError> {
    let first = read(server, &mut pages).await?.unwrap_or_default();
    if pages.is_done() {
        return Ok(Answer::of(answer::JSON, first).into_response());
    }
    let state = (server.clone(), pages, Some(first));
    let pieces = stream::unfold(state, |(server, mut pages, first)| async move {
        // A failure in the middle breaks the connection, so that nobody takes half a list for a whole one.
        let piece = match first {
            Some(first) => Ok(Some(first)),
            None => read(&server, &mut pages).await,
        };
        piece.transpose().map(|piece| (piece, (server, pages, None)))
    });
    let mut response = Answer::of(answer::JSON, "").into_response();
    *response.body_mut() = Body::from_stream(pieces);
    Ok(response)
}

async fn read<P: Pages>(server: &Server, pages: &mut P) -> Result<Option<String>, ApiError> {
    let _place = server.gate.pass().await;
    pages.next(server).await
}
