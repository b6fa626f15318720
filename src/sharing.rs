//! Ticket Sharing with other help desks: what travels, what each side may do, what a partner may see.
//!
//! Pure: values and rules. It sends nothing, stores nothing, and knows neither a clock nor a ticket's row;
//! whoever uses it does that.

pub mod agreement;
pub mod agreement_status;
pub mod answer;
pub mod base;
pub mod coalesce;
pub mod custom;
pub mod date;
pub(crate) mod download;
pub mod fields;
pub mod filename;
pub mod json;
pub mod limits;
pub mod parse;
pub mod policy;
pub(crate) mod reaction;
pub(crate) mod redact;
pub mod status;
pub mod stored;
pub mod tags;
pub mod text;
pub mod token;
pub mod wire;

#[cfg(test)]
mod captured;

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// One of the two parties of an agreement: who invited, and who was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Sender,
    Receiver,
}

impl Side {
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Sender => Self::Receiver,
            Self::Receiver => Self::Sender,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Receiver => "receiver",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sender, Self::Receiver].into_iter().find(|side| side.as_str() == text)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an agreement lets travel, as its sender offered it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub sync_tags: bool,
    pub sync_custom_fields: bool,
    /// Full delegation: the receiver may write public comments, and the status travels.
    pub public_comments: bool,
}
