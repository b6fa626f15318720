//! Who holds a ticket, this desk or a partner with whom it is shared, and until when.

use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;

/// Who holds a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Holder {
    Us,
    /// The agreement's uuid.
    Partner(String),
}

/// A hold: whose it is, and when it ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub by: Holder,
    pub until: Option<Timestamp>,
}

const US: &str = "us";

impl Holder {
    pub(crate) fn is_partner(&self) -> bool {
        matches!(self, Self::Partner(_))
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Us => US,
            Self::Partner(agreement) => agreement,
        }
    }

    pub fn parse(text: &str) -> Self {
        if text == US { Self::Us } else { Self::Partner(text.to_owned()) }
    }
}

impl From<Holder> for Hold {
    fn from(by: Holder) -> Self {
        Self { by, until: None }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "{} until {until}", self.by),
            None => self.by.fmt(f),
        }
    }
}

impl From<Holder> for String {
    fn from(holder: Holder) -> Self {
        holder.as_str().to_owned()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
