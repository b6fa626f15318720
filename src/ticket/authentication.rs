//! What is known of whether somebody really is whom they say.
//!
//! The words only; how it is found out for a mail is the work of `auth`.

use serde::Serialize;
use serde::Serializer;

use crate::ticket::word::words;

words! {
    /// The result of authenticating one message, found once and stored.
    #[derive(Default)]
    pub enum Authentication {
        /// DMARC passed for the From domain, or without a DMARC record an aligned DKIM signature did.
        Pass = "pass",
        /// DMARC failed.
        Fail = "fail",
        /// Checked, and nothing vouches for the author.
        None = "none",
        /// Not checked, or the check could not be finished.
        #[default]
        Unknown = "unknown",
        /// Of a ticket that came by no mail: a program with a token said whose it is.
        Api = "api",
    }
}

/// What of a mail is its author's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Covers {
    /// All that the desk goes by.
    #[default]
    All,
    /// Their words, and no more.
    Author,
}

/// The digest of a signature in its author's name: a mail that has one has it for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal(pub [u8; 32]);

/// What the journal says of it; nothing where a message was set aside before anybody looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found(pub Option<Authentication>);

impl Found {
    pub fn as_str(self) -> &'static str {
        self.0.map(Authentication::as_str).unwrap_or_default()
    }

    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(None));
        }
        Authentication::parse(text).map(|found| Self(Some(found)))
    }
}

impl Serialize for Found {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
