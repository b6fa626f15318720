//! An address as people copy it: alone, with the name of its owner, as `Ann Lee <ann@customer.example>`, or from a link.
//!
//! Whether it can be written to is judged where it is used.

use std::convert::Infallible;
use std::str::FromStr;

use crate::mail::parse::address;

/// An address, and the name that stood with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub address: String,
    pub name: Option<String>,
}

impl Copied {
    /// Text that names no single address is taken for one as it is.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.contains('<')
            && let [one] = address::list(text.as_bytes(), None).as_slice()
            && !one.address.is_empty()
        {
            return Self { address: one.address.clone(), name: one.name.clone() };
        }
        Self { address: without_scheme(text).to_owned(), name: None }
    }
}

impl FromStr for Copied {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::of(text))
    }
}

/// The address in a link (RFC 6068).
fn without_scheme(text: &str) -> &str {
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_copied() {
        for (text, address, name) in [
            ("ann@customer.test", "ann@customer.test", None),
            (" <ann@customer.test> ", "ann@customer.test", None),
            ("Ann Lee <ann@customer.test>", "ann@customer.test", Some("Ann Lee")),
            ("\"Lee, Ann\" <ann@customer.test>", "ann@customer.test", Some("Lee, Ann")),
            ("\"Lee, Ann\" <mailto:ann@customer.test>", "ann@customer.test", Some("Lee, Ann")),
            ("MailTo:ann@customer.test", "ann@customer.test", None),
            ("Ann <ann@a.test>, Bob <bob@b.test>", "Ann <ann@a.test>, Bob <bob@b.test>", None),
            ("vip", "vip", None),
            ("é<", "é<", None),
        ] {
            let expected = Copied { address: address.to_owned(), name: name.map(str::to_owned) };
            assert_eq!(Copied::of(text), expected, "{text}");
        }
    }
}
