//! Bytes to text: as declared, else as detected, else as windows-1252. Never fails.
//!
//! Knows nothing of MIME; whoever calls says what was declared.

use std::borrow::Cow;

use chardetng::EncodingDetector;
use chardetng::Iso2022JpDetection;
use chardetng::Utf8Detection;
use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use encoding_rs::WINDOWS_1252;

/// Spellings that `encoding_rs` does not know, and what is meant by them.
const ALIASES: &[(&str, &str)] = &[
    ("cp932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("windows-932", "shift_jis"),
    ("cp936", "gb18030"),
    ("ms936", "gb18030"),
    ("gb2312", "gb18030"),
    ("gbk", "gb18030"),
    ("windows-936", "gb18030"),
    ("euc-cn", "gb18030"),
    ("cp949", "euc-kr"),
    ("ms949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("cp950", "big5"),
    ("ms950", "big5"),
    ("windows-950", "big5"),
    ("iso-2022-jp-ms", "iso-2022-jp"),
    ("iso-2022-jp-1", "iso-2022-jp"),
    ("iso-2022-jp-2", "iso-2022-jp"),
    ("cp50220", "iso-2022-jp"),
    ("cp50221", "iso-2022-jp"),
    ("eucjp-ms", "euc-jp"),
    ("cp51932", "euc-jp"),
    ("utf8mb4", "utf-8"),
    ("utf", "utf-8"),
    ("unicode", "utf-8"),
];

/// Labels that say nothing.
const NOTHING: &[&str] = &[
    "",
    "unknown",
    "x-unknown",
    "unknown-8bit",
    "default",
    "default_charset",
    "none",
    "null",
    "binary",
    "8bit",
    "7bit",
    "_autodetect",
    "_autodetect_all",
    "iso-8859-8859",
    "charset",
    "undefined",
];

/// What came of decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The declared character set was right, or nothing but ASCII was there.
    AsDeclared,
    /// None was declared.
    Detected(&'static str),
    /// The declared one is not known, or cannot be right.
    Mended(&'static str),
}

/// Decodes `bytes`. NUL becomes U+FFFD.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> (String, Outcome) {
    let (text, outcome) = choose(bytes, declared);
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() };
    (text, outcome)
}

/// The encoding that a label means, if it is known and not UTF-7.
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = plain_label(label);
    let known = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(label.as_str(), |(_, meant)| meant);
    Encoding::for_label_no_replacement(known.as_bytes())
}

fn plain_label(label: &str) -> String {
    let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'<>();,=".contains(c));
    let label = label.to_ascii_lowercase().replace('_', "-");
    let label = label.strip_prefix("charset=").unwrap_or(&label);
    match label.strip_prefix("cp-").or_else(|| label.strip_prefix("ibm-")) {
        Some(number) => format!("cp{number}"),
        None => match label.strip_prefix("win-").or_else(|| label.strip_prefix("windows125")) {
            Some(number) if label.starts_with("win-") => format!("windows-{number}"),
            Some(number) => format!("windows-125{number}"),
            None => label.to_owned(),
        },
    }
}

fn choose<'a>(bytes: &'a [u8], declared: Option<&str>) -> (Cow<'a, str>, Outcome) {
    let label = declared
        .map(plain_label)
        .filter(|l| !NOTHING.contains(&l.replace('-', "_").as_str()))
        .filter(|l| !NOTHING.contains(&l.as_str()));
    let Some(label) = label else {
        if let Some(text) = ascii(bytes) {
            return (Cow::Borrowed(text), Outcome::AsDeclared);
        }
        let (text, name) = detect(bytes);
        return (text, Outcome::Detected(name));
    };
    match by_label(&label) {
        Some(encoding) => decode_as(bytes, encoding),
        // The library also knows UTF-7 and code pages of old PCs.
        None => match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
            Some(decoder) if !label.is_empty() => (Cow::Owned(decoder(bytes)), Outcome::AsDeclared),
            _ => {
                let (text, name) = detect(bytes);
                (text, Outcome::Mended(name))
            }
        },
    }
}

/// Text that is ASCII and switches to no other set in mid-text.
fn ascii(bytes: &[u8]) -> Option<&str> {
    (bytes.is_ascii() && memchr::memmem::find(bytes, b"\x1b$").is_none())
        .then(|| std::str::from_utf8(bytes).unwrap_or_default())
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, Outcome) {
    if encoding.is_ascii_compatible()
        && let Some(text) = ascii(bytes)
    {
        return (Cow::Borrowed(text), Outcome::AsDeclared);
    }
    let (text, used, errors) = encoding.decode(bytes);
    if encoding == UTF_8 {
        return if !errors {
            (text, Outcome::AsDeclared)
        } else if mostly_utf8(&text) {
            (text, Outcome::Mended("UTF-8 with gaps"))
        } else {
            let (text, name) = detect(bytes);
            (text, Outcome::Mended(name))
        };
    }
    // Many programs call everything latin-1; no latin-1 text looks like UTF-8 by chance.
    let latin =
        used == WINDOWS_1252 || used.name().starts_with("ISO-8859") || used.name().starts_with("windows-");
    if (latin || errors)
        && let Ok(utf8) = std::str::from_utf8(bytes)
        && !bytes.is_ascii()
    {
        return (Cow::Borrowed(utf8), Outcome::Mended("UTF-8"));
    }
    let escapes = bytes.is_ascii() && memchr::memmem::find(bytes, b"\x1b$").is_some();
    if escapes && latin {
        return (encoding_rs::ISO_2022_JP.decode(bytes).0, Outcome::Mended("ISO-2022-JP"));
    }
    if errors && text.matches('\u{fffd}').count() * 10 > text.chars().count() {
        let (text, name) = detect(bytes);
        return (text, Outcome::Mended(name));
    }
    (text, Outcome::AsDeclared)
}

/// Whether text that claims to be UTF-8 has at most a few broken places.
fn mostly_utf8(text: &str) -> bool {
    let broken = text.matches('\u{fffd}').count();
    let good = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    good >= broken
}

fn detect(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && memchr::memmem::find(bytes, b"\x1b$").is_none()
    {
        return (Cow::Borrowed(text), "UTF-8");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // Enough to be sure, and the time stays bounded.
    detector.feed(&bytes[..bytes.len().min(256 * 1024)], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (text, used, errors) = guess.decode(bytes);
    if errors {
        let lossy = String::from_utf8_lossy(bytes);
        if mostly_utf8(&lossy) {
            return (lossy, "UTF-8");
        }
        return (WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252.name());
    }
    (text, used.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_declared_or_else_as_it_looks() {
        let cases: &[(&[u8], Option<&str>, &str)] = &[
            (b"Gr\xfc\xdfe", Some("iso-8859-1"), "Grüße"),
            (b"Gr\xfc\xdfe", Some("us-ascii"), "Grüße"),
            (b"Gr\xfc\xdfe", Some("x-no-such-thing"), "Grüße"),
            (b"Gr\xfc\xdfe aus M\xfcnchen", None, "Grüße aus München"),
            ("Grüße".as_bytes(), Some("iso-8859-1"), "Grüße"),
            ("Grüße".as_bytes(), Some("unknown-8bit"), "Grüße"),
            ("Grüße".as_bytes(), None, "Grüße"),
            (b"a\x80b", Some("ISO-8859-1"), "a€b"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("\"cp-1251\""), "Привет"),
            (b"\xb1\xe8\xbd\xc3", Some("ks_c_5601-1987"), "김시"),
            (b"\x1b$B%O%m\x1b(B", Some("iso-8859-1"), "ハロ"),
            (b"\x1b$B%O%m\x1b(B", None, "ハロ"),
            (b"+ZYeB9FH6ckh5Pg-", Some("utf-7"), "文致出版社"),
            (b"a\0b", None, "a\u{fffd}b"),
        ];
        for (bytes, declared, want) in cases {
            assert_eq!(decode(bytes, *declared).0, *want, "{bytes:?} as {declared:?}");
        }
    }

    #[test]
    fn one_broken_place_does_not_make_utf8_something_else() {
        let mut bytes = "Příliš žluťoučký kůň".as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        assert!(decode(&bytes, Some("utf-8")).0.starts_with("Příliš žluťoučký k"));
    }
}
