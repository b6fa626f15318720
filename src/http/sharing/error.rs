//! Refusals and trouble of our own, in the words and codes of Ticket Sharing.

use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::desk::share::ShareError;
use crate::http::error::ApiError;
use crate::http::write::Failure;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;

/// When to try again after trouble of our own.
const SOON: Duration = Duration::from_secs(2);
const LATER: Duration = Duration::from_mins(1);

/// Why a partner's request failed.
#[derive(Debug)]
pub(crate) enum SharingError {
    Refused(Refusal),
    /// Trouble of our own, or a body that did not arrive.
    Trouble(ApiError),
}

impl From<Refusal> for SharingError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ApiError> for SharingError {
    fn from(error: ApiError) -> Self {
        Self::Trouble(error)
    }
}

impl From<ShareError> for SharingError {
    fn from(error: ShareError) -> Self {
        match error {
            ShareError::Refused(refusal) => Self::Refused(refusal),
            ShareError::Desk(error) => match ApiError::from(error) {
                // What the desk refuses here is its own trouble, such as a queue that is gone.
                ApiError::Invalid(why) => {
                    tracing::error!("a partner's request cannot be done: {why}");
                    Self::Refused(Refusal::Busy(LATER))
                }
                error => Self::Trouble(error),
            },
        }
    }
}

impl Failure for SharingError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Trouble(ApiError::Conflict))
    }
}

impl From<SharingError> for Refusal {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Refused(refusal) => refusal,
            SharingError::Trouble(ApiError::TooLarge) => Self::invalid("the body is too large"),
            SharingError::Trouble(ApiError::Invalid(text)) => Self::Invalid(text),
            SharingError::Trouble(ApiError::Internal) => Self::Busy(LATER),
            SharingError::Trouble(_) => Self::Busy(SOON),
        }
    }
}

impl IntoResponse for SharingError {
    fn into_response(self) -> Response {
        Answer::Refused(self.into()).into_response()
    }
}

impl IntoResponse for Answer {
    /// Its length is always told: some clients take an end without one for an attack.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
