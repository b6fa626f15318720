//! `oauth`: how an account gets its access tokens (OAuth 2.0, RFC 6749) instead of having a password.
//!
//! Nothing is fetched here; that is for `worker`, which may name the network.

use std::path::PathBuf;

use serde::Deserialize;
use url::Host;
use url::Url;

use crate::config::value;
use crate::secret::Secret;

/// Where tokens come from, and what they are asked for with.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "WrittenOAuth")]
pub struct OAuth {
    pub token_url: String,
    pub client_id: String,
    /// `None` for a client that has none; only a refresh token is asked for then.
    pub client_secret: Option<Secret>,
    pub grant: Grant,
    pub scope: Option<String>,
    /// The token server's own authority.
    pub ca_file: Option<PathBuf>,
}

/// What makes the token server give a token.
#[derive(Clone, Debug)]
pub enum Grant {
    /// The client's own right to the mailbox (RFC 6749 §4.4).
    ClientCredentials,
    /// The consent of the mailbox's owner, with its first refresh token (RFC 6749 §6).
    RefreshToken(Secret),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOAuth {
    token_url: String,
    #[serde(deserialize_with = "value::line")]
    client_id: String,
    client_secret: Option<Secret>,
    grant: WrittenGrant,
    scope: Option<String>,
    refresh_token: Option<Secret>,
    ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenGrant {
    ClientCredentials,
    RefreshToken,
}

impl TryFrom<WrittenOAuth> for OAuth {
    type Error = String;

    fn try_from(written: WrittenOAuth) -> Result<Self, String> {
        check_url(&written.token_url)?;
        let grant = match (written.grant, written.refresh_token) {
            (WrittenGrant::ClientCredentials, None) if written.client_secret.is_none() => {
                return Err("`grant` = \"client_credentials\" needs `client_secret`".to_owned());
            }
            (WrittenGrant::ClientCredentials, None) => Grant::ClientCredentials,
            (WrittenGrant::ClientCredentials, Some(_)) => {
                return Err("`refresh_token` is only for `grant` = \"refresh_token\"".to_owned());
            }
            (WrittenGrant::RefreshToken, Some(token)) => Grant::RefreshToken(token),
            (WrittenGrant::RefreshToken, None) => {
                return Err("`grant` = \"refresh_token\" needs `refresh_token`".to_owned());
            }
        };
        Ok(Self {
            token_url: written.token_url,
            client_id: written.client_id,
            client_secret: written.client_secret,
            grant,
            scope: written.scope.filter(|scope| !scope.is_empty()),
            ca_file: written.ca_file.filter(|file| !file.as_os_str().is_empty()),
        })
    }
}

impl OAuth {
    /// Every secret of it.
    pub fn secrets(&self) -> Vec<&Secret> {
        let refresh = match &self.grant {
            Grant::RefreshToken(token) => Some(token),
            Grant::ClientCredentials => None,
        };
        self.client_secret.iter().chain(refresh).collect()
    }

    /// Every secret of it, to be found beside the configuration.
    pub(crate) fn secrets_mut(&mut self) -> impl Iterator<Item = &mut Secret> {
        let refresh = match &mut self.grant {
            Grant::RefreshToken(token) => Some(token),
            Grant::ClientCredentials => None,
        };
        self.client_secret.iter_mut().chain(refresh)
    }
}

/// The secrets go there, so it is encrypted, or on this machine.
fn check_url(text: &str) -> Result<(), String> {
    let wrong = || Err("`token_url` must be a URL such as https://login.example.com/token".to_owned());
    let Ok(url) = Url::parse(text) else { return wrong() };
    let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    match url.scheme() {
        "https" if is_bare => Ok(()),
        "http" if is_bare && is_here(&url) => Ok(()),
        "http" => Err("`token_url` must begin with https://, or name this machine".to_owned()),
        _ => wrong(),
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFRESH: &str = "client_id = \"me\"\ngrant = \"refresh_token\"\nrefresh_token = \"first\"\n";

    fn parse(text: &str) -> Result<OAuth, String> {
        toml::from_str::<OAuth>(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn both_grants_are_read() {
        let url = "token_url = \"https://login.example.com/token\"\n";
        let refresh = parse(&format!("{url}{REFRESH}scope = \"\"\n")).unwrap();
        assert!(matches!(refresh.grant, Grant::RefreshToken(_)) && refresh.scope.is_none());
        let text = format!(
            "{url}client_id = \"me\"\nclient_secret = \"env:X\"\ngrant = \"client_credentials\"\nscope = \"mail\"\n"
        );
        let client = parse(&text).unwrap();
        assert!(matches!(client.grant, Grant::ClientCredentials));
        assert_eq!(client.scope.as_deref(), Some("mail"));
        assert_eq!(parse(&format!("{url}{REFRESH}")).unwrap().secrets().len(), 1);
    }

    #[test]
    fn secrets_go_only_to_an_encrypted_or_a_local_server() {
        for (url, fits) in [
            ("https://login.example.com/token?x=1", true),
            ("http://127.0.0.1:8080/token", true),
            ("http://[::1]/token", true),
            ("http://localhost/token", true),
            ("http://login.example.com/token", false),
            ("http://127.0.0.1.example.com/token", false),
            ("https://me:pw@login.example.com/", false),
            ("ftp://login.example.com/", false),
            ("login.example.com", false),
        ] {
            assert_eq!(parse(&format!("token_url = \"{url}\"\n{REFRESH}")).is_ok(), fits, "{url}");
        }
    }

    #[test]
    fn what_a_grant_lacks_or_has_too_much_is_named() {
        let url = "token_url = \"https://login.example.com/token\"\nclient_id = \"me\"\n";
        for (rest, part) in [
            ("grant = \"refresh_token\"", "needs `refresh_token`"),
            ("grant = \"client_credentials\"", "needs `client_secret`"),
            (
                "grant = \"client_credentials\"\nclient_secret = \"s\"\nrefresh_token = \"t\"",
                "only for `grant` = \"refresh_token\"",
            ),
            ("grant = \"password\"", "password"),
            ("grant = \"refresh_token\"\nrefresh_token = \"t\"\nscopes = \"x\"", "scopes"),
        ] {
            let mistake = parse(&format!("{url}{rest}")).unwrap_err();
            assert!(mistake.contains(part), "{mistake}");
        }
    }
}
