//! Why a call failed, as RFC 9457 has it: `application/problem+json`.

use std::collections::BTreeMap;

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;
use utoipa::IntoResponses;
use utoipa::ToSchema;
use utoipa::openapi;
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::ResponseBuilder;

use crate::desk::DeskError;
use crate::desk::snooze::SnoozeError;
use crate::desk::view::ViewError;
use crate::http::desk_api::reply::Reply;
use crate::http::error::ApiError;
use crate::http::write::Failure;
use crate::ticket::TicketError;

pub(crate) const PROBLEM: &str = "application/problem+json";

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Problem {
    /// What every API may be told.
    Api(ApiError),
    /// What only this one tells.
    Told(Box<Told>),
    /// It did not fail: it was tried, and is taken back with all that it did.
    Tried(Box<Reply>),
}

/// A problem with its own words.
#[derive(Debug)]
pub(crate) struct Told {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Its name, with dots where it stands inside another.
    pub(crate) field: String,
    pub(crate) message: String,
}

/// The answer to a call that failed (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'a str,
    status: u16,
    /// What is wrong with this call.
    detail: &'a str,
    /// Which fields are wrong, where it is about fields.
    errors: &'a [FieldError],
}

/// What every call may be answered instead of success.
#[derive(Debug)]
pub(crate) struct Problems;

impl IntoResponses for Problems {
    /// One schema for all of them.
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let schema = Ref::from_schema_name(PROBLEM_SCHEMA);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let each = TOLD.iter().map(|(status, why)| {
            let response = ResponseBuilder::new().description(*why).content(PROBLEM, content.clone()).build();
            (status.to_string(), RefOr::T(response))
        });
        each.collect()
    }
}

const PROBLEM_SCHEMA: &str = "Problem";
/// The statuses of problems, with what they mean.
const TOLD: [(u16, &str); 13] = [
    (400, "The request cannot be read."),
    (401, "There is no token, or it is wrong, disabled or over."),
    (403, "The token lacks the scope, or whoever it acts for may not do it."),
    (404, "There is nothing here."),
    (408, "The request did not arrive in time."),
    (409, "It is not as it would have to be for this."),
    (412, "It is not any more what `If-Match` names."),
    (413, "The request is too large."),
    (415, "The body is of a type that is not read here."),
    (422, "A field is wrong or unknown, or the desk refuses it."),
    (429, "Too many requests; `Retry-After` says when to come again."),
    (500, "The server failed."),
    (503, "The server is busy; try again later."),
];

impl Problem {
    pub(crate) fn told(status: StatusCode, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Told(Box::new(Told { status, detail, errors: Vec::new(), headers: Vec::new() }))
    }

    /// Fields that are wrong.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        let names: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let detail = format!("these fields are wrong: {}", names.join(", "));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::Told(Box::new(Told { status, detail, errors, headers: Vec::new() }))
    }

    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    pub(crate) fn missing(what: &str) -> Self {
        Self::told(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::told(StatusCode::CONFLICT, detail)
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Self::Told(told) = &mut self {
            told.headers.push((name, value));
        }
        self
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Invalid(detail) => Self::told(StatusCode::UNPROCESSABLE_ENTITY, detail),
            error => Self::Api(error),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::Api(error.into())
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Ticket(TicketError::AlreadyMerged(..) | TicketError::MergedIntoItself(_)) => {
                Self::conflict(error.to_string())
            }
            error => ApiError::from(error).into(),
        }
    }
}

impl From<SnoozeError> for Problem {
    fn from(error: SnoozeError) -> Self {
        match error {
            SnoozeError::Until(why) => Self::field("hold.until", why.to_string()),
            SnoozeError::Desk(error) => error.into(),
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Store(error) => error.into(),
            error => Self::field("q", error.to_string()),
        }
    }
}

impl Failure for Problem {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Api(ApiError::Conflict))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Tried(reply) => reply.into_response(),
            Self::Told(told) => {
                let mut response = document(told.status, &told.detail, &told.errors);
                response.headers_mut().extend(told.headers);
                response
            }
            Self::Api(error) => {
                let mut response = document(error.status(), &error.to_string(), &[]);
                if let Some((name, value)) = error.header() {
                    response.headers_mut().insert(name, HeaderValue::from_static(value));
                }
                if matches!(error, ApiError::Unauthorized) {
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                }
                response
            }
        }
    }
}

fn document(status: StatusCode, detail: &str, errors: &[FieldError]) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let document = Document { kind: "about:blank", title, status: status.as_u16(), detail, errors };
    // Nothing in it can fail to be written.
    let text = serde_json::to_string(&document).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, PROBLEM)], text).into_response()
}
