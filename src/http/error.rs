//! Why a call failed, and how each API says so.
//!
//! The one place where an error of the desk becomes a status code.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Response;
use serde_json::Value;

use crate::desk::DeskError;
use crate::http::answer;
use crate::store::faults;
use crate::ticket::TicketError;

/// Why a call failed. The texts are for the caller and hold nothing that he may not know.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// An argument is missing or bad.
    #[error("{0}")]
    Invalid(String),
    #[error("wrong or missing credentials")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(String),
    #[error("{0}")]
    Missing(String),
    /// The wrong verb; with those that are right.
    #[error("wrong request method; use {0}")]
    Verb(&'static str),
    #[error("the request did not arrive in time")]
    Slow,
    #[error("the request is too large")]
    TooLarge,
    /// The database or this server is busy or going down; the same call may work later.
    #[error("the server is busy; try again later")]
    Busy,
    /// Two calls were in each other's way; tried again before anybody hears of it.
    #[error("the server is busy; try again later")]
    Conflict,
    #[error("the server failed")]
    Internal,
}

/// In whose format a call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Jutda,
    Jaze,
    /// Health, metrics, and whatever is no API.
    Plain,
}

impl ApiError {
    pub fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(text.into())
    }

    pub fn missing(text: impl Into<String>) -> Self {
        Self::Missing(text.into())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::Verb(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy | Self::Conflict => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Ticket(TicketError::Unknown(_)) => Self::missing(error.to_string()),
            DeskError::Ticket(TicketError::Stale(_)) => Self::Conflict,
            DeskError::Ticket(_) | DeskError::Refused(_) => Self::invalid(error.to_string()),
            DeskError::Store(error) => Self::from(error),
            DeskError::Compose(error) => {
                tracing::error!("cannot write a mail that a call causes: {error}");
                Self::Internal
            }
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        if faults::is_conflict(&error) {
            Self::Conflict
        } else if faults::is_passing(&error) {
            tracing::warn!("the database does not take a call now: {error}");
            Self::Busy
        } else {
            tracing::error!("the database refused a statement: {error}");
            Self::Internal
        }
    }
}

impl Dialect {
    /// By the path alone, so that a failure before any handler is worded rightly too.
    pub fn of(path: &str, jutda_mount: &str) -> Self {
        if path.starts_with("/api/v1/") || path == "/api/v1" {
            return Self::Jaze;
        }
        let below = path.strip_prefix(jutda_mount).unwrap_or_default();
        if below == "/api" || below.starts_with("/api/") { Self::Jutda } else { Self::Plain }
    }

    /// The whole answer to a call that failed.
    pub fn refuse(self, error: &ApiError) -> Response {
        let mut response = match self {
            Self::Jutda => {
                let (status, text) = jutda(error);
                answer::with_type(status, answer::TEXT, text)
            }
            Self::Jaze => {
                let status = error.status();
                answer::with_type(status, answer::JSON, envelope(status, error))
            }
            Self::Plain => answer::with_type(error.status(), answer::TEXT, format!("{error}\n")),
        };
        for (name, value) in extra(self, error) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// This API knows 400, 403, 404 and 405 only; what is the server's own fault is none of them.
fn jutda(error: &ApiError) -> (StatusCode, String) {
    match error {
        ApiError::Unauthorized | ApiError::Forbidden(_) => {
            (StatusCode::FORBIDDEN, "Invalid username or password".to_owned())
        }
        ApiError::Verb(_) => (StatusCode::METHOD_NOT_ALLOWED, "Invalid request method".to_owned()),
        ApiError::TooLarge => (StatusCode::BAD_REQUEST, "Message too long".to_owned()),
        ApiError::Slow => (StatusCode::BAD_REQUEST, "Request timed out".to_owned()),
        _ => (error.status(), error.to_string()),
    }
}

fn envelope(status: StatusCode, error: &ApiError) -> String {
    let (code, message) = (status.as_u16(), Value::from(error.to_string()));
    format!("{{\"status\":\"error\",\"errorCode\":{code},\"message\":{message}}}")
}

fn extra(dialect: Dialect, error: &ApiError) -> Vec<(header::HeaderName, &'static str)> {
    match error {
        ApiError::Verb(allow) => vec![(header::ALLOW, allow)],
        ApiError::Busy | ApiError::Conflict => vec![(header::RETRY_AFTER, "2")],
        // What is left of the body would be taken for the next request.
        ApiError::Slow | ApiError::TooLarge => vec![(header::CONNECTION, "close")],
        ApiError::Unauthorized if dialect == Dialect::Jaze => {
            vec![(header::WWW_AUTHENTICATE, "Basic realm=\"helpdesk\"")]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_says_in_whose_format_to_answer() {
        for (path, mount, dialect) in [
            ("/api/hold_ticket/", "", Dialect::Jutda),
            ("/api/", "", Dialect::Jutda),
            ("/api/v1/raise_ticket", "", Dialect::Jaze),
            ("/api/v1", "/helpdesk", Dialect::Jaze),
            ("/helpdesk/api/resolve", "/helpdesk", Dialect::Jutda),
            ("/api/resolve", "/helpdesk", Dialect::Plain),
            ("/apiary", "", Dialect::Plain),
            ("/healthz", "", Dialect::Plain),
        ] {
            assert_eq!(Dialect::of(path, mount), dialect, "{path} below {mount:?}");
        }
    }
}
