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

/// The form of an address under which it is found again: trimmed, and ASCII letters in lower case.
///
/// RFC 5321 lets the local part be case-sensitive; nobody's mail server is, and people write their own
/// address in any case. Other letters stay as they are: the Kelvin sign (U+212A) in lower case is a plain `k`,
/// and would be somebody else.
pub fn address_key(address: &str) -> String {
    address.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// The part after the last `@`, in the same form; empty if there is none.
pub fn domain_of(address: &str) -> String {
    address.rsplit_once('@').map(|(_, domain)| address_key(domain)).unwrap_or_default()
}

/// Whether `address` can be mailed: one `@`, something on both sides, nothing that ends a header or a
/// command, and no domain that would become another one on its way.
pub fn is_deliverable(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let clean = |text: &str| {
        !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@\u{fffd}".contains(c))
    };
    let labels =
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let fits = !local.is_empty() && local.len() <= 64 && domain.len() <= 253;
    fits && (clean(local) || is_quoted(local)) && clean(domain) && labels && domain.chars().all(stays_itself)
}

/// Whether the local part names a way through other servers: `victim%bank.example@here`, `bank!victim@here`.
pub fn is_routed(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(local, _)| local.contains(['%', '!', '@']))
}

/// Whether the host is none on the internet: this machine, a number, or a name without a dot.
pub fn is_off_the_internet(address: &str) -> bool {
    let domain = domain_of(address);
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_local = !domain.contains('.') || ["localhost", "localdomain"].contains(&last);
    is_local || domain.starts_with('[') || last.bytes().all(|b| b.is_ascii_digit())
}

/// A quoted local part of plain words with blanks between. Others are hardly ever meant.
fn is_quoted(local: &str) -> bool {
    let inside = local.strip_prefix('"').and_then(|local| local.strip_suffix('"')).unwrap_or_default();
    !inside.is_empty() && inside.chars().all(|c| c.is_alphanumeric() || " .-_+&'".contains(c))
}

/// Whether a character of a domain is not turned into ASCII by the mapping that comes before Punycode (UTS 46),
/// as the Kelvin sign and letters of full width are. A combining mark is only mapped behind a letter.
fn stays_itself(c: char) -> bool {
    let is_encoded = |text: String| match url::Host::parse(&text) {
        Ok(url::Host::Domain(mapped)) => mapped.starts_with("xn--"),
        _ => false,
    };
    c.is_ascii() || is_encoded(c.to_string()) || is_encoded(format!("a{c}")) && !c.is_alphanumeric()
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
    fn letters_that_only_look_alike_are_other_addresses() {
        for other in
            ["\u{212a}ate@b.test", "kate@\u{212a}.test", "\u{17f}am@b.test", "\u{ff41}@b.test", "Ä@b.test"]
        {
            let plain = other.to_lowercase().replace('\u{17f}', "s").replace('\u{ff41}', "a");
            assert_ne!(address_key(other), address_key(&plain), "{other}");
        }
        assert_eq!(address_key("KATE@B.test"), "kate@b.test");
    }

    #[test]
    fn only_addresses_that_can_be_mailed_are_deliverable() {
        for good in [
            "a@b",
            "joe.o'neil+x@example.com",
            "jörg@müller.example",
            "a@mu\u{308}ller.example",
            "a@דוגמה.example",
            "a@例え.テスト",
            "\"ann lee\"@b.example",
        ] {
            assert!(is_deliverable(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c",
            "a@b\r\nRCPT",
            "a@-b",
            "a@b..c",
            "<a@b>",
            "a@b@c",
            "\"a@b\"@c",
            "\"a\"b\"@c",
            "\"\"@c",
            "a@ban\u{212a}.example",
            "a@\u{ff42}ank.example",
            "a@b\u{ad}ank.example",
            "a@bank\u{3002}example",
            "a@\u{fb01}.example",
        ] {
            assert!(!is_deliverable(bad), "{bad}");
        }
    }

    #[test]
    fn a_way_through_other_servers_is_told_from_an_address() {
        for routed in
            ["victim%bank.example@b.test", "bank.example!victim@b.test", "\"victim@bank.example\"@b.test"]
        {
            assert!(is_routed(routed), "{routed}");
        }
        assert!(!is_routed("a+b@b.test"));
    }

    #[test]
    fn a_host_of_nobody_is_told_from_one_on_the_internet() {
        for off in [
            "a@localhost",
            "a@Localhost.",
            "a@localhost.localdomain",
            "a@printer",
            "a@127.0.0.1",
            "a@[::1]",
            "a",
        ] {
            assert!(is_off_the_internet(off), "{off}");
        }
        for on in ["a@b.test", "a@1and1.example", "jörg@müller.example"] {
            assert!(!is_off_the_internet(on), "{on}");
        }
    }
}
