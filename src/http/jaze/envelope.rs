//! The envelope around the answers of the Jaze Tickets API.

use serde::Serialize;

use crate::http::answer::Answer;

/// The code of every success; that of a failure is its status.
const OK: u16 = 200;

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Success {
    Success,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Failed {
    Error,
}

/// Success with nothing but its message.
#[derive(Debug, Serialize)]
pub(crate) struct Done {
    status: Success,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: String,
}

/// Why a call failed.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    status: Failed,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: String,
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
