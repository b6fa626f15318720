//! Sending one guarded request.
//!
//! Keeps no connection, cookie or cache, uses no proxy, and asks for no compression: what a partner sends is
//! what is counted. Retries are the caller's.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use reqwest::header;
use url::Host;
use url::Url;

use crate::net::Extent;
use crate::net::Limits;
use crate::net::MOST_REDIRECTS;
use crate::net::Method;
use crate::net::NetError;
use crate::net::Request;
use crate::net::Response;
use crate::net::dns::Resolver;
use crate::net::guard;
use crate::net::guard::Networks;
use crate::net::hop;
use crate::net::hop::Reach;
use crate::tls;
use crate::tls::Trust;
use crate::tls::pin::Pin;

/// An address that does not take a connection in this time is given up for the next one.
const CONNECT: Duration = Duration::from_secs(10);
/// A host with more addresses than this is called at the first ones.
const MOST_ADDRESSES: usize = 8;
const USER_AGENT: &str = concat!("helpdeskd/", env!("CARGO_PKG_VERSION"));

/// Sends requests to hosts that outsiders name.
#[derive(Clone)]
pub struct Client {
    resolver: Resolver,
    trust: Trust,
    networks: Networks,
}

/// The only addresses that one connection may go to, whatever name is asked for.
struct Pinned(Vec<SocketAddr>);

impl Client {
    pub fn new(resolver: Resolver, trust: Trust, networks: Networks) -> Self {
        Self { resolver, trust, networks }
    }

    /// Sends a request that may carry a secret: at most two redirects, within the same host.
    ///
    /// A body beyond the limit is cut, the rest never read.
    pub async fn send(&self, request: &Request) -> Result<Response, NetError> {
        let exchange = self.exchange(request, Reach::SameHost);
        match tokio::time::timeout(request.limits.time, exchange).await {
            Ok(result) => result,
            Err(_) => Err(late(&request.url, request.limits)),
        }
    }

    /// Fetches a file without any secret: redirects may lead to other hosts, each guarded anew.
    ///
    /// A file beyond the limit is an error.
    pub(crate) async fn download(&self, url: &str, limits: Limits) -> Result<Response, NetError> {
        let headers = vec![("accept".to_owned(), "*/*".to_owned())];
        let request = Request { method: Method::Get, url: url.to_owned(), headers, body: vec![], limits };
        match tokio::time::timeout(limits.time, self.exchange(&request, Reach::Anywhere)).await {
            Ok(Ok(response)) if response.extent == Extent::Cut => {
                Err(NetError::Size { host: shown(url), limit: limits.bytes })
            }
            Ok(result) => result,
            Err(_) => Err(late(url, limits)),
        }
    }

    async fn exchange(&self, request: &Request, reach: Reach) -> Result<Response, NetError> {
        let mut url = hop::start(&request.url, self.networks)?;
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.hop(request, &url).await?;
            match redirect(&answer) {
                Some(location) => url = hop::next(&url, &location, reach, self.networks)?,
                None => return read(answer, &url, request.limits.bytes).await,
            }
        }
        Err(NetError::Redirects { host: hop::host(&url) })
    }

    /// One connection to one checked host.
    async fn hop(&self, request: &Request, url: &Url) -> Result<reqwest::Response, NetError> {
        let port = url.port_or_known_default().unwrap_or_default();
        let addresses = self.checked(url).await?;
        let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect();
        let client = self.client(url, addresses, request.limits)?;
        let mut builder = client.request(method(request.method), url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if request.method != Method::Get {
            // An empty body has a length as well: some servers wait for one otherwise.
            builder = builder.header(header::CONTENT_LENGTH, request.body.len()).body(request.body.clone());
        }
        builder.send().await.map_err(|error| failure(&error, url))
    }

    /// A client that knows one host only, and that one by the checked addresses.
    fn client(
        &self,
        url: &Url,
        addresses: Vec<SocketAddr>,
        limits: Limits,
    ) -> Result<reqwest::Client, NetError> {
        // Plain http needs no authorities, which some machines do not have.
        let nobody = Trust { pin: Some(Pin([0; 32])), ca_file: None };
        let trust = if url.scheme() == "https" { &self.trust } else { &nobody };
        let tls = tls::client_config(trust)
            .map_err(|error| NetError::Tls { host: hop::host(url), reason: error.to_string() })?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(Arc::unwrap_or_clone(tls))
            .dns_resolver(Arc::new(Pinned(addresses)))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT.min(limits.time))
            .user_agent(USER_AGENT)
            .build()
            .map_err(|error| failure(&error, url))
    }

    /// The addresses of a URL's host, if every one of them may be called.
    ///
    /// One forbidden address among good ones is a trap, not an accident.
    async fn checked(&self, url: &Url) -> Result<Vec<IpAddr>, NetError> {
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => self.resolver.addresses(name).await?,
            None => return Err(NetError::Url),
        };
        for address in &addresses {
            guard::check(*address, self.networks)
                .map_err(|reason| NetError::Address { host: hop::host(url), reason })?;
        }
        Ok(addresses.into_iter().take(MOST_ADDRESSES).collect())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("networks", &self.networks).finish_non_exhaustive()
    }
}

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Where an answer redirects to, if it is one of the codes that mean it.
fn redirect(answer: &reqwest::Response) -> Option<String> {
    let redirects = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    redirects.contains(&answer.status()).then(|| location.to_owned())
}

async fn read(mut answer: reqwest::Response, url: &Url, limit: usize) -> Result<Response, NetError> {
    let headers = answer.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let mut response = Response {
        status: answer.status().as_u16(),
        headers: headers.collect(),
        body: vec![],
        extent: Extent::Whole,
    };
    while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error, url))? {
        let room = limit - response.body.len();
        response.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            response.extent = Extent::Cut;
            break;
        }
    }
    Ok(response)
}

fn late(url: &str, limits: Limits) -> NetError {
    NetError::Time { host: shown(url), limit: limits.time }
}

fn shown(url: &str) -> String {
    Url::parse(url).map_or_else(|_| "the host".to_owned(), |url| hop::host(&url))
}

/// One sentence for what went wrong. Only the innermost cause is shown: the outer ones repeat the URL.
fn failure(error: &reqwest::Error, url: &Url) -> NetError {
    let host = hop::host(url);
    if let Some(reason) = tls::reason_within(error) {
        return NetError::Tls { host, reason };
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let reason = cause.to_string();
    match error {
        error if error.is_connect() => NetError::Connect { host, reason },
        error if error.is_builder() => NetError::Request { host, reason: "a header is not valid".to_owned() },
        _ => NetError::Broken { host, reason },
    }
}

#[cfg(test)]
mod tests;
