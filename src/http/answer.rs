//! An answer to a call that went well.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
/// What the Jutda Helpdesk API calls JSON.
pub(crate) const TEXT_JSON: &str = "text/json";

/// The whole of a successful answer; kept for calls that are repeated with the same `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self { content_type: TEXT, body: body.into() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        with_type(StatusCode::OK, self.content_type, self.body)
    }
}

/// A content type of ours, read back from where it was kept.
pub(crate) fn known(content_type: &str) -> &'static str {
    [JSON, TEXT_JSON, HTML].into_iter().find(|known| *known == content_type).unwrap_or(TEXT)
}

/// A response of this status, type and body.
pub(crate) fn with_type(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let content_type = HeaderValue::from_static(content_type);
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
