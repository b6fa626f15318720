//! The sharing base URL of a side, and the URLs of resources below it.
//!
//! Whether it may be called, and over which network, is decided where the call is made.

use std::fmt;

use serde::Serialize;
use url::Url;

use crate::sharing::limits;
use crate::sharing::token::WireId;

/// A base in one spelling: lower-case host, no default port, no trailing slash. Equal bases are the same side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Base(String);

/// Why a text is no base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    #[error("a sharing URL starts with https:// or http:// and names a host")]
    NotWeb,
    #[error("a sharing URL cannot hold a user name or password")]
    Credentials,
    /// The reference client puts the path of a resource behind the query.
    #[error("a sharing URL cannot have a query or a fragment")]
    Query,
    #[error("a sharing URL has at most {} characters", limits::URL)]
    Long,
}

impl Base {
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let text = text.trim();
        if text.len() > limits::URL {
            return Err(BaseError::Long);
        }
        let url = Url::parse(text).map_err(|_| BaseError::NotWeb)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(BaseError::NotWeb);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseError::Query);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What an admin should look at before accepting: the name in an invitation can be anything.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    pub(crate) fn agreement_url(&self, id: &WireId) -> String {
        format!("{}/agreements/{id}", self.0)
    }

    pub(crate) fn ticket_url(&self, id: &WireId) -> String {
        format!("{}/tickets/{id}", self.0)
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A URL of an attachment that may be fetched or linked to: http or https with a host, nothing else.
pub(crate) fn is_web_url(text: &str) -> bool {
    text.len() <= limits::URL
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_base_are_equal() {
        for same in [
            "https://Desk.Example/sharing",
            "https://desk.example:443/sharing/",
            " https://desk.example/sharing// ",
        ] {
            assert_eq!(Base::parse(same).unwrap().as_str(), "https://desk.example/sharing");
        }
        assert_eq!(Base::parse("http://desk.example/").unwrap().as_str(), "http://desk.example");
        assert_ne!(Base::parse("https://d/Sharing"), Base::parse("https://d/sharing"));
    }

    #[test]
    fn resources_are_below_the_base() {
        let base = Base::parse("http://127.0.0.1:8080/a/b/").unwrap();
        let id = WireId::parse("t1").unwrap();
        assert_eq!(base.ticket_url(&id), "http://127.0.0.1:8080/a/b/tickets/t1");
        assert_eq!(base.agreement_url(&id), "http://127.0.0.1:8080/a/b/agreements/t1");
        assert_eq!(base.host(), "127.0.0.1:8080");
    }

    #[test]
    fn what_cannot_be_a_base_is_refused_with_the_reason() {
        for (text, why) in [
            ("", BaseError::NotWeb),
            ("desk.example/sharing", BaseError::NotWeb),
            ("ftp://desk.example", BaseError::NotWeb),
            ("file:///etc/passwd", BaseError::NotWeb),
            ("javascript:alert(1)", BaseError::NotWeb),
            ("https://joe:pw@desk.example/", BaseError::Credentials),
            ("https://desk.example/sharing?x=1", BaseError::Query),
            ("https://desk.example/sharing#x", BaseError::Query),
        ] {
            assert_eq!(Base::parse(text), Err(why), "{text}");
        }
        assert_eq!(Base::parse(&format!("https://d/{}", "x".repeat(5_000))), Err(BaseError::Long));
    }

    #[test]
    fn only_web_urls_are_fetched_or_linked() {
        assert!(is_web_url("http://127.0.0.1:45825/sharing/../files/fire%20photo.jpg"));
        for bad in ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//x/y", "", "http://"] {
            assert!(!is_web_url(bad), "{bad}");
        }
    }
}
