//! The answer to a call that went well: a resource with its `ETag`, or nothing.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use utoipa::ToSchema;

use crate::http::answer;
use crate::ids::hex;

/// Bytes of a digest that an `ETag` has.
const TAG: usize = 16;

/// An answer, as it is also kept for calls that are repeated with the same `Idempotency-Key`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    status: u16,
    body: Option<String>,
    etag: Option<String>,
    location: Option<String>,
    link: Option<String>,
    /// It was only tried.
    tried: bool,
}

/// A mail that a call would cause.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WouldSend {
    pub(crate) to: String,
    pub(crate) template: String,
    pub(crate) subject: String,
}

impl Reply {
    /// A single resource.
    pub(crate) fn one(resource: &impl Serialize) -> Self {
        let body = written(resource);
        let etag = Some(tag(&body));
        Self { body: Some(body), etag, ..Self::nothing() }.with_status(StatusCode::OK)
    }

    /// Something that has no state of its own to hold on to, such as a list.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        Self { body: Some(written(value)), ..Self::nothing() }.with_status(StatusCode::OK)
    }

    pub(crate) fn created(path: &str, resource: &impl Serialize) -> Self {
        let location = Some(["/api/v2", path].concat());
        Self { location, ..Self::one(resource) }.with_status(StatusCode::CREATED)
    }

    pub(crate) fn nothing() -> Self {
        let status = StatusCode::NO_CONTENT.as_u16();
        Self { status, body: None, etag: None, location: None, link: None, tried: false }
    }

    /// The next page.
    #[must_use]
    pub(crate) fn with_next(self, address: Option<&str>) -> Self {
        Self { link: address.map(|address| format!("<{address}>; rel=\"next\"")), ..self }
    }

    #[must_use]
    fn with_status(self, status: StatusCode) -> Self {
        Self { status: status.as_u16(), ..self }
    }

    /// The outcome of a call that was taken back.
    pub(crate) fn tried(&self, would_send: &[WouldSend]) -> Self {
        let result: Value =
            self.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let outcome =
            json!({ "dry_run": true, "status": self.status, "result": result, "would_send": would_send });
        Self { tried: true, ..Self::of(&outcome) }
    }

    /// As it is kept.
    pub(crate) fn kept(&self) -> String {
        written(self)
    }

    pub(crate) fn read_back(kept: &str) -> Option<Self> {
        serde_json::from_str(kept).ok()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = match self.body {
            Some(body) => (status, [(header::CONTENT_TYPE, answer::JSON)], body).into_response(),
            None => status.into_response(),
        };
        let headers =
            [(header::ETAG, self.etag), (header::LOCATION, self.location), (header::LINK, self.link)];
        for (name, value) in headers {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        if self.tried {
            response.headers_mut().insert("preference-applied", HeaderValue::from_static("dry-run"));
        }
        response
    }
}

/// The `ETag` of a resource as it is now.
pub(crate) fn tag_of(resource: &impl Serialize) -> String {
    tag(&written(resource))
}

fn tag(body: &str) -> String {
    format!("\"{}\"", hex(&Sha256::digest(body.as_bytes())[..TAG]))
}

/// Only a map whose keys are no texts cannot be written, and no answer of ours has one.
fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
