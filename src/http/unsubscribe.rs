//! `/unsubscribe/TOKEN`: leaving a ticket (RFC 8058). Mail servers send a POST, people get a page with a button.
//!
//! A GET changes nothing: scanners of mail open every link.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
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
use crate::template::page::Page;
use crate::template::page::Says;

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
async fn page(
    State(server): State<Server>,
    Current(desk): Current,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let locale = locale(&server, &desk, &token, &headers).await;
    if is_one(&token) { document(&desk, &locale, Says::Question) } else { not_ours(&desk, &locale) }
}

async fn click(
    State(server): State<Server>,
    Current(desk): Current,
    Path(token): Path<String>,
    request: Request,
) -> Result<Answer, ApiError> {
    let locale = locale(&server, &desk, &token, request.headers()).await;
    if !is_one(&token) {
        return Ok(not_ours(&desk, &locale));
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
        return Ok(document(&desk, &locale, Says::UseButton).with_status(StatusCode::BAD_REQUEST));
    }
    let leave = Leave { token, locale: locale.clone() };
    match write::carry_out(&server, Arc::clone(&desk), received.size(), leave).await {
        Err(ApiError::Missing(_)) => Ok(not_ours(&desk, &locale)),
        outcome => outcome,
    }
}

struct Leave {
    token: String,
    locale: String,
}

impl Write for Leave {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        match unsubscribe::leave(desk, tx, &self.token, now).await? {
            Click::Left | Click::LeftBefore => Ok(document(desk, &self.locale, Says::Done)),
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

/// The language that the reader's browser asks for, else the one that the mail with the link was in.
async fn locale(server: &Server, desk: &Desk, token: &str, headers: &HeaderMap) -> String {
    let header =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(preferred) = desk.templates.preferred(Page::Unsubscribe(Says::Question), header) {
        return preferred;
    }
    let looked_up = async {
        let _place = server.gate.pass().await;
        let mut tx = server.app.db.look().await?;
        unsubscribe::locale(desk, &mut tx, token).await
    };
    // A page in another language is better than none.
    looked_up.await.ok().flatten().unwrap_or_else(|| desk.config.desk.locale.clone())
}

fn document(desk: &Desk, locale: &str, says: Says) -> Answer {
    let page = Answer::html(desk.templates.page(Page::Unsubscribe(says), locale));
    page.with_headers([(header::VARY, "Accept-Language")])
}

fn not_ours(desk: &Desk, locale: &str) -> Answer {
    document(desk, locale, Says::Invalid).with_status(StatusCode::NOT_FOUND)
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
