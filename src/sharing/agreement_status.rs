//! Where an agreement is in its life, and the word for it on the wire and in the database.
//!
//! Which step may follow which is for `agreement` to say.

use std::fmt;

use serde::Serialize;

/// Where an agreement is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pending,
    Accepted,
    Declined,
    Inactive,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Declined, Self::Inactive];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Inactive => "inactive",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| text.eq_ignore_ascii_case(status.as_str()))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
