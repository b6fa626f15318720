//! Failures as the Jutda Helpdesk API tells them: in plain text.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::answer::Answer;
use crate::http::error::ApiError;

/// Why a call of this API failed.
#[derive(Debug)]
pub(crate) struct JutdaError(ApiError);

impl<E: Into<ApiError>> From<E> for JutdaError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for JutdaError {
    /// This API knows 400, 403, 404 and 405 only; what is the server's own fault is none of them.
    fn into_response(self) -> Response {
        let Self(error) = self;
        let (status, text) = match &error {
            ApiError::Unauthorized | ApiError::Forbidden(_) => {
                (StatusCode::FORBIDDEN, "Invalid username or password".to_owned())
            }
            ApiError::Verb(_) => (StatusCode::METHOD_NOT_ALLOWED, "Invalid request method".to_owned()),
            ApiError::TooLarge => (StatusCode::BAD_REQUEST, "Message too long".to_owned()),
            ApiError::Slow => (StatusCode::BAD_REQUEST, "Request timed out".to_owned()),
            _ => (error.status(), error.to_string()),
        };
        Answer::text(text).with_status(status).with_headers(error.header()).into_response()
    }
}
