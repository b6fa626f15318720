//! The people around a ticket: customers, agents and administrators, in one table.
//!
//! Says what a role may do; how somebody proves who he is belongs to the doors.

use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::email::Email;
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
    /// As first written; none for a partner's placeholder. Of somebody who has several, the first one, or the one by
    /// which they are meant here.
    pub email: Option<String>,
    /// All of them where there are several.
    pub addresses: Addresses,
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
    /// Who they were found to be: whatever was theirs is there now.
    pub merged_into: Option<UserId>,
}

/// Addresses of one person, each as it is found again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Addresses {
    keys: Vec<String>,
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

impl Addresses {
    pub(crate) fn of(keys: Vec<String>) -> Self {
        Self { keys }
    }

    /// As they are kept: one a line.
    pub(crate) fn written(&self) -> String {
        self.keys.join("\n")
    }

    pub(crate) fn read(text: &str) -> Self {
        Self { keys: text.lines().map(str::to_owned).collect() }
    }

    pub fn keys(&self) -> &[String] {
        &self.keys
    }
}

impl User {
    /// Whether an address, as it is found again, is theirs.
    pub(crate) fn has_address(&self, key: &str) -> bool {
        self.email.as_deref().map(Email::key_of).is_some_and(|own| own == key)
            || self.addresses.keys.iter().any(|own| own == key)
    }

    /// All of their addresses as they are found again.
    pub(crate) fn keys(&self) -> Vec<String> {
        if self.addresses.keys.is_empty() {
            return self.email.iter().map(|email| Email::key_of(email)).collect();
        }
        self.addresses.keys.clone()
    }

    /// Their first address as it is found again.
    pub(crate) fn key(&self) -> String {
        self.keys().into_iter().next().unwrap_or_default()
    }

    /// The address by which they are meant, where it is not the first one.
    pub(crate) fn elsewhere(&self) -> Option<&str> {
        let first = self.addresses.keys.first()?;
        self.email.as_deref().filter(|email| Email::key_of(email) != *first)
    }

    /// The same person, meant by this address of theirs.
    #[must_use]
    pub(crate) fn at(self, address: &str) -> Self {
        if self.addresses.keys.iter().any(|own| *own == Email::key_of(address)) {
            return Self { email: Some(address.trim().to_owned()), ..self };
        }
        self
    }

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
