//! The lines of a message's way (`Received`): which of them servers of one's own wrote.
//!
//! What such a line says of the server before it is that server's own word: only the address and the name that the
//! writer of the line found for itself are gone by.

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
    /// Whether a field counts below the line by which the server took the mail.
    pub stamps_below: bool,
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

/// Whether one's own server took the mail from somebody else by this line: what stands below it may be the sender's.
///
/// In doubt it did.
pub(super) fn is_from_outside(value: &[u8], trust: Trust<'_>) -> bool {
    let text = String::from_utf8_lossy(value);
    let Some(Peer { called, comments }) = Peer::of(&text) else { return false };
    let words: Vec<&str> = comments.split(|c: char| c.is_whitespace() || "=,;".contains(c)).collect();
    let addresses = || words.iter().copied().chain([called.as_str()]).filter_map(address);
    let is_own = |name: &str| {
        let name = name.trim_end_matches('.');
        is_named(name, trust.authserv_ids) || trust.own_hops.iter().any(|pattern| is_like(name, pattern))
    };
    if addresses().any(|address| !is_private(address)) {
        // The name before the address is the one that the address has, where the server looked it up.
        let is_looked_up = |word: &str| word.starts_with('[') && address(word).is_some();
        let has_own_name = words.windows(2).any(|pair| is_looked_up(pair[1]) && is_own(pair[0]));
        return !has_own_name || comments.contains("may be forged");
    }
    if addresses().next().is_some() || is_own(&called) || is_within(&called) {
        return false;
    }
    // Without an address a single word is a machine next to it, unless the line is that of the server at the border.
    let short = |id: &String| id.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(&called));
    let is_at_border = is_named(&by(&text).unwrap_or_default(), trust.authserv_ids);
    called.contains('.') || is_at_border && !trust.authserv_ids.iter().any(short)
}

/// Whom a server says that it took a mail from.
struct Peer {
    /// As they called themselves.
    called: String,
    /// What stands in parentheses behind it.
    comments: String,
}

impl Peer {
    fn of(text: &str) -> Option<Self> {
        let mut cursor = Cursor::new(text);
        cursor.skip_blank();
        if !cursor.word("").eq_ignore_ascii_case("from") {
            return None;
        }
        cursor.skip_blank();
        cursor.take_comments();
        let called = cursor.word("");
        cursor.skip_blank();
        while !cursor.is_at_end() && !cursor.word("").eq_ignore_ascii_case("by") {
            cursor.skip_blank();
        }
        Some(Self { called, comments: cursor.take_comments() })
    }
}

/// An address as servers write it: bare, in brackets, with `IPv6:` before it.
fn address(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches(['[', ']', '(', ')']);
    let has_prefix = word.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("ipv6:"));
    let bare = if has_prefix { &word[5..] } else { word };
    bare.parse().ok()
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
    match address(&host) {
        Some(address) => is_private(address),
        None => host == "localhost" || host.ends_with(".internal"),
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
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
