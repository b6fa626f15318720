//! What a program may do with its token: scopes, each of them asked for by name.

use std::fmt;
use std::str::FromStr;

use crate::ticket::word::words;

words! {
    /// One part of the Desk API.
    pub enum Scope {
        /// Reading tickets, entries, files and numbers.
        Read = "read",
        /// Changing tickets, and opening them.
        Write = "write",
        /// Finding, making and changing customers.
        Customers = "customers",
        /// Everything else.
        Admin = "admin",
    }
}

/// The scopes of one token. None stands for another: who reads and writes has both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

/// Why a text names no scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scopes are some of read, write, customers and admin, with commas between them")]
pub struct NoScopes;

impl Scopes {
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn all(&self) -> &[Scope] {
        &self.0
    }
}

impl FromIterator<Scope> for Scopes {
    /// In their own order, each of them once.
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let given: Vec<Scope> = scopes.into_iter().collect();
        Self(Scope::ALL.iter().copied().filter(|scope| given.contains(scope)).collect())
    }
}

impl FromStr for Scopes {
    type Err = NoScopes;

    fn from_str(text: &str) -> Result<Self, NoScopes> {
        text.split(',').map(|word| Scope::parse(word.trim()).ok_or(NoScopes)).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.pad(&words.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_any_order_and_written_in_one() {
        let read = |text: &str| text.parse::<Scopes>().map(|scopes| scopes.to_string());
        assert_eq!(read("write, read,write"), Ok("read,write".to_owned()));
        assert_eq!(read("admin"), Ok("admin".to_owned()));
        for wrong in ["", "read,", "all", "READ"] {
            assert_eq!(read(wrong), Err(NoScopes), "{wrong}");
        }
    }

    #[test]
    fn no_scope_stands_for_another() {
        let admin: Scopes = "admin".parse().unwrap();
        assert!(admin.has(Scope::Admin) && !admin.has(Scope::Read) && !admin.has(Scope::Write));
    }
}
