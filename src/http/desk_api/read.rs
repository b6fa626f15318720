//! Reading requests: steps of a path, parameters, and bodies of JSON, whose mistakes are all told by field.

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Track;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::http::desk_api::problem::FieldError;
use crate::http::desk_api::problem::Problem;
use crate::http::server::Server;
use crate::tasks;

/// What a path names. Where it cannot name anything, there is nothing.
#[derive(Debug)]
pub(crate) struct Steps<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Steps<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, server).await;
        path.map(|Path(steps)| Self(steps)).map_err(|_| Problem::missing("resource"))
    }
}

/// The parameters behind a path.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned + IntoParams> FromRequestParts<Server> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        let known: Vec<String> = T::into_params(|| None).into_iter().map(|known| known.name).collect();
        refuse_unknown(&parts.uri, &known)?;
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => Err(wrong_parameter(&rejection.body_text())),
        }
    }
}

/// What axum says of a parameter: that there is a mistake, then its name, then the mistake.
fn wrong_parameter(text: &str) -> Problem {
    let mistake = text.split_once(": ").map_or(text, |(_, mistake)| mistake);
    match mistake.split_once(": ").filter(|(field, _)| !field.contains(' ')) {
        Some((field, message)) => Problem::field(field, message),
        None => named(mistake, ""),
    }
}

/// Names the parameters that nobody knows: left out in silence, a filter would filter nothing.
pub(crate) fn refuse_unknown(uri: &Uri, known: &[String]) -> Result<(), Problem> {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let unknown: Vec<String> =
        given.map(|(name, _)| name.into_owned()).filter(|name| !known.contains(name)).collect();
    refuse(unknown, "there is no such parameter")
}

fn refuse(unknown: Vec<String>, message: &str) -> Result<(), Problem> {
    if unknown.is_empty() {
        return Ok(());
    }
    let error = |field| FieldError { field, message: message.to_owned() };
    Err(Problem::fields(unknown.into_iter().map(error).collect()))
}

/// A body of JSON; none at all is an object without fields.
pub(crate) async fn json<T: DeserializeOwned + Send + 'static>(
    headers: &HeaderMap,
    bytes: Vec<u8>,
) -> Result<(T, Vec<u8>), Problem> {
    if bytes.is_empty() {
        return Ok((parse(b"{}")?, bytes));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Problem::told(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a body is application/json"));
    }
    if bytes.len() <= tasks::LARGE {
        return Ok((parse(&bytes)?, bytes));
    }
    let parsed = tasks::aside(move || parse(&bytes).map(|value| (value, bytes))).await;
    parsed.unwrap_or_else(|_| Err(Problem::told(StatusCode::BAD_REQUEST, "the body cannot be read")))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::told(StatusCode::BAD_REQUEST, format!("the body is no JSON: {error}")))?;
    let (mut track, mut unknown) = (Track::new(), Vec::new());
    let tracked = serde_path_to_error::Deserializer::new(without_nul(value), &mut track);
    let read = serde_ignored::deserialize(tracked, |path| unknown.push(path.to_string().replace(".?", "")));
    match read {
        Ok(value) => refuse(unknown, "there is no such field").map(|()| value),
        Err(error) => Err(named(&error.to_string(), &track.path().to_string())),
    }
}

/// A mistake with its field, which the message names where it is missing.
fn named(message: &str, path: &str) -> Problem {
    let inside = message.strip_prefix("missing field `").or(message.strip_prefix("unknown field `"));
    let missing = inside.and_then(|rest| rest.split('`').next());
    let field = match (path.trim_matches('.'), missing) {
        ("", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (path, None) => path.to_owned(),
    };
    Problem::field(&field, message)
}

/// NUL cannot be stored.
fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "\u{fffd}")),
        Value::Array(values) => values.into_iter().map(without_nul).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without_nul(value))).collect(),
        value => value,
    }
}
