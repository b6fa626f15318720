//! Why a call failed, whoever asked: the one place where an error of the desk becomes a status code.
//!
//! Each API has an error type of its own around it, which says the same in the API's words.

use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::desk::DeskError;
use crate::http::answer::Answer;
use crate::store::faults;
use crate::ticket::TicketError;

/// Why a call failed. The texts are for the caller and hold nothing that they may not know.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
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

impl ApiError {
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(text.into())
    }

    pub(crate) fn missing(text: impl Into<String>) -> Self {
        Self::Missing(text.into())
    }

    pub(crate) fn status(&self) -> StatusCode {
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

    /// The header that the failure needs, in whatever words it is told.
    pub(crate) fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::Verb(allow) => Some((header::ALLOW, allow)),
            Self::Busy | Self::Conflict => Some((header::RETRY_AFTER, "2")),
            // What is left of the body would be taken for the next request.
            Self::Slow | Self::TooLarge => Some((header::CONNECTION, "close")),
            _ => None,
        }
    }
}

/// For health, metrics, and whatever is no API.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let answer = Answer::text(format!("{self}\n")).with_status(self.status());
        answer.with_headers(self.header()).into_response()
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Ticket(TicketError::Unknown(_)) => Self::missing(error.to_string()),
            DeskError::Ticket(TicketError::Stale(_)) => Self::Conflict,
            DeskError::Ticket(_) | DeskError::Refused(_) => Self::invalid(error.to_string()),
            DeskError::Forbidden(why) => Self::Forbidden(why.to_string()),
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
