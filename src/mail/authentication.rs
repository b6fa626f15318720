//! What is known of whether a mail really comes from whom it says.
//!
//! The word only; how it is found out is the work of `auth`.

use serde::Serialize;

/// The result of authenticating one message, found once and stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Authentication {
    /// DMARC passed for the From domain, or without a DMARC record an aligned DKIM signature did.
    Pass,
    /// DMARC failed.
    Fail,
    /// Checked, and nothing vouches for the author.
    None,
    /// Not checked, or the check could not be finished.
    #[default]
    Unknown,
}

impl Authentication {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Self {
        [Self::Pass, Self::Fail, Self::None]
            .into_iter()
            .find(|result| result.as_str() == text)
            .unwrap_or_default()
    }
}
