//! Answers of any length in constant memory: one page at a time, read when the client has taken the last.
//!
//! Each page has its own transaction, so none is open while a client is slow.

use std::future::Future;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::stream;
use serde::Serialize;

use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::server::Server;

/// A list that is read in pages.
pub(crate) trait Pages: Send + 'static {
    type Row: Send;

    /// The next rows.
    fn next(&mut self, server: &Server) -> impl Future<Output = Result<Page<Self::Row>, ApiError>> + Send;

    /// How a row stands in the answer; a row that is none is left out.
    fn entry<'a>(&'a self, row: &'a Self::Row) -> Option<impl Serialize + 'a>;
}

/// Some rows of a list.
#[derive(Debug)]
pub(crate) struct Page<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) follows: Follows,
}

/// What comes behind a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    Another,
    Nothing,
}

/// A list that is being written.
struct Writing<P> {
    pages: P,
    /// What stands between the last entry and the next.
    comma: &'static [u8],
    /// What stands behind the list; none once it is written.
    tail: Option<String>,
}

/// The whole answer, begun once its first page is there: until then a failure is still an error. `frame` is the
/// answer as it would be for an empty list.
pub(crate) async fn respond<P: Pages>(
    server: &Server,
    frame: &impl Serialize,
    pages: P,
) -> Result<Response, ApiError> {
    let mut head = Answer::json(frame).body;
    let inside = head.find("[]").ok_or(ApiError::Internal)? + 1;
    let mut writing = Writing { pages, comma: b"", tail: Some(head.split_off(inside)) };
    let first = writing.write(server, head.into_bytes()).await?;
    let body = if writing.tail.is_none() { Body::from(first) } else { rest(server.clone(), writing, first) };
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(answer::JSON))], body).into_response())
}

/// A first piece, and those that are written when it is gone.
fn rest<P: Pages>(server: Server, writing: Writing<P>, first: Vec<u8>) -> Body {
    Body::from_stream(stream::unfold((writing, Some(first)), move |(mut writing, first)| {
        let server = server.clone();
        async move {
            // A failure in the middle breaks the connection, so that nobody takes half a list for a whole one.
            let piece = match first {
                Some(first) => Ok(first),
                None if writing.tail.is_none() => return None,
                None => writing.write(&server, Vec::new()).await,
            };
            Some((piece, (writing, None)))
        }
    }))
}

impl<P: Pages> Writing<P> {
    /// Adds the next page to what was written, and the end if it is the last.
    async fn write(&mut self, server: &Server, mut text: Vec<u8>) -> Result<Vec<u8>, ApiError> {
        let _place = server.gate.pass().await;
        let page = self.pages.next(server).await?;
        for entry in page.rows.iter().filter_map(|row| self.pages.entry(row)) {
            text.extend_from_slice(self.comma);
            serde_json::to_writer(&mut text, &entry).map_err(|_| ApiError::Internal)?;
            self.comma = b",";
        }
        if page.follows == Follows::Nothing {
            text.extend(self.tail.take().unwrap_or_default().into_bytes());
        }
        Ok(text)
    }
}
