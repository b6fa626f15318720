//! An answer to a call that went well.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

pub const TEXT: &str = "text/plain; charset=utf-8";
pub const HTML: &str = "text/html; charset=utf-8";
pub const JSON: &str = "application/json";
/// What the Jutda Helpdesk API calls JSON.
pub const TEXT_JSON: &str = "text/json";

/// The whole of a successful answer; kept for calls that are repeated with the same `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    pub fn text(body: impl Into<String>) -> Self {
        Self { content_type: TEXT, body: body.into() }
    }

    pub fn json(body: &serde_json::Value) -> Self {
        Self { content_type: JSON, body: body.to_string() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        with_type(StatusCode::OK, self.content_type, self.body)
    }
}

/// A content type of ours, read back from where it was kept.
pub fn known(content_type: &str) -> &'static str {
    [JSON, TEXT_JSON, HTML].into_iter().find(|known| *known == content_type).unwrap_or(TEXT)
}

/// A response of this status, type and body.
pub fn with_type(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let content_type = HeaderValue::from_static(content_type);
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
