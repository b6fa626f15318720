//! `[[smtp]]`: the accounts that send.
//!
//! How mail is handed over is in `smtp`.

use std::path::PathBuf;

use serde::Deserialize;

use crate::config::oauth::OAuth;
use crate::config::server;
use crate::config::server::Login;
use crate::config::server::Plaintext;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::config::server::Written;
use crate::config::server::WrittenLogin;
use crate::config::value;
use crate::secret::Secret;

/// A named way for mail to leave, and how much may leave by it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "WrittenAccount")]
pub struct SmtpAccount {
    pub name: String,
    pub transport: SmtpTransport,
    pub max_connections: u32,
    /// `None` is no limit.
    pub(crate) max_per_minute: Option<u32>,
}

#[derive(Clone, Debug)]
pub enum SmtpTransport {
    Server(Box<SmtpServer>),
    /// Mail is written to files.
    Directory(PathBuf),
}

/// A server that takes mail; without a log-in for one that asks for none.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    pub server: Server,
    pub login: Option<Login>,
    /// The name to greet with; without one, this machine's address.
    pub hello: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAccount {
    #[serde(deserialize_with = "value::line")]
    name: String,
    host: Option<String>,
    port: Option<u16>,
    tls: Tls,
    allow_plaintext: bool,
    #[serde(deserialize_with = "value::optional_path")]
    ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "value::optional_text")]
    pin: Option<String>,
    username: Option<String>,
    password: Option<Secret>,
    token: Option<Secret>,
    oauth: Option<OAuth>,
    directory: Option<PathBuf>,
    #[serde(deserialize_with = "value::optional_text")]
    hello: Option<String>,
    max_connections: u32,
    max_per_minute: u32,
}

impl TryFrom<WrittenAccount> for SmtpAccount {
    type Error = String;

    fn try_from(mut written: WrittenAccount) -> Result<Self, String> {
        if !(1..=100).contains(&written.max_connections) {
            return Err("`max_connections` must be from 1 to 100".to_owned());
        }
        Ok(Self {
            name: std::mem::take(&mut written.name),
            max_connections: written.max_connections,
            max_per_minute: Some(written.max_per_minute).filter(|&limit| limit > 0),
            transport: transport(written)?,
        })
    }
}

fn transport(written: WrittenAccount) -> Result<SmtpTransport, String> {
    let host = match (written.host, written.directory) {
        (Some(_), Some(_)) => return Err("has both `host` and `directory`; leave one out".to_owned()),
        (None, None) => return Err("needs `host`, or `directory`".to_owned()),
        (None, Some(directory)) => return Ok(SmtpTransport::Directory(directory)),
        (Some(host), None) => host,
    };
    if written.hello.as_deref().is_some_and(|name| !name.chars().all(|c| c.is_ascii_graphic())) {
        return Err("`hello` must be a host name".to_owned());
    }
    let server = Written {
        host,
        port: written.port,
        tls: written.tls,
        plaintext: if written.allow_plaintext { Plaintext::Anywhere } else { Plaintext::Local },
        ca_file: written.ca_file,
        pin: written.pin,
    };
    let login = server::login(WrittenLogin {
        username: written.username,
        password: written.password,
        token: written.token,
        oauth: written.oauth,
    })?;
    let server = server.checked([465, 587, 25])?;
    Ok(SmtpTransport::Server(Box::new(SmtpServer { server, login, hello: written.hello })))
}
