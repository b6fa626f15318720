//! A mail address: as it is written, the form under which it is found again, and what can be done with it.

pub(crate) mod providers;

/// A text that stands where an address is expected. Whether it is one that can be mailed, it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    written: String,
    key: String,
}

/// Longest address that fits into a command of SMTP (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

impl Email {
    pub fn of(written: &str) -> Self {
        Self { written: written.to_owned(), key: Self::key_of(written) }
    }

    /// The form of an address under which it is found again: trimmed, and ASCII letters in lower case.
    ///
    /// RFC 5321 lets the local part be case-sensitive; nobody's mail server is, and people write their own
    /// address in any case. Other letters stay as they are: the Kelvin sign (U+212A) in lower case is a plain `k`,
    /// and would be somebody else.
    pub fn key_of(written: &str) -> String {
        written.trim().trim_end_matches('.').to_ascii_lowercase()
    }

    /// An address in that form without what stands behind a plus (RFC 5233): its owner reads all of them.
    pub fn plain_of(key: &str) -> String {
        let (local, domain) = key.rsplit_once('@').unwrap_or((key, ""));
        let plain = local.split_once('+').map_or(local, |(plain, _)| plain);
        format!("{plain}@{domain}")
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part after the last `@`, in the same form; empty if there is none.
    pub fn domain(&self) -> &str {
        self.key.rsplit_once('@').map(|(_, domain)| domain.trim()).unwrap_or_default()
    }

    /// Whether it can be mailed: one `@`, something on both sides, nothing that ends a header or a command, and no
    /// domain that would become another one on its way.
    pub fn is_deliverable(&self) -> bool {
        let Some((local, domain)) = self.written.rsplit_once('@') else { return false };
        let clean = |text: &str| {
            !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@\u{fffd}".contains(c))
        };
        let is_label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        let fits = !local.is_empty() && local.len() <= 64 && self.written.len() <= LONGEST;
        fits && (clean(local) || is_quoted(local))
            && clean(domain)
            && domain.split('.').all(is_label)
            && domain.chars().all(stays_itself)
    }

    /// Whether it is deliverable, and as forms want it: dots in the local part stand between words, and the labels
    /// of the domain begin and end with a letter or digit.
    pub fn is_well_formed(&self) -> bool {
        let Some((local, domain)) = self.written.rsplit_once('@') else { return false };
        let is_word =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii() || c.is_alphanumeric());
        let is_label = |label: &str| {
            let is_end = |c: char| c.is_ascii_alphanumeric();
            label.len() <= 63 && label.starts_with(is_end) && label.ends_with(is_end)
        };
        let host = url::Host::parse(domain).map(|host| host.to_string()).unwrap_or_default();
        self.is_deliverable() && local.split('.').all(is_word) && host.split('.').all(is_label)
    }

    /// Whether the local part names a way through other servers: `victim%bank.example@here`, `bank!victim@here`.
    pub fn is_routed(&self) -> bool {
        self.written.rsplit_once('@').is_some_and(|(local, _)| local.contains(['%', '!', '@']))
    }

    /// Whether the host is none on the internet: this machine, a number, or a name without a dot.
    pub fn is_off_the_internet(&self) -> bool {
        let domain = self.domain();
        let last = domain.rsplit('.').next().unwrap_or_default();
        let is_local = !domain.contains('.') || ["localhost", "localdomain"].contains(&last);
        is_local || domain.starts_with('[') || last.bytes().all(|b| b.is_ascii_digit())
    }
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
        assert_eq!(Email::key_of(" Joe@Example.COM. "), "joe@example.com");
        assert_eq!(Email::of("a@b@Example.com").domain(), "example.com");
        assert_eq!(Email::of("a @ Example.com").domain(), "example.com");
        assert_eq!(Email::of("nobody").domain(), "");
    }

    #[test]
    fn subaddresses_are_one_address() {
        for (key, plain) in [
            ("ann+1@x.test", "ann@x.test"),
            ("ann@x.test", "ann@x.test"),
            ("a_b%c!+d+e@x_y.test", "a_b%c!@x_y.test"),
            ("ann", "ann@"),
        ] {
            assert_eq!(Email::plain_of(key), plain);
        }
    }

    #[test]
    fn letters_that_only_look_alike_are_other_addresses() {
        for other in
            ["\u{212a}ate@b.test", "kate@\u{212a}.test", "\u{17f}am@b.test", "\u{ff41}@b.test", "Ä@b.test"]
        {
            let plain = other.to_lowercase().replace('\u{17f}', "s").replace('\u{ff41}', "a");
            assert_ne!(Email::key_of(other), Email::key_of(&plain), "{other}");
        }
        assert_eq!(Email::key_of("KATE@B.test"), "kate@b.test");
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
            assert!(Email::of(good).is_deliverable(), "{good}");
        }
        let long = format!("{}@{}.example", "a".repeat(64), ["b"; 95].join("."));
        assert!(long.len() > 254);
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
            &long,
        ] {
            assert!(!Email::of(bad).is_deliverable(), "{bad}");
        }
    }

    #[test]
    fn a_way_through_other_servers_is_told_from_an_address() {
        for routed in
            ["victim%bank.example@b.test", "bank.example!victim@b.test", "\"victim@bank.example\"@b.test"]
        {
            assert!(Email::of(routed).is_routed(), "{routed}");
        }
        assert!(!Email::of("a+b@b.test").is_routed());
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
            assert!(Email::of(off).is_off_the_internet(), "{off}");
        }
        for on in ["a@b.test", "a@1and1.example", "jörg@müller.example"] {
            assert!(!Email::of(on).is_off_the_internet(), "{on}");
        }
    }

    #[test]
    fn what_a_form_takes_for_an_address_has_its_dots_between_words_and_a_host_as_names_are() {
        for good in ["a@b.test", "joe.o'neil+x@b.test", "jörg@mu\u{308}ller.example", "\"ann lee\"@b.example"]
        {
            assert!(Email::of(good).is_well_formed(), "{good}");
        }
        let long = format!("a@{}.test", "b".repeat(64));
        for bad in
            [".a@b.test", "a.@b.test", "a..b@b.test", "a@_b.test", "a@b_", "a b@c", "\u{1f600}@b.test", &long]
        {
            assert!(!Email::of(bad).is_well_formed(), "{bad}");
        }
    }
}
