//! What a file is called: a name that is safe to show, and a type that the bytes bear out.
//!
//! Knows no parts and no messages.

/// The longest name that is kept, in characters. File systems allow 255 bytes.
const NAME: usize = 200;

/// Types that say nothing about the bytes.
const GENERIC: &[&str] = &[
    "",
    "application/octet-stream",
    "application/binary",
    "application/unknown",
    "application/x-unknown",
    "application/x-download",
    "application/force-download",
    "application/download",
    "binary/octet-stream",
    "application/x-octet-stream",
    "unknown/unknown",
    "application/attachment",
    "application/octetstream",
];

/// A name without path, control and bidirectional characters, and not too long.
pub(crate) fn safe_name(raw: &str) -> String {
    let text: String =
        raw.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !hidden(*c)).collect();
    // Whatever system the sender has: only what is behind the last separator.
    let last = text.trim().rsplit(['/', '\\']).find(|p| !p.trim().is_empty()).unwrap_or_default();
    let last = match last.get(..2) {
        Some(drive) if drive.ends_with(':') && drive.as_bytes()[0].is_ascii_uppercase() => &last[2..],
        _ => last,
    };
    let name: String = last.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    while name.contains("..") {
        name = name.replace("..", ".");
    }
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let name = if last.starts_with('.') && !name.is_empty() { format!(".{name}") } else { name.to_owned() };
    shorten(&name)
}

/// The type by the bytes where the sender's word is worth nothing.
pub fn content_type(declared: &str, data: &[u8]) -> String {
    let strange = !declared.contains('/')
        || declared.len() > 100
        || declared.contains(|c: char| c.is_control() || c.is_whitespace() || "<>\"'".contains(c));
    if !GENERIC.contains(&declared) && !strange {
        return declared.to_owned();
    }
    match infer::get(data).map(|kind| kind.mime_type()) {
        // Any text in armour is taken for a certificate.
        Some("application/x-x509-ca-cert") if !data.starts_with(b"-----BEGIN CERT") => "text/plain",
        Some(kind) => kind,
        None if is_text(data) => "text/plain",
        None => "application/octet-stream",
    }
    .to_owned()
}

fn is_text(data: &[u8]) -> bool {
    let head = &data[..data.len().min(4096)];
    let odd = |b: &u8| *b < 32 && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0c);
    let cut = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character may be cut at the end of what is looked at.
        Err(error) => error.error_len().is_none() && head.len() < data.len(),
    };
    !head.is_empty() && cut && !head.iter().any(odd)
}

/// Characters that change how a name is shown without being seen.
fn hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' | '\u{fffd}')
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 10 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    stem.chars().take(NAME - extension.len()).chain(extension.chars()).collect()
}

pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_deceive_or_escape() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\report.pdf", "report.pdf"),
            ("C:a.txt", "a.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nb\0.txt", "a b .txt"),
            ("...", ""),
            ("..", ""),
            ("", ""),
            (".bashrc", ".bashrc"),
            ("a:b?.txt", "a_b_.txt"),
            ("München.pdf", "München.pdf"),
            ("/", ""),
        ];
        for (raw, want) in cases {
            assert_eq!(safe_name(raw), want, "{raw:?}");
        }
        let long = safe_name(&format!("{}.pdf", "ü".repeat(500)));
        assert!(has_extension(&long, "pdf") && long.chars().count() == NAME);
    }

    #[test]
    fn the_bytes_tell_the_type_where_the_sender_does_not() {
        assert_eq!(content_type("application/octet-stream", b"%PDF-1.7 ..."), "application/pdf");
        assert_eq!(content_type("nonsense", b"\x89PNG\r\n\x1a\n"), "image/png");
        assert_eq!(content_type("text/csv", b"a,b"), "text/csv");
        assert_eq!(content_type("", b"words"), "text/plain");
        assert_eq!(content_type("", b"\x01\x02"), "application/octet-stream");
        assert_eq!(content_type("", b"-----BEGIN PGP MESSAGE-----\n"), "text/plain");
    }
}
