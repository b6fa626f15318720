//! One request to a token server and its answer (RFC 6749 §5). Keeps nothing.
//!
//! Of what a server says in a refusal only its code is shown: the words beside it may name people.

use std::time::Duration;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::net::Extent;
use crate::net::Limits;
use crate::net::Method;
use crate::net::Request;
use crate::net::Response;
use crate::net::client::Client;
use crate::worker::tokens::error::TokenError;

/// What one request may cost. Tokens with many claims have some kilobytes.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), bytes: 256 * 1024 };
/// A server that does not say how long its token is good for, and what it may say.
const USUAL_LIFE: u64 = 3600;
const LONGEST_LIFE: u64 = 90 * 86_400;

/// What is sent to the token server; secrets were fetched.
#[derive(Debug)]
pub struct Asked<'a> {
    pub url: &'a str,
    pub client_id: &'a str,
    pub client_secret: Option<SecretString>,
    pub scope: Option<&'a str>,
    /// Without one, the client asks in its own right.
    pub refresh_token: Option<SecretString>,
}

/// What the token server gave.
#[derive(Debug)]
pub(crate) struct Given {
    pub access_token: SecretString,
    pub life: Duration,
    /// To be used from now on in place of the one that was sent.
    pub refresh_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    token_type: Option<String>,
    expires_in: Option<Life>,
    refresh_token: Option<SecretString>,
}

/// Some servers write the number as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Life {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Asks for a token.
pub async fn ask(client: &Client, asked: &Asked<'_>) -> Result<Given, TokenError> {
    let request = Request {
        method: Method::Post,
        url: asked.url.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: form(asked).into_bytes(),
        limits: LIMITS,
    };
    let response = client.send(&request).await.map_err(|error| TokenError::Net(error.to_string()))?;
    read(&response, &host(asked.url))
}

fn form(asked: &Asked<'_>) -> String {
    let mut form = Serializer::new(String::new());
    let grant = if asked.refresh_token.is_some() { "refresh_token" } else { "client_credentials" };
    form.append_pair("grant_type", grant).append_pair("client_id", asked.client_id);
    let secrets = [("client_secret", &asked.client_secret), ("refresh_token", &asked.refresh_token)];
    for (name, secret) in secrets {
        if let Some(secret) = secret {
            form.append_pair(name, secret.expose_secret());
        }
    }
    if let Some(scope) = asked.scope {
        form.append_pair("scope", scope);
    }
    form.finish()
}

fn read(response: &Response, host: &str) -> Result<Given, TokenError> {
    let odd = |what: &'static str| TokenError::Answer { host: host.to_owned(), what };
    if response.extent == Extent::Cut {
        return Err(odd("is too long"));
    }
    if response.status != 200 {
        return Err(match serde_json::from_slice::<Refusal>(&response.body) {
            Ok(refusal) if is_code(&refusal.error) => {
                TokenError::Refused { host: host.to_owned(), code: refusal.error }
            }
            _ => TokenError::Status { host: host.to_owned(), status: response.status },
        });
    }
    let answer: Answer = serde_json::from_slice(&response.body).map_err(|_| odd("holds no access token"))?;
    if answer.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(odd("holds a token of another kind than Bearer"));
    }
    // Whatever stands in a token ends up in a log-in line.
    if !is_token(&answer.access_token) || answer.refresh_token.as_ref().is_some_and(|token| !is_token(token))
    {
        return Err(odd("holds no usable token"));
    }
    let life = match answer.expires_in {
        Some(Life::Number(seconds)) => Some(seconds),
        Some(Life::Text(text)) => text.parse().ok(),
        None => None,
    };
    let life = Duration::from_secs(life.unwrap_or(USUAL_LIFE).min(LONGEST_LIFE));
    Ok(Given { access_token: answer.access_token, life, refresh_token: answer.refresh_token })
}

/// Whether a text is an error code of RFC 6749, and not a sentence.
fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn is_token(token: &SecretString) -> bool {
    let token = token.expose_secret();
    !token.is_empty() && token.len() <= 64 * 1024 && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn host(url: &str) -> String {
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "the token server".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> Result<Given, TokenError> {
        let body = body.as_bytes().to_vec();
        read(&Response { status, headers: Vec::new(), body, extent: Extent::Whole }, "login.test")
    }

    #[test]
    fn an_answer_gives_its_tokens_and_their_life() {
        for (body, life, rotated) in [
            (r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#, 60, false),
            (
                r#"{"access_token":"a","token_type":"bearer","expires_in":"3599","refresh_token":"r"}"#,
                3599,
                true,
            ),
            (r#"{"access_token":"a"}"#, 3600, false),
            (r#"{"access_token":"a","expires_in":99999999999,"more":[1]}"#, 7_776_000, false),
        ] {
            let given = answered(200, body).unwrap();
            assert_eq!(given.access_token.expose_secret(), "a");
            assert_eq!((given.life.as_secs(), given.refresh_token.is_some()), (life, rotated), "{body}");
        }
    }

    #[test]
    fn a_refusal_is_one_sentence_without_what_the_server_says_of_people() {
        for (status, body, expected) in [
            (
                400,
                r#"{"error":"invalid_grant","error_description":"ann@customer.test has left"}"#,
                "the token server login.test refuses: invalid_grant (the consent has ended; get a new `refresh_token`)",
            ),
            (
                401,
                r#"{"error":"invalid_client"}"#,
                "the token server login.test refuses: invalid_client (check `client_id` and `client_secret`)",
            ),
            (
                400,
                r#"{"error":"invalid_scope"}"#,
                "the token server login.test refuses: invalid_scope (check `scope`)",
            ),
            (400, r#"{"error":"slow_down"}"#, "the token server login.test refuses: slow_down"),
            (400, r#"{"error":"Ann has left"}"#, "the token server login.test answers with status 400"),
            (503, "<html>", "the token server login.test answers with status 503"),
            (200, "{}", "the answer of the token server login.test holds no access token"),
            (
                200,
                r#"{"access_token":"a b\r\n"}"#,
                "the answer of the token server login.test holds no usable token",
            ),
            (
                200,
                r#"{"access_token":""}"#,
                "the answer of the token server login.test holds no usable token",
            ),
            (
                200,
                r#"{"access_token":"a","token_type":"mac"}"#,
                "the answer of the token server login.test holds a token of another kind than Bearer",
            ),
        ] {
            assert_eq!(answered(status, body).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn what_is_asked_depends_on_the_grant() {
        let asked = Asked {
            url: "https://login.test/token",
            client_id: "a&b",
            client_secret: Some("s=1".into()),
            scope: Some("mail offline"),
            refresh_token: None,
        };
        assert_eq!(
            form(&asked),
            "grant_type=client_credentials&client_id=a%26b&client_secret=s%3D1&scope=mail+offline"
        );
        let asked = Asked { client_secret: None, scope: None, refresh_token: Some("r".into()), ..asked };
        assert_eq!(form(&asked), "grant_type=refresh_token&client_id=a%26b&refresh_token=r");
    }
}
