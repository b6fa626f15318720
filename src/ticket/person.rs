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
    pub fn is_active_staff(&self) -> bool {
        self.role.is_staff() && self.disabled_at.is_none()
    }

    /// The name that others may be shown: a stranger's own words are none.
    pub fn shown_name(&self) -> &str {
        let is_believed = self.proven_at.is_some() || self.role.is_staff() || self.email.is_none();
        if is_believed { &self.name } else { self.email.as_deref().unwrap_or(&self.name) }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The form of an address under which it is found again: trimmed, case folded.
///
/// RFC 5321 lets the local part be case-sensitive; nobody's mail server is, and people write their own
/// address in any case.
pub fn address_key(address: &str) -> String {
    address.trim().trim_end_matches('.').to_lowercase()
}

/// The part after the last `@`, case folded; empty if there is none.
pub fn domain_of(address: &str) -> String {
    address.rsplit_once('@').map(|(_, domain)| address_key(domain)).unwrap_or_default()
}

/// Whether `address` can be mailed: one `@`, something on both sides, nothing that ends a header or a
/// command.
pub fn is_deliverable(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let clean = |text: &str| {
        !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@\u{fffd}".contains(c))
    };
    let labels =
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    !local.is_empty() && local.len() <= 64 && domain.len() <= 253 && clean(local) && clean(domain) && labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_again_in_any_case() {
        assert_eq!(address_key(" Joe@Example.COM. "), "joe@example.com");
        assert_eq!(domain_of("a@b@Example.com"), "example.com");
    }

    #[test]
    fn only_addresses_that_can_be_mailed_are_deliverable() {
        for good in ["a@b", "joe.o'neil+x@example.com", "jörg@müller.example"] {
            assert!(is_deliverable(good), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b\r\nRCPT", "a@-b", "a@b..c", "<a@b>", "a@b@c"] {
            assert!(!is_deliverable(bad), "{bad}");
        }
    }
}
