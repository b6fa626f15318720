//! An answer to a call that went well.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;

pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
/// What the Jutda Helpdesk API calls JSON.
pub(crate) const TEXT_JSON: &str = "text/json";

/// The whole of an answer; kept for calls that are repeated with the same `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(content_type: &'static str, body: impl Into<String>) -> Self {
        Self { status: StatusCode::OK, content_type, body: body.into() }
    }

    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::of(TEXT, body)
    }

    pub(crate) fn html(body: impl Into<String>) -> Self {
        Self::of(HTML, body)
    }

    pub(crate) fn json(body: &impl Serialize) -> Self {
        // Only a map whose keys are no texts cannot be written, and no answer of ours has one.
        Self::of(JSON, serde_json::to_string(body).unwrap_or_default())
    }

    #[must_use]
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static(self.content_type);
        (self.status, [(header::CONTENT_TYPE, content_type)], self.body).into_response()
    }
}

/// A content type of ours, read back from where it was kept.
pub(crate) fn known(content_type: &str) -> &'static str {
    [JSON, TEXT_JSON, HTML].into_iter().find(|known| *known == content_type).unwrap_or(TEXT)
}
