//! An address as people copy it: alone, or with the name of its owner, as `Ann Lee <ann@customer.example>`.
//!
//! Whether it can be written to is judged where it is used.

use std::convert::Infallible;
use std::str::FromStr;

use crate::mail::parse::address;

/// Somebody at the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub email: String,
    pub name: Option<String>,
}

impl Person {
    /// Text that names no single address is taken for one as it is.
    pub fn of(text: &str) -> Self {
        if text.contains('<')
            && let [one] = address::list(text.as_bytes(), None).as_slice()
            && !one.address.is_empty()
        {
            return Self { email: one.address.clone(), name: one.name.clone() };
        }
        Self { email: text.to_owned(), name: None }
    }
}

impl FromStr for Person {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::of(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_its_owners_name() {
        for (text, email, name) in [
            ("ann@customer.test", "ann@customer.test", None),
            ("Ann Lee <ann@customer.test>", "ann@customer.test", Some("Ann Lee")),
            ("\"Lee, Ann\" <ann@customer.test>", "ann@customer.test", Some("Lee, Ann")),
            ("<ann@customer.test>", "ann@customer.test", None),
            ("Ann <ann@a.test>, Bob <bob@b.test>", "Ann <ann@a.test>, Bob <bob@b.test>", None),
            ("vip", "vip", None),
        ] {
            assert_eq!(Person::of(text), Person { email: email.to_owned(), name: name.map(str::to_owned) });
        }
    }
}
