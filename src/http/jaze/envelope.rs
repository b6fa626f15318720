//! The envelope around every answer of the Jaze Tickets API.

use serde::Serialize;
use utoipa::IntoResponses;
use utoipa::ToSchema;

use crate::http::answer::Answer;

/// The code of every success; that of a failure is its status.
pub(crate) const OK: u16 = 200;

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Success {
    Success,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Failed {
    Error,
}

/// Success with nothing but its message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    status: Success,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: String,
}

/// Why a call failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failure {
    status: Failed,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: String,
}

/// What every call may be answered instead of success.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) enum Failures {
    /// An argument is missing or wrong; the message names it.
    #[response(status = 400)]
    Invalid(Failure),
    /// Token or key is wrong.
    #[response(status = 401)]
    Unauthorized(Failure),
    /// The ticket is another customer's, or the customer is disabled.
    #[response(status = 403)]
    Forbidden(Failure),
    /// There is no such ticket, user, admin or type.
    #[response(status = 404)]
    Missing(Failure),
    /// The verb is wrong; the Allow header has the right ones.
    #[response(status = 405)]
    Verb(Failure),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(Failure),
}

impl Done {
    pub(crate) fn answer(message: impl Into<String>) -> Answer {
        Answer::json(&Self { status: Success::Success, error_code: OK, message: message.into() })
    }
}

impl Failure {
    pub(crate) fn new(error_code: u16, message: String) -> Self {
        Self { status: Failed::Error, error_code, message }
    }
}
