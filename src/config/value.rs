//! Kinds of values that several sections share, and how each is written.
//!
//! Checks one value by itself; what must fit together is checked elsewhere.

use std::fmt::Display;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::email::Email;

/// A network of addresses, such as `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, Some(prefix.parse::<u8>().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let longest = width(address);
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// Whether `address` is in it; an IPv4 address in IPv6 clothes counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let shift = u32::from(width(self.address) - self.prefix);
        width(address) == width(self.address)
            && bits(address).checked_shr(shift).unwrap_or(0)
                == bits(self.address).checked_shr(shift).unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no address and no network")))
    }
}

pub fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if Email::of(&text).is_deliverable() {
        Ok(text)
    } else {
        Err(D::Error::custom(format!("`{text}` is no mail address")))
    }
}

pub fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<String>::deserialize(deserializer)?;
    match list.iter().find(|text| !Email::of(text).is_deliverable()) {
        Some(wrong) => Err(D::Error::custom(format!("`{wrong}` is no mail address"))),
        None => Ok(list),
    }
}

/// Names of header fields, each with what it says or without: `X-Spam-Flag`, `X-Rspamd-Action: reject`.
pub(crate) fn spam_headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<String>::deserialize(deserializer)?;
    let is_wrong = |text: &&String| {
        let (name, says) = text.split_once(':').unwrap_or((text, "yes"));
        let threshold = says.trim().strip_prefix(">=").map(|number| number.trim().parse::<f64>().is_ok());
        let is_name = !name.is_empty() && name.bytes().all(|c| (33..127).contains(&c));
        !is_name || says.split('|').any(|one| one.trim().is_empty()) || threshold == Some(false)
    };
    match list.iter().find(is_wrong) {
        Some(wrong) => Err(D::Error::custom(format!(
            "`{wrong}` must be a header field, alone or with what it says: X-Spam-Flag, X-Action: reject|drop, X-SCL: >=5"
        ))),
        None => Ok(list),
    }
}

/// Text, where `""` means that there is none.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(String::deserialize(deserializer)?).filter(|text| !text.is_empty()))
}

/// A path, where `""` means that there is none.
pub(crate) fn optional_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    Ok(optional_text(deserializer)?.map(PathBuf::from))
}

/// Text that is not empty and holds no line end.
pub fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(D::Error::custom("must be one line of text and not empty"));
    }
    Ok(text)
}

/// A value that reads itself from text and says in a sentence why it cannot.
pub(crate) fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

pub fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Ok(Duration::from_secs(positive(deserializer)?))
}

pub fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Ok(Duration::from_secs(60 * positive(deserializer)?))
}

pub fn hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Ok(Duration::from_secs(3600 * positive(deserializer)?))
}

pub fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Ok(Duration::from_secs(86400 * positive(deserializer)?))
}

pub fn timezone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let name = String::deserialize(deserializer)?;
    TimeZone::get(&name)
        .map_err(|_| D::Error::custom(format!("`{name}` is no time zone; write it as Europe/Berlin")))
}

pub fn optional_timezone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TimeZone>, D::Error> {
    let Some(name) = optional_text(deserializer)? else { return Ok(None) };
    let zone = TimeZone::get(&name);
    zone.map(Some)
        .map_err(|_| D::Error::custom(format!("`{name}` is no time zone; write it as Europe/Berlin")))
}

/// A path in a URL: `""`, or `/` and more without a final slash.
pub fn mount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let path = String::deserialize(deserializer)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    let fits = path.is_empty() || (path.starts_with('/') && !path.ends_with('/') && !path.contains("//"));
    if fits && path.chars().all(plain) {
        return Ok(path);
    }
    Err(D::Error::custom("must be \"\", or begin with `/` and not end with one"))
}

/// An address and a port; `localhost` is this machine.
pub(crate) fn socket<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_socket(&text).ok_or_else(|| {
        D::Error::custom("must be an address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"; names other than localhost are not looked up")
    })
}

fn read_socket(text: &str) -> Option<SocketAddr> {
    match text.strip_prefix("localhost:") {
        Some(port) => Some(SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?))),
        None => text.parse().ok(),
    }
}

/// An address and a port, or `""` for none.
pub fn optional_socket<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    read_socket(&text)
        .map(Some)
        .ok_or_else(|| D::Error::custom("must be \"\", or an address and a port such as \"127.0.0.1:9090\""))
}

/// Bytes, as a number or as text with a unit.
pub fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Bytes(u64),
        Text(String),
    }
    let wrong = || D::Error::custom("must be a number of bytes, or text such as \"20 MB\"");
    let bytes = match Written::deserialize(deserializer).map_err(|_| wrong())? {
        Written::Bytes(bytes) => Some(bytes),
        Written::Text(text) => parse_size(&text),
    };
    bytes.filter(|&bytes| bytes > 0).ok_or_else(wrong)
}

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit: u64 = match text[digits.len()..].trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "KB" | "K" => 1 << 10,
        "MB" | "M" => 1 << 20,
        "GB" | "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// Days, where 0 means never.
pub fn optional_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let number = i64::deserialize(deserializer)?;
    match u64::try_from(number) {
        Ok(days @ 0..=36_500) => Ok((days > 0).then(|| Duration::from_hours(24 * days))),
        _ => Err(D::Error::custom("must be from 0 to 36500")),
    }
}

/// At most about three years in seconds when it counts days, so that no sum overflows.
/// A number of things, of which there is at least one.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = positive(deserializer)?;
    i64::try_from(number).map_err(D::Error::custom)
}

fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    u64::try_from(number)
        .ok()
        .filter(|n| (1..=100_000).contains(n))
        .ok_or_else(|| D::Error::custom("must be from 1 to 100000"))
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_and_without_a_unit() {
        for (text, bytes) in
            [("7", Some(7)), ("20 MB", Some(20 << 20)), ("1kb", Some(1024)), ("2G", Some(2 << 30))]
        {
            assert_eq!(parse_size(text), bytes, "{text}");
        }
        for wrong in ["", "MB", "1 XB", "-1", "1.5 MB", "99999999999 GB", "é"] {
            assert_eq!(parse_size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses_only() {
        let network = Network::parse("10.0.0.0/8").unwrap();
        assert!(network.contains("10.9.8.7".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.1.1".parse().unwrap()));
        assert!(!network.contains("11.0.0.1".parse().unwrap()));
        assert!(!network.contains("::1".parse().unwrap()));
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("1.2.3.4".parse().unwrap()));
        assert!(Network::parse("::1").unwrap().contains("::1".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "host", "10.0.0.0/-1", ""] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }
}
