//! Addresses as the envelope writes them.
//!
//! Whether an address exists is not asked here.

/// The address with its domain in ASCII, or nothing when it cannot stand in a command.
pub(crate) fn on_the_wire(address: &str) -> Option<String> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '<' && c != '>';
    let (local, domain) = address.rsplit_once('@')?;
    let inside = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
    let local_fits = match inside {
        // A blank is one between quotes only, and only where these are surely closed.
        Some(inside) => inside.chars().all(|c| c == ' ' || plain(c) && c != '"' && c != '\\'),
        None => local.chars().all(plain),
    };
    let fits = !local.is_empty() && !domain.is_empty() && address.len() <= 254;
    if !fits || !local_fits || !domain.chars().all(plain) {
        return None;
    }
    if domain.is_ascii() {
        return Some(address.to_owned());
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => Some(format!("{local}@{ascii}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_end_its_command() {
        for (address, expected) in [
            ("a@b.example", Some("a@b.example")),
            ("a@exämple.de", Some("a@xn--exmple-cua.de")),
            ("jörg@b.example", Some("jörg@b.example")),
            ("a@[192.0.2.1]", Some("a@[192.0.2.1]")),
            ("a@b\r\nRCPT TO:<c@d>", None),
            ("a> SIZE=1<@b", None),
            ("a b@c", None),
            ("\"a b\"@c", Some("\"a b\"@c")),
            ("\"a\" b\"@c", None),
            ("\"a\r\n\"@c", None),
            ("\" \"", None),
            ("a", None),
            ("@b", None),
        ] {
            assert_eq!(on_the_wire(address).as_deref(), expected, "{address:?}");
        }
    }
}
