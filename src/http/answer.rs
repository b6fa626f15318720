//! An answer: its status, its headers and its text.

use axum::http::HeaderName;
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

/// The whole of an answer. Text and type of one that went well are kept for calls that are repeated with the same
/// `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    /// Besides the content type.
    headers: Vec<(HeaderName, &'static str)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(content_type: &'static str, body: impl Into<String>) -> Self {
        Self { status: StatusCode::OK, content_type, headers: Vec::new(), body: body.into() }
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

    #[must_use]
    pub(crate) fn with_headers(
        mut self,
        headers: impl IntoIterator<Item = (HeaderName, &'static str)>,
    ) -> Self {
        self.headers.extend(headers);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        for (name, value) in [(header::CONTENT_TYPE, self.content_type)].into_iter().chain(self.headers) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// A content type of ours, read back from where it was kept.
pub(crate) fn known(content_type: &str) -> &'static str {
    [JSON, TEXT_JSON, HTML].into_iter().find(|known| *known == content_type).unwrap_or(TEXT)
}
