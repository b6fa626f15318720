//! The people around a ticket: customers, agents and administrators, in one table.
//!
//! Says what a role may do; how somebody proves who he is belongs to the doors.

use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::ticket::id::UserId;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Customer,
    Agent,
    Admin,
}

/// One person the desk knows.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    pub id: UserId,
    pub role: Role,
    /// As first written; none for a partner's placeholder.
    pub email: Option<String>,
    pub name: String,
    pub username: Option<String>,
    #[serde(skip)]
    pub password_hash: Option<String>,
    /// The password is short or common, and opens the Jutda API only.
    pub weak_password: bool,
    pub locale: Option<String>,
    pub version: i64,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// Since when it is known that the address is theirs, or somebody of the desk named them. None: whatever is
    /// here was said by mails that anybody can have written.
    pub proven_at: Option<Timestamp>,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Customer, Self::Agent, Self::Admin].into_iter().find(|role| role.as_str() == text)
    }

    /// Agents and administrators.
    pub fn is_staff(self) -> bool {
        self != Self::Customer
    }
}

impl User {
    /// Whether this is an agent or administrator who may act now.
    pub(crate) fn is_active_staff(&self) -> bool {
        self.role.is_staff() && self.disabled_at.is_none()
    }

    /// The name that others may be shown: a stranger's own words are none.
    pub(crate) fn shown_name(&self) -> &str {
        let is_believed = self.proven_at.is_some() || self.role.is_staff() || self.email.is_none();
        if is_believed { &self.name } else { self.email.as_deref().unwrap_or(&self.name) }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
