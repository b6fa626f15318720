//! The lines of a message's way (`Received`): which of them servers of one's own wrote.
//!
//! What such a line says of the server before it is that server's word, and is not gone by.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use crate::auth::text::Cursor;

/// In `authserv_ids`: Microsoft 365, whose field has no name.
pub(super) const MICROSOFT: &str = "microsoft365";
/// What the names of Microsoft's servers end with.
const MICROSOFT_HOPS: &str = ".outlook.com";

/// Whom a queue believes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trust<'a> {
    pub authserv_ids: &'a [String],
    pub own_hops: &'a [String],
    pub exchange: bool,
}

/// Whether a `Received` line is by a server of one's own, or else by whom.
pub(super) fn own_hop(value: &[u8], trust: Trust<'_>) -> Result<(), String> {
    let text = String::from_utf8_lossy(value);
    let by = by(&text).unwrap_or_default();
    let is_listed = trust.own_hops.iter().any(|pattern| is_like(&by, pattern));
    if is_named(&by, trust.authserv_ids) || is_listed || is_within(&by) {
        return Ok(());
    }
    let shown: String = by.chars().take(80).collect();
    Err(if shown.is_empty() { "an unnamed server".to_owned() } else { shown })
}

/// The host behind `by`. What stands behind `from` is the sender's own word, and may itself be `by`.
fn by(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(text);
    cursor.skip_blank();
    let mut word = cursor.word("");
    if word.eq_ignore_ascii_case("from") {
        cursor.skip_blank();
        cursor.word("");
        cursor.skip_blank();
        word = cursor.word("");
    }
    while !word.eq_ignore_ascii_case("by") {
        cursor.skip_blank();
        word = cursor.word("");
        if word.is_empty() {
            return None;
        }
    }
    cursor.skip_blank();
    let host = cursor.word("");
    (!cursor.is_broken() && !host.is_empty()).then_some(host)
}

/// Whether a hop is by a server of one's own; the lines of one's own servers may end with a dot.
fn is_named(server: &str, authserv_ids: &[String]) -> bool {
    let server = server.trim_end_matches('.');
    let is_microsoft = server.to_ascii_lowercase().ends_with(MICROSOFT_HOPS);
    let is_it = |id: &String| {
        id.trim_end_matches('.').eq_ignore_ascii_case(server) || id == MICROSOFT && is_microsoft
    };
    authserv_ids.iter().any(is_it)
}

/// Whether a host fits a name in which `*` stands for any part.
pub(super) fn is_like(host: &str, pattern: &str) -> bool {
    let (host, pattern) = (host.trim_end_matches('.').to_ascii_lowercase(), pattern.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| host.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether a host is part of the receiving system: large ones hand mail on inside, by addresses that exist there
/// only.
fn is_within(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    match literal.strip_prefix("ipv6:").unwrap_or(literal).parse() {
        Ok(IpAddr::V4(address)) => is_private_v4(address),
        Ok(IpAddr::V6(address)) => is_private_v6(address),
        Err(_) => host == "localhost" || host.ends_with(".internal"),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_loopback()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    if let [0x2002, high, low, ..] = address.segments() {
        // 6to4 (RFC 3056) carries an IPv4 address.
        return is_private_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    }
    address.is_loopback() || address.is_unique_local() || address.to_ipv4_mapped().is_some_and(is_private_v4)
}
