//! Bytes to text: as declared, else as detected, else as windows-1252. Never fails.
//!
//! Knows nothing of MIME; whoever calls says what was declared.

use std::borrow::Cow;

use chardetng::EncodingDetector;
use chardetng::Iso2022JpDetection;
use chardetng::Utf8Detection;
use encoding_rs::EUC_KR;
use encoding_rs::Encoding;
use encoding_rs::GB18030;
use encoding_rs::UTF_8;
use encoding_rs::WINDOWS_1252;

use crate::mail::parse::hebrew;
use crate::mail::parse::utf7;

/// Names that `encoding_rs` does not know, letters and digits only, and what is meant by them.
#[rustfmt::skip]
const ALIASES: &[(&str, &str)] = &[
    ("cp932", "shift_jis"), ("ms932", "shift_jis"), ("windows932", "shift_jis"), ("mskanji", "shift_jis"), ("xsjis", "shift_jis"),
    ("cp936", "gb18030"), ("ms936", "gb18030"), ("windows936", "gb18030"), ("gb2312", "gb18030"), ("gbk", "gb18030"), ("euccn", "gb18030"),
    ("gb231280", "gb18030"), ("gb2312charset", "gb18030"), ("gbkcharset", "gb18030"),
    ("cp949", "euc-kr"), ("ms949", "euc-kr"), ("windows949", "euc-kr"), ("uhc", "euc-kr"), ("ksc56011987", "euc-kr"), ("ksc5601", "euc-kr"),
    ("cp950", "big5"), ("ms950", "big5"), ("windows950", "big5"), ("big5hkscs", "big5"),
    ("iso2022jpms", "iso-2022-jp"), ("iso2022jp1", "iso-2022-jp"), ("iso2022jp2", "iso-2022-jp"), ("iso2022jp3", "iso-2022-jp"),
    ("cp50220", "iso-2022-jp"), ("cp50221", "iso-2022-jp"), ("jis", "iso-2022-jp"), ("eucjpms", "euc-jp"), ("cp51932", "euc-jp"), ("ujis", "euc-jp"),
    ("utf8mb4", "utf-8"), ("utf", "utf-8"), ("unicode", "utf-8"), ("cp65001", "utf-8"), ("latin", "windows-1252"), ("isolatin1", "windows-1252"),
    ("ascii", "windows-1252"), ("ansi", "windows-1252"), ("cp874", "windows-874"), ("macroman", "macintosh"),
];

/// Labels that say nothing, letters and digits only.
#[rustfmt::skip]
const NOTHING: &[&str] = &[
    "", "unknown", "xunknown", "unknown8bit", "default", "defaultcharset", "none", "null", "binary", "8bit", "7bit", "autodetect",
    "autodetectall", "iso88598859", "charset", "undefined", "xuserdefined",
];

/// Names of ASCII: where more than that follows, they say nothing either.
const ASCII: &[&str] =
    &["usascii", "ascii", "us", "ansix341968", "ansix341986", "iso646us", "csascii", "iso646irv1991"];

/// Rare sets that few characters are not enough to believe in.
const RARE: &[&str] = &[
    "windows-1257",
    "windows-1258",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-10",
    "ISO-8859-13",
    "ISO-8859-14",
];
const FEW: usize = 4;

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
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> (String, Outcome) {
    let (text, outcome) = choose(bytes, declared);
    let text = if hebrew::is_label(declared) { Cow::Owned(hebrew::in_order(&text)) } else { text };
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() };
    (text, outcome)
}

/// The encoding that a label means, if it is known and not one of those below.
pub(crate) fn by_label(label: &str) -> Option<&'static Encoding> {
    let named = |l: &str| Encoding::for_label_no_replacement(l.as_bytes());
    let short = letters(label);
    if let Some((_, meant)) = ALIASES.iter().find(|(alias, _)| *alias == short) {
        return named(meant);
    }
    let number = short.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    named(&label.to_ascii_lowercase())
        .or_else(|| named(&label.replace('_', "-")))
        .or_else(|| named(&short))
        .or_else(|| short.strip_prefix("iso8859").and_then(|n| named(&format!("iso-8859-{n}"))))
        .or_else(|| named(&format!("windows-{number}")).filter(|_| number.len() == 4))
}

fn letters(label: &str) -> String {
    let short: String =
        label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    short.strip_prefix("charset").filter(|s| !s.is_empty()).map_or(short.clone(), str::to_owned)
}

fn choose<'a>(bytes: &'a [u8], declared: Option<&str>) -> (Cow<'a, str>, Outcome) {
    let label = declared
        .map(|l| l.trim_matches(|c: char| c.is_whitespace() || "\"'<>();,=".contains(c)))
        .filter(|l| !NOTHING.contains(&letters(l).as_str()));
    let Some(label) = label else {
        if let Some(text) = ascii(bytes) {
            return (Cow::Borrowed(text), Outcome::AsDeclared);
        }
        let (text, name) = detect(bytes);
        return (text, Outcome::Detected(name));
    };
    if ASCII.contains(&letters(label).as_str()) && !bytes.is_ascii() {
        let (text, name) = detect(bytes);
        return (text, Outcome::Mended(name));
    }
    if let Some(encoding) = by_label(label) {
        return decode_as(bytes, encoding);
    }
    match letters(label).as_str() {
        "iso2022kr" => return (Cow::Owned(shifted(bytes, b"\x0e", b"\x0f", EUC_KR)), Outcome::AsDeclared),
        "utf7" | "unicode11utf7" | "csunicode11utf7" | "unicode20utf7" | "xunicode20utf7" => {
            return (Cow::Owned(utf7::decode(bytes)), Outcome::AsDeclared);
        }
        "utf32" | "utf32le" | "utf32be" | "ucs4" => {
            return (Cow::Owned(four_bytes(bytes)), Outcome::AsDeclared);
        }
        "hzgb2312" | "hz" => return (Cow::Owned(shifted(bytes, b"~{", b"~}", GB18030)), Outcome::AsDeclared),
        _ => {}
    }
    // The library also knows code pages of old PCs. UTF-8 does not look like one of those by chance.
    if !looks_like_utf8(bytes)
        && let Some(decoder) =
            mail_parser::decoders::charsets::map::charset_decoder(label.to_ascii_lowercase().as_bytes())
    {
        return (Cow::Owned(decoder(bytes)), Outcome::AsDeclared);
    }
    let (text, name) = detect(bytes);
    (text, Outcome::Mended(name))
}

/// Four bytes a letter; which of them comes first shows in the text, as no letter has a number above 2²¹.
fn four_bytes(bytes: &[u8]) -> String {
    let big = |four: [u8; 4]| u32::from_be_bytes(four);
    let fours = || bytes.as_chunks::<4>().0.iter().copied();
    let is_big =
        fours().take(1000).filter(|four| big(*four) < 1 << 21).count() * 2 >= fours().take(1000).count();
    let number = |four| if is_big { big(four) } else { u32::from_le_bytes(four) };
    let letters = fours().map(|four| char::from_u32(number(four)).unwrap_or(char::REPLACEMENT_CHARACTER));
    letters.filter(|c| *c != '\u{feff}').collect()
}

/// Seven-bit sets that shift into another: what is between the marks has lost its high bits.
fn shifted(bytes: &[u8], on: &[u8], off: &[u8], encoding: &'static Encoding) -> String {
    let mut high = Vec::with_capacity(bytes.len());
    let (mut rest, mut inside) = (bytes, false);
    // The announcement at the start of the text is no text.
    rest = rest.strip_prefix(b"\x1b$)C").unwrap_or(rest);
    while let Some((first, tail)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(if inside { off } else { on }) {
            (rest, inside) = (behind, !inside);
            continue;
        }
        // A line always begins unshifted.
        inside &= *first != b'\n';
        high.push(if inside && first.is_ascii_graphic() { first | 0x80 } else { *first });
        rest = tail;
    }
    encoding.decode_without_bom_handling(&high).0.into_owned()
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
    let escapes = bytes.is_ascii() && memchr::memmem::find(bytes, b"\x1b$").is_some();
    if escapes && (encoding == UTF_8 || encoding.is_single_byte()) {
        return (encoding_rs::ISO_2022_JP.decode(bytes).0, Outcome::Mended("ISO-2022-JP"));
    }
    let (text, _, errors) = encoding.decode(bytes);
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
    // Many programs call everything latin-1; no text of one byte a character looks like UTF-8 by chance.
    if (encoding.is_single_byte() || errors) && looks_like_utf8(bytes) {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        return (Cow::Borrowed(text), Outcome::Mended("UTF-8"));
    }
    if errors && text.matches('\u{fffd}').count() * 10 > text.chars().count() {
        let (text, name) = detect(bytes);
        return (text, Outcome::Mended(name));
    }
    (text, Outcome::AsDeclared)
}

fn looks_like_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
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
    let few = bytes.iter().filter(|b| !b.is_ascii()).take(FEW).count() < FEW;
    let guess = if few && RARE.contains(&guess.name()) { WINDOWS_1252 } else { guess };
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
            ("Привет".as_bytes(), Some("koi8-r"), "Привет"),
            ("Grüße".as_bytes(), Some("ibm850"), "Grüße"),
            (
                b"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0?",
                Some("us-ascii"),
                "Привет, как дела?",
            ),
            (b"mandare qualcuno gioved\xec?", None, "mandare qualcuno giovedì?"),
            (b"\x1b$B%O%m\x1b(B", Some("utf-8"), "ハロ"),
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
            (b"\x1b$)C\x0e>H3g\x0f!\n", Some("iso-2022-kr"), "안녕!\n"),
            (b"~{VPND~}.", Some("HZ-GB-2312"), "中文."),
            (b"\xe9", Some("Latin-1"), "é"),
            (b"\xe9", Some("win-1252"), "é"),
            (b"\xcf\xf0", Some("CP1251"), "Пр"),
            (b"\xcf\xf0", Some("windows_1251"), "Пр"),
            (b"\xfe", Some("ISO8859-9"), "ş"),
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
