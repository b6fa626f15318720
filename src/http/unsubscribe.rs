//! `/unsubscribe/TOKEN`: leaving a ticket (RFC 8058). Mail servers send a POST, people get a page with a button.
//!
//! A GET changes nothing: scanners of mail open every link.

use std::borrow::Cow;
use std::convert::Infallible;

use axum::Extension;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::MethodRouter;
use axum::routing::any;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::unsubscribe;
use crate::desk::unsubscribe::Click;
use crate::http::answer::Answer;
use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::guard::Route;
use crate::http::server::Server;
use crate::http::write;
use crate::http::write::Write;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store::db::Tx;

/// The one field of a one-click request (RFC 8058 §3.1).
const FIELD: &[u8] = b"List-Unsubscribe";
const VALUE: &[u8] = b"One-Click";
/// No form with one field is larger, in any of its two encodings.
const LARGEST: u64 = 8 * 1024;
/// The page's own button is the only form that it may send.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The page and its button, for any verb.
pub(crate) fn route() -> MethodRouter<Server> {
    any(async |_: Path<String>| ApiError::Verb("GET, HEAD, POST"))
        .get(page)
        .post(click)
        .layer::<_, Infallible>(middleware::map_response(marked))
}

async fn marked(response: Response) -> impl IntoResponse {
    let headers =
        [(header::CONTENT_SECURITY_POLICY, POLICY), (HeaderName::from_static("x-robots-tag"), "noindex")];
    (Extension(Route(Cow::Borrowed("unsubscribe"))), headers, response)
}

/// The button. Whether the token is ours is looked up when it is pressed.
async fn page(Path(token): Path<String>) -> Answer {
    if !is_one(&token) {
        return not_ours();
    }
    let body = "<p>Do you want no more copies of this request?</p>\n\
        <form method=\"post\"><input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\n\
        <button type=\"submit\">No more copies</button></form>";
    Answer::html(document(body))
}

async fn click(
    State(server): State<Server>,
    Current(desk): Current,
    Path(token): Path<String>,
    request: Request,
) -> Result<Answer, ApiError> {
    if !is_one(&token) {
        return Ok(not_ours());
    }
    let (parts, body) = request.into_parts();
    let patience = desk.config.http.request_timeout / 2;
    let declared =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > LARGEST) {
        return Err(ApiError::TooLarge);
    }
    let received = server.budget.read(&parts.headers, body, patience).await?;
    if !is_one_click(received.bytes()) {
        let page = Answer::html(document("<p>Use the button of this page.</p>"));
        return Ok(page.with_status(StatusCode::BAD_REQUEST));
    }
    match write::carry_out(&server, desk, received.size(), Leave(token)).await {
        Err(ApiError::Missing(_)) => Ok(not_ours()),
        outcome => outcome,
    }
}

struct Leave(String);

impl Write for Leave {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        match unsubscribe::leave(desk, tx, &self.0, now).await? {
            Click::Left | Click::LeftBefore => {
                Ok(Answer::html(document("<p>You will get no more copies of this request.</p>")))
            }
            Click::NotOurs => Err(ApiError::missing("this link is not valid")),
        }
    }
}

fn is_one(text: &str) -> bool {
    token::read(text).is_some_and(|token| token.purpose == Purpose::Unsubscribe)
}

/// As a form in either encoding: the field's name, and its value behind it.
fn is_one_click(body: &[u8]) -> bool {
    let find = |within: &[u8], what: &[u8]| within.windows(what.len()).position(|piece| piece == what);
    let body = &body[..body.len().min(usize::try_from(LARGEST).unwrap_or(usize::MAX))];
    find(body, FIELD).is_some_and(|at| find(&body[at + FIELD.len()..], VALUE).is_some())
}

fn not_ours() -> Answer {
    Answer::html(document("<p>This link is not valid.</p>")).with_status(StatusCode::NOT_FOUND)
}

fn document(body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Copies of a request</title></head>\n\
         <body style=\"font:16px/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em\">\n{body}\n</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_of_the_form_are_clicks_and_nothing_else_is() {
        for (body, click) in [
            ("List-Unsubscribe=One-Click", true),
            (
                "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--",
                true,
            ),
            ("", false),
            ("One-Click", false),
            ("List-Unsubscribe=", false),
            ("One-Click=List-Unsubscribe", false),
        ] {
            assert_eq!(is_one_click(body.as_bytes()), click, "{body}");
        }
    }
}
