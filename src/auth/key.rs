//! Whether a key in DNS may be used for what it is asked for (RFC 6376 §3.6.1): the library reads these tags and does
//! not go by them.

/// Whether the record of a key permits signing mail with SHA-256, and is not only tried out.
///
/// What it says of domains (`t=s`) is the library's to honour, and that an RSA key has 1024 bits at least.
pub(crate) fn is_usable(record: &[u8]) -> bool {
    let text = String::from_utf8_lossy(record);
    let permits = |name: &str, wanted: &[&str]| {
        let mut tags = text.split(';').filter_map(|tag| tag.split_once('='));
        let Some((_, listed)) = tags.find(|(key, _)| key.trim() == name) else { return true };
        let mut words = listed.split(':').map(str::trim);
        words.any(|word| wanted.iter().any(|one| word.eq_ignore_ascii_case(one)))
    };
    let mut flags =
        text.split(';').filter_map(|tag| tag.split_once('=')).filter(|(key, _)| key.trim() == "t");
    let is_tried = flags.any(|(_, flags)| flags.split(':').any(|flag| flag.trim().eq_ignore_ascii_case("y")));
    permits("s", &["*", "email"]) && permits("h", &["sha256"]) && !is_tried
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_used_only_for_what_it_is_for() {
        for (record, usable) in [
            ("v=DKIM1; k=rsa; p=x", true),
            ("p=x", true),
            ("v=DKIM1; s=email; p=x", true),
            ("v=DKIM1; s=*; h=sha256; t=s; p=x", true),
            ("v=DKIM1; s=tlsrpt : email; h = sha1:sha256; p=x", true),
            ("v=DKIM1; s=tlsrpt; p=x", false),
            ("v=DKIM1; s=; p=x", false),
            ("v=DKIM1; h=sha1; p=x", false),
            ("v=DKIM1; t=y; p=x", false),
            ("v=DKIM1; t=s:Y; p=x", false),
        ] {
            assert_eq!(is_usable(record.as_bytes()), usable, "{record}");
        }
    }
}
