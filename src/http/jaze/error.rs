//! Failures as the Jaze Tickets API tells them: in its envelope, whose code is the status.

use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::jaze::envelope::Failure;

/// Why a call of this API failed.
#[derive(Debug)]
pub(crate) struct JazeError(pub(crate) ApiError);

impl<E: Into<ApiError>> From<E> for JazeError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for JazeError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let asked = matches!(error, ApiError::Unauthorized)
            .then_some((header::WWW_AUTHENTICATE, "Basic realm=\"helpdesk\""));
        let failure = Failure::new(error.status().as_u16(), error.to_string());
        let answer = Answer::json(&failure).with_status(error.status());
        answer.with_headers(error.header()).with_headers(asked).into_response()
    }
}
