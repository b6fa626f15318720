//! Domains: one spelling for each, and which of them belong together.
//!
//! Knows the public suffix list as it was compiled in. Asks nobody.

use url::Host;

/// The longest name that DNS knows.
const LONGEST: usize = 253;

/// The one spelling of a domain: lower case, A-labels, no final dot. Nothing if it is none.
pub(crate) fn normal(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    // The URL parser would decode these.
    if text.len() > 4 * LONGEST || text.contains('%') {
        return None;
    }
    match Host::parse(text) {
        Ok(Host::Domain(name)) if name.len() <= LONGEST && name.split('.').all(is_label) => Some(name),
        _ => None,
    }
}

/// The domain of a mail address, in its one spelling.
pub(crate) fn of_address(address: &str) -> Option<String> {
    normal(address.rsplit_once('@')?.1)
}

/// Whether two domains, in their one spelling, belong to the same owner: relaxed alignment (RFC 7489 §3.1.1).
pub(crate) fn are_aligned(one: &str, other: &str) -> bool {
    one == other || organisational(one) == organisational(other)
}

/// The part of a domain that is registered; a public suffix such as `co.uk` is its own.
pub(crate) fn organisational(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_one_spelling() {
        for (text, expected) in [
            ("Example.COM.", Some("example.com")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("xn--BCHER-kva.example", Some("xn--bcher-kva.example")),
            (" a_b.example ", Some("a_b.example")),
            ("", None),
            (".", None),
            ("a..b", None),
            ("127.0.0.1", None),
            ("[::1]", None),
            ("a b.example", None),
            ("ex%61mple.com", None),
            ("a/b", None),
        ] {
            assert_eq!(normal(text).as_deref(), expected, "{text}");
        }
        assert_eq!(normal(&"a.".repeat(200)), None);
        assert_eq!(of_address("\"a@b\"@Example.com").as_deref(), Some("example.com"));
        assert_eq!(of_address("nobody"), None);
    }

    #[test]
    fn domains_of_one_owner_are_aligned_and_neighbours_under_a_public_suffix_are_not() {
        for (one, other, aligned) in [
            ("example.com", "example.com", true),
            ("mail.example.com", "example.com", true),
            ("a.example.com", "b.example.com", true),
            ("a.example.co.uk", "example.co.uk", true),
            ("example.com", "example.org", false),
            ("notexample.com", "example.com", false),
            ("one.co.uk", "other.co.uk", false),
            ("co.uk", "other.co.uk", false),
            ("one.github.io", "other.github.io", false),
            ("github.io", "other.github.io", false),
            ("com", "example.com", false),
            ("a.desk.test", "desk.test", true),
            ("desk.test", "other.test", false),
        ] {
            assert_eq!(are_aligned(one, other), aligned, "{one} {other}");
            assert_eq!(are_aligned(other, one), aligned, "{other} {one}");
        }
    }
}
