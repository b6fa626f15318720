//! The network beyond mail: guarded HTTP requests to hosts that outsiders name, and DNS.
//!
//! Knows nothing of tickets, partners or tokens. It never follows a name or a redirect into the own network
//! unless an operator allows that, and never takes more bytes or time than the caller gave.

pub mod client;
pub mod dns;
pub mod guard;

mod hop;

use std::fmt;
use std::time::Duration;

use crate::net::dns::DnsError;

/// More redirects of one request than this are a loop or a trap.
const MOST_REDIRECTS: usize = 2;

/// A verb of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// One request. Redirects repeat it as it is, headers and body included.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub limits: Limits,
}

/// What one request may cost, redirects included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub time: Duration,
    /// Bytes of the answer's body that are read.
    pub bytes: usize,
}

/// What a host answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub extent: Extent,
}

/// Whether a body is all that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    /// It went on beyond the limit, and the connection was closed.
    Cut,
}

/// Why there is no answer. The sentences name the host and never the path, which may hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error("the URL is not valid")]
    Url,
    #[error("the URL must start with https://")]
    Scheme,
    #[error("{host} is at an address that must not be called from here ({reason})")]
    Address { host: String, reason: &'static str },
    #[error(transparent)]
    Dns(#[from] DnsError),
    #[error("no connection to {host}: {reason}")]
    Connect { host: String, reason: String },
    #[error("no secure connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    #[error("{host} took longer than {} s", limit.as_secs_f32())]
    Time { host: String, limit: Duration },
    #[error("{host} redirects to {target}, where the request must not go")]
    Redirect { host: String, target: String },
    #[error("{host} redirects more than {} times", MOST_REDIRECTS)]
    Redirects { host: String },
    #[error("the file at {host} is larger than {limit} bytes")]
    Size { host: String, limit: usize },
    #[error("the connection to {host} broke: {reason}")]
    Broken { host: String, reason: String },
    #[error("the request to {host} cannot be made: {reason}")]
    Request { host: String, reason: String },
}

impl Response {
    /// The first field of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Request {
    /// Without headers, body and path: they hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
