//! How to reach a mail server and log in there; the same for receiving and sending.
//!
//! Speaks to nobody.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;

use crate::config::oauth::OAuth;
use crate::secret::Secret;
use crate::secret::SecretError;
use crate::tls::Trust;
use crate::tls::pin::Pin;

/// One mail server, as one account sees it.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub trust: Trust,
}

/// When the connection becomes encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    Implicit,
    StartTls,
    None,
}

/// Who we say we are, and how we prove it.
#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub proof: Proof,
}

#[derive(Clone, Debug)]
pub enum Proof {
    Password(Secret),
    /// An OAuth 2.0 access token that somebody else fetches.
    Token(Secret),
    /// An OAuth 2.0 access token that is fetched when it is needed.
    OAuth(Box<OAuth>),
}

/// A log-in whose secret was fetched.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub username: String,
    pub proof: Resolved,
}

/// What the secret turned out to be.
#[derive(Clone, Debug)]
pub enum Resolved {
    Password(SecretString),
    Token(SecretString),
}

impl Server {
    /// Whether its host is this machine.
    pub(crate) fn is_local(&self) -> bool {
        is_local(&self.host)
    }
}

impl Login {
    /// Reads the secret, anew for each connection; nothing if a token must be fetched with it first.
    pub async fn resolve(&self) -> Result<Option<Credentials>, SecretError> {
        let proof = match &self.proof {
            Proof::Password(secret) => Resolved::Password(secret.resolve().await?),
            Proof::Token(secret) => Resolved::Token(secret.resolve().await?),
            Proof::OAuth(_) => return Ok(None),
        };
        Ok(Some(Credentials { username: self.username.clone(), proof }))
    }

    /// Every secret that it is configured with.
    pub fn secrets(&self) -> Vec<&Secret> {
        match &self.proof {
            Proof::Password(secret) | Proof::Token(secret) => vec![secret],
            Proof::OAuth(oauth) => oauth.secrets(),
        }
    }
}

impl Credentials {
    /// The access token, if it is one.
    pub fn token(&self) -> Option<&SecretString> {
        match &self.proof {
            Resolved::Token(token) => Some(token),
            Resolved::Password(_) => None,
        }
    }

    /// The answer to an XOAUTH2 challenge, with the token in it.
    pub(crate) fn xoauth2(&self, token: &SecretString) -> SecretString {
        format!("user={}\x01auth=Bearer {}\x01\x01", self.username, token.expose_secret()).into()
    }

    /// What a server says in one line, without what it repeats of us.
    pub(crate) fn redact(&self, text: &str) -> String {
        let (Resolved::Password(secret) | Resolved::Token(secret)) = &self.proof;
        let mut shown = text.to_owned();
        for (own, shortest) in [(secret.expose_secret(), 1), (self.username.as_str(), 3)] {
            if own.len() >= shortest {
                shown = shown.replace(own, "…");
            }
        }
        one_line(&shown)
    }
}

/// A stranger's text as one line of bearable length.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(200).collect()
}

/// The keys of a server as they are written.
#[derive(Debug)]
pub struct Written {
    pub host: String,
    pub port: Option<u16>,
    pub tls: Tls,
    pub(crate) plaintext: Plaintext,
    pub ca_file: Option<PathBuf>,
    pub pin: Option<String>,
}

/// Whether clear text may go over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plaintext {
    Local,
    Anywhere,
}

impl Written {
    /// Checks the keys against each other; `ports` are those for implicit TLS, STARTTLS and none.
    pub fn checked(self, ports: [u16; 3]) -> Result<Server, String> {
        let [implicit, starttls, none] = ports;
        let usual = match self.tls {
            Tls::Implicit => implicit,
            Tls::StartTls => starttls,
            Tls::None => none,
        };
        if self.host.is_empty() || self.host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/')
        {
            return Err("`host` must be a host name or an address".to_owned());
        }
        if self.tls == Tls::None && self.plaintext == Plaintext::Local && !is_local(&self.host) {
            return Err("`tls` = \"none\" sends passwords in clear text; \
                        use implicit or starttls, or set `allow_plaintext = true`"
                .to_owned());
        }
        let pin = match self.pin {
            Some(text) => {
                Some(Pin::parse(&text).ok_or("`pin` must be 64 hexadecimal digits, with or without colons")?)
            }
            None => None,
        };
        let trust = Trust { ca_file: self.ca_file, pin };
        Ok(Server { host: self.host, port: self.port.unwrap_or(usual), tls: self.tls, trust })
    }
}

/// The keys of a log-in as they are written.
#[derive(Debug)]
pub struct WrittenLogin {
    pub username: Option<String>,
    pub password: Option<Secret>,
    pub token: Option<Secret>,
    pub oauth: Option<OAuth>,
}

/// Puts a log-in together; none when no key of it is there.
pub fn login(written: WrittenLogin) -> Result<Option<Login>, String> {
    let WrittenLogin { username, password, token, oauth } = written;
    let proof = match (password, token, oauth) {
        (Some(password), None, None) => Proof::Password(password),
        (None, Some(token), None) => Proof::Token(token),
        (None, None, Some(oauth)) => Proof::OAuth(Box::new(oauth)),
        (None, None, None) if username.is_some() => {
            return Err("has `username` but neither `password` nor `token` nor `oauth`".to_owned());
        }
        (None, None, None) => return Ok(None),
        (Some(_), Some(_), _) => return Err("has both `password` and `token`; leave one out".to_owned()),
        (Some(_), _, Some(_)) => return Err("has both `password` and `oauth`; leave one out".to_owned()),
        (_, Some(_), Some(_)) => return Err("has both `token` and `oauth`; leave one out".to_owned()),
    };
    match username.filter(|name| !name.is_empty()) {
        Some(username) => Ok(Some(Login { username, proof })),
        None => Err("has no `username`".to_owned()),
    }
}

fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
