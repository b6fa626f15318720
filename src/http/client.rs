//! Whose address a request comes from, also behind a proxy that is trusted to say so.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use axum::http::HeaderMap;

use crate::config::value::Network;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Default for Peer {
    /// Nobody in particular.
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// The address that the request came from: the last in `X-Forwarded-For` that no trusted proxy has.
///
/// What stands further to the left was written by whoever sent the request, and proves nothing.
pub(crate) fn address(peer: Peer, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut address = peer.0.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(address) {
            break;
        }
        let Some(before) = parse(hop.trim()) else { break };
        address = before.to_canonical();
    }
    address
}

/// Whether a request names the one it is for, and comes from nobody who is trusted to.
pub(crate) fn speaks_for_others(peer: Peer, headers: &HeaderMap, trusted: &[Network]) -> bool {
    let address = peer.0.to_canonical();
    headers.contains_key("x-forwarded-for") && !trusted.iter().any(|network| network.contains(address))
}

/// What an address is counted as: an IPv6 customer has a whole /64 to choose from.
pub(crate) fn origin(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{}/64", Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

/// What an address's connections are counted with: a provider gives an IPv6 site up to a /48.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
    }
}

/// An address, perhaps with a port or in brackets, as proxies write them.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.split_once(']')?.0.parse().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    text.parse().ok().or_else(with_port).or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().filter_map(|text| Network::parse(text)).collect();
        address(Peer(peer.parse().unwrap()), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("::ffff:10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
    }

    #[test]
    fn what_the_client_itself_wrote_is_not_believed() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(from("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"], &trusted), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["1.1.1.1", "198.51.100.7"], &trusted), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["1.1.1.1, nonsense"], &trusted), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7:1234"], &trusted), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["[2001:db8::1]:1234"], &trusted), "2001:db8::1");
    }

    #[test]
    fn addresses_of_one_ipv6_customer_count_as_one() {
        assert_eq!(origin("2001:db8::1".parse().unwrap()), origin("2001:db8::2".parse().unwrap()));
        assert_eq!(origin("192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
