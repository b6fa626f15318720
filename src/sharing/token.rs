//! Ids of shared resources, the secret of an agreement, and the token that proves both.
//!
//! Makes no secrets; they come from `ids`. Where they are stored is not known here.

use std::fmt;

use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::sharing::limits;

/// The header that carries a [`Token`].
pub(crate) const HEADER: &str = "x-ticket-sharing-token";

/// The id of an agreement, ticket, comment or person, as its owner made it: `[0-9A-Za-z_-]{1,64}`.
///
/// Compared exactly. Safe in a path and in a header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct WireId(String);

impl WireId {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=limits::ID).contains(&text.len());
        let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        (fits && clean).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WireId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The shared secret of an agreement. It serialises as itself, since the protocol carries it in bodies, but
/// never prints.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct AccessKey(String);

impl AccessKey {
    /// Visible ASCII only: it must fit into a header.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=limits::ACCESS_KEY).contains(&text.len());
        (fits && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PartialEq for AccessKey {
    /// In constant time: both sides are hashed, so that not even the length shows.
    fn eq(&self, other: &Self) -> bool {
        Sha256::digest(&self.0).ct_eq(&Sha256::digest(&other.0)).into()
    }
}

impl Eq for AccessKey {}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessKey")
    }
}

/// Which agreement a caller claims, and the key with which he proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub agreement: WireId,
    pub key: AccessKey,
}

impl Token {
    /// Splits a header's value at the first colon; a key may have more of them.
    pub fn parse(header: &str) -> Option<Self> {
        let (agreement, key) = header.trim().split_once(':')?;
        Some(Self { agreement: WireId::parse(agreement)?, key: AccessKey::parse(key)? })
    }

    /// The header's value, to be sent and never to be logged.
    pub fn to_header(&self) -> String {
        format!("{}:{}", self.agreement, self.key.expose())
    }

    /// Whether the key is the one stored for the claimed agreement; `None` if there is no such agreement.
    ///
    /// An unknown agreement costs the same time as a wrong key.
    pub(crate) fn proves(&self, stored: Option<&AccessKey>) -> bool {
        let nobody = AccessKey(String::new());
        (stored.unwrap_or(&nobody) == &self.key) & stored.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_split_at_its_first_colon() {
        let token = Token::parse("u-1:k:e:y").unwrap();
        assert_eq!((token.agreement.as_str(), token.key.expose()), ("u-1", "k:e:y"));
        assert_eq!(Token::parse(&token.to_header()), Some(token));
    }

    #[test]
    fn a_token_that_is_odd_or_too_long_is_none() {
        let long = "k".repeat(limits::ACCESS_KEY + 1);
        for bad in
            ["", ":", "u", "u:", ":k", "u u:k", "u:k k", "ü:k", "u:k\u{7f}", "../x:k", &format!("u:{long}")]
        {
            assert_eq!(Token::parse(bad), None, "{bad:?}");
        }
        assert_eq!(Token::parse(&format!("{}:k", "u".repeat(65))), None);
    }

    #[test]
    fn only_the_stored_key_of_a_known_agreement_proves_anything() {
        let token = Token::parse("u:secret").unwrap();
        assert!(token.proves(AccessKey::parse("secret").as_ref()));
        for other in ["secre", "secret1", "Secret", "x"] {
            assert!(!token.proves(AccessKey::parse(other).as_ref()), "{other}");
        }
        assert!(!token.proves(None));
    }

    #[test]
    fn a_key_never_prints() {
        let token = Token::parse("u:0123456789secret").unwrap();
        assert!(!format!("{token:?}").contains("secret"));
    }
}
