//! `/unsubscribe/TOKEN`: leaving a ticket (RFC 8058). Mail servers send a POST, people get a page with a button.
//!
//! A GET changes nothing: scanners of mail open every link.

use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::unsubscribe;
use crate::desk::unsubscribe::Click;
use crate::http::Server;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::error::Dialect;
use crate::http::guard::Route;
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

/// Answers any verb.
pub async fn call(State(server): State<Server>, Path(token): Path<String>, request: Request) -> Response {
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => page(&server, &token, request.headers()).await,
        Method::POST => click(&server, token, request).await,
        _ => Dialect::Plain.refuse(&ApiError::Verb("GET, HEAD, POST")),
    };
    response.extensions_mut().insert(Route("unsubscribe"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// The button. Whether the token is ours is looked up when it is pressed.
async fn page(server: &Server, token: &str, headers: &HeaderMap) -> Response {
    let locale = locale(server, token, headers).await;
    if !is_one(token) {
        return not_ours(server, &locale);
    }
    html(StatusCode::OK, document(&server.app.desk, &locale, Says::Question))
}

async fn click(server: &Server, token: String, request: Request) -> Response {
    let locale = locale(server, &token, request.headers()).await;
    if !is_one(&token) {
        return not_ours(server, &locale);
    }
    let (parts, body) = request.into_parts();
    let patience = server.app.desk.config.http.request_timeout / 2;
    let declared =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > LARGEST) {
        return Dialect::Plain.refuse(&ApiError::TooLarge);
    }
    let received = match server.budget.read(&parts.headers, body, patience).await {
        Ok(received) => received,
        Err(error) => return Dialect::Plain.refuse(&error),
    };
    if !is_one_click(&received.bytes) {
        return html(StatusCode::BAD_REQUEST, document(&server.app.desk, &locale, Says::UseButton));
    }
    match write::write(server, Leave { token, locale: locale.clone() }, None).await {
        Ok(answer) => answer.into_response(),
        Err(ApiError::Missing(_)) => not_ours(server, &locale),
        Err(error) => Dialect::Plain.refuse(&error),
    }
}

struct Leave {
    token: String,
    locale: String,
}

impl Write for Leave {
    fn size(&self) -> usize {
        0
    }

    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        match unsubscribe::leave(desk, tx, &self.token, now).await? {
            Click::Left | Click::LeftBefore => {
                Ok(Answer { content_type: answer::HTML, body: document(desk, &self.locale, Says::Done) })
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

/// The language that the reader's browser asks for, else the one that the mail with the link was in.
async fn locale(server: &Server, token: &str, headers: &HeaderMap) -> String {
    let desk = &server.app.desk;
    let header =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(preferred) = desk.templates.preferred(Page::Unsubscribe(Says::Question), header) {
        return preferred;
    }
    let looked_up = async {
        let _place = server.gate.pass().await;
        let mut tx = server.app.db.read().await?;
        unsubscribe::locale(desk, &mut tx, token).await
    };
    // A page in another language is better than none.
    looked_up.await.ok().flatten().unwrap_or_else(|| desk.config.desk.locale.clone())
}

fn document(desk: &Desk, locale: &str, says: Says) -> String {
    desk.templates.page(Page::Unsubscribe(says), locale)
}

fn not_ours(server: &Server, locale: &str) -> Response {
    html(StatusCode::NOT_FOUND, document(&server.app.desk, locale, Says::Invalid))
}

fn html(status: StatusCode, document: String) -> Response {
    let mut response = answer::with_type(status, answer::HTML, document);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
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
