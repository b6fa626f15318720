//! Names to addresses and texts, by the system's resolver or by answers that a test gives.
//!
//! Judges no address; that is `guard`'s.

use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::NameServerConfig;
use hickory_resolver::config::ResolverConfig;
use hickory_resolver::net::NetError as HickoryError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::proto::rr::RecordType;

/// How long one question may take in all.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Where DNS answers come from.
#[derive(Clone)]
pub enum Resolver {
    System(Arc<TokioResolver>),
    Fixed(Arc<Fixed>),
}

/// Answers made up beforehand. Each question takes the next one; the last one stays.
#[derive(Debug, Default)]
pub struct Fixed {
    addresses: HashMap<String, Mutex<VecDeque<Vec<IpAddr>>>>,
    texts: HashMap<String, Vec<Vec<u8>>>,
    failing: HashSet<String>,
}

/// Why a name has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnsError {
    #[error("there is no host called {0}")]
    Missing(String),
    #[error("the name {0} could not be looked up")]
    Failed(String),
    #[error("the system has no resolver that can be used")]
    NoResolver,
}

impl Resolver {
    /// The machine's own resolver, as in `/etc/resolv.conf` and `/etc/hosts`.
    pub fn system() -> Result<Self, DnsError> {
        let resolver = TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build);
        resolver.map(|resolver| Self::System(Arc::new(resolver))).map_err(|_| DnsError::NoResolver)
    }

    /// These name servers in place of the machine's; without any, the machine's own.
    pub fn of(servers: &[SocketAddr]) -> Result<Self, DnsError> {
        if servers.is_empty() {
            return Self::system();
        }
        let servers = servers.iter().map(|server| {
            let mut config = NameServerConfig::udp_and_tcp(server.ip());
            for connection in &mut config.connections {
                connection.port = server.port();
            }
            config
        });
        let config = ResolverConfig::from_name_servers(servers.collect());
        let provider = TokioRuntimeProvider::default();
        let resolver = TokioResolver::builder_with_config(config, provider).build();
        resolver.map(|resolver| Self::System(Arc::new(resolver))).map_err(|_| DnsError::NoResolver)
    }

    pub fn fixed(answers: Fixed) -> Self {
        Self::Fixed(Arc::new(answers))
    }

    /// All addresses of a host; never an empty list.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DnsError> {
        let addresses = match self {
            Self::Fixed(fixed) => fixed.next_addresses(host),
            Self::System(resolver) => {
                let lookup = in_time(host, resolver.lookup_ip(host)).await?;
                lookup.iter().collect()
            }
        };
        if addresses.is_empty() { Err(DnsError::Missing(host.to_owned())) } else { Ok(addresses) }
    }

    /// The TXT records of a name, each with its strings joined.
    pub async fn texts(&self, name: &str) -> Result<Vec<Vec<u8>>, DnsError> {
        let texts: Vec<Vec<u8>> = match self {
            Self::Fixed(fixed) if fixed.failing.contains(&key(name)) => {
                return Err(DnsError::Failed(name.to_owned()));
            }
            Self::Fixed(fixed) => fixed.texts.get(&key(name)).cloned().unwrap_or_default(),
            Self::System(resolver) => {
                let lookup = in_time(name, resolver.lookup(name, RecordType::TXT)).await?;
                let texts = lookup.answers().iter().filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(text.txt_data.concat()),
                    _ => None,
                });
                texts.collect()
            }
        };
        if texts.is_empty() { Err(DnsError::Missing(name.to_owned())) } else { Ok(texts) }
    }
}

impl Fixed {
    #[must_use]
    pub fn address(mut self, host: &str, addresses: &[IpAddr]) -> Self {
        let answers = self.addresses.entry(key(host)).or_default();
        answers.get_mut().unwrap_or_else(PoisonError::into_inner).push_back(addresses.to_vec());
        self
    }

    #[must_use]
    pub fn text(mut self, name: &str, text: &str) -> Self {
        self.texts.entry(key(name)).or_default().push(text.as_bytes().to_vec());
        self
    }

    /// A name whose servers do not answer questions for texts.
    #[must_use]
    pub fn failing(mut self, name: &str) -> Self {
        self.failing.insert(key(name));
        self
    }

    fn next_addresses(&self, host: &str) -> Vec<IpAddr> {
        let Some(answers) = self.addresses.get(&key(host)) else { return vec![] };
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.unwrap_or_default()
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System(_) => "Resolver::System",
            Self::Fixed(_) => "Resolver::Fixed",
        })
    }
}

async fn in_time<T>(
    name: &str,
    question: impl Future<Output = Result<T, HickoryError>>,
) -> Result<T, DnsError> {
    match tokio::time::timeout(TIMEOUT, question).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) if error.is_no_records_found() => Err(DnsError::Missing(name.to_owned())),
        Ok(Err(_)) | Err(_) => Err(DnsError::Failed(name.to_owned())),
    }
}

fn key(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn fixed_answers_come_in_turn_and_the_last_one_stays() {
        let resolver = Resolver::fixed(
            Fixed::default().address("A.example", &[ip("1.1.1.1")]).address("a.example", &[ip("127.0.0.1")]),
        );
        let mut seen = vec![];
        for _ in 0..3 {
            seen.extend(resolver.addresses("a.example.").await.unwrap());
        }
        assert_eq!(seen, [ip("1.1.1.1"), ip("127.0.0.1"), ip("127.0.0.1")]);
        assert_eq!(resolver.addresses("b.example").await, Err(DnsError::Missing("b.example".into())));
    }

    #[tokio::test]
    async fn texts_are_found_by_name() {
        let resolver = Resolver::fixed(Fixed::default().text("_dmarc.a.example", "v=DMARC1; p=none"));
        assert_eq!(resolver.texts("_DMARC.a.example").await.unwrap(), [b"v=DMARC1; p=none".to_vec()]);
        assert!(matches!(resolver.texts("a.example").await, Err(DnsError::Missing(_))));
        let silent = Resolver::fixed(Fixed::default().text("a.example", "x").failing("A.example."));
        assert!(matches!(silent.texts("a.example").await, Err(DnsError::Failed(_))));
    }
}
