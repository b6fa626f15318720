//! What we may answer a partner: only the codes that the reference client takes without raising.
//!
//! Bytes and connections belong to the HTTP door. There is no 400, 409, 413, 415 or 429 here on purpose.

use std::time::Duration;

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A read-back, as JSON.
    Found(String),
    Created,
    Updated,
    Deleted,
    Refused(Refusal),
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No token, unknown agreement or wrong key: one answer for all three.
    #[error("the sharing token is missing or wrong")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("there is no such ticket under this agreement")]
    NotFound,
    #[error("only {0} are possible here")]
    WrongVerb(&'static str),
    #[error("{0}")]
    Gone(&'static str),
    #[error("{0}")]
    Invalid(String),
    #[error("too much at once, try again later")]
    Busy(Duration),
}

impl Answer {
    pub fn status(&self) -> u16 {
        match self {
            Self::Found(_) | Self::Updated => 200,
            Self::Created => 201,
            Self::Deleted => 204,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    /// The header fields beside `Content-Length`, which must always be there.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("x-ticket-sharing-version", "1".to_owned())];
        if matches!(self, Self::Found(_) | Self::Refused(_)) {
            headers.push(("content-type", "application/json".to_owned()));
        }
        match self {
            Self::Refused(Refusal::Unauthorized) => {
                headers.push(("www-authenticate", "X-Ticket-Sharing".to_owned()));
            }
            Self::Refused(Refusal::WrongVerb(allowed)) => headers.push(("allow", (*allowed).to_owned())),
            Self::Refused(Refusal::Busy(wait)) => {
                headers.push(("retry-after", wait.as_secs().max(1).to_string()));
            }
            _ => {}
        }
        headers
    }

    /// The body; empty for plain success, which no client reads.
    pub fn body(&self) -> String {
        match self {
            Self::Found(json) => json.clone(),
            Self::Refused(refusal) => serde_json::json!({ "error": refusal.to_string() }).to_string(),
            Self::Created | Self::Updated | Self::Deleted => String::new(),
        }
    }
}

impl Refusal {
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::WrongVerb(_) => 405,
            Self::Gone(_) => 410,
            Self::Invalid(_) => 422,
            Self::Busy(_) => 503,
        }
    }

    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Refuses a protocol version that is not ours; the reference client sends none.
pub(crate) fn check_version(header: Option<&str>) -> Result<(), Refusal> {
    match header.map(str::trim) {
        None | Some("" | "1") => Ok(()),
        Some(_) => Err(Refusal::invalid("only version 1 of ticket sharing is spoken here")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reference client takes as success or as a quiet failure.
    const QUIET: [u16; 10] = [200, 201, 204, 401, 403, 404, 405, 410, 422, 503];

    fn every_answer() -> Vec<Answer> {
        let refusals = [
            Refusal::Unauthorized,
            Refusal::Forbidden("no"),
            Refusal::NotFound,
            Refusal::WrongVerb("GET"),
            Refusal::Gone("ended"),
            Refusal::invalid("bad \"uuid\"\n\\"),
            Refusal::Busy(Duration::ZERO),
        ];
        let mut all = vec![Answer::Found("{}".into()), Answer::Created, Answer::Updated, Answer::Deleted];
        all.extend(refusals.map(Answer::Refused));
        all
    }

    #[test]
    fn no_answer_makes_the_reference_client_raise() {
        for answer in every_answer() {
            assert!(QUIET.contains(&answer.status()), "{answer:?}");
        }
    }

    #[test]
    fn every_refusal_says_why_as_json_and_success_says_nothing() {
        for answer in every_answer() {
            let body = answer.body();
            match &answer {
                Answer::Refused(refusal) => {
                    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
                    assert_eq!(json["error"], refusal.to_string());
                }
                Answer::Found(_) => assert_eq!(body, "{}"),
                _ => assert_eq!(body, ""),
            }
        }
    }

    #[test]
    fn a_refusal_carries_the_header_that_its_code_needs() {
        let has = |answer: Refusal, name: &str| {
            Answer::from(answer).headers().into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
        };
        assert_eq!(has(Refusal::Unauthorized, "www-authenticate").as_deref(), Some("X-Ticket-Sharing"));
        assert_eq!(has(Refusal::WrongVerb("PUT, GET"), "allow").as_deref(), Some("PUT, GET"));
        assert_eq!(has(Refusal::Busy(Duration::from_millis(20)), "retry-after").as_deref(), Some("1"));
        assert_eq!(has(Refusal::NotFound, "x-ticket-sharing-version").as_deref(), Some("1"));
    }

    #[test]
    fn an_absent_version_is_as_good_as_version_one() {
        for good in [None, Some("1"), Some(" 1 "), Some("")] {
            assert_eq!(check_version(good), Ok(()));
        }
        for bad in ["2", "1.0", "one", "11"] {
            assert_eq!(check_version(Some(bad)).unwrap_err().status(), 422);
        }
    }
}
