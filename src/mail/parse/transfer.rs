//! Content-Transfer-Encodings, read leniently: what can be read is, and broken places are counted.
//!
//! Splits nothing and decodes no character sets.

use std::borrow::Cow;

use crate::mail::parse::uu;

/// How the bytes of a part were packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Plain,
    Base64,
    QuotedPrintable,
    Uuencode,
    /// Declared, but not known: the bytes are taken as they are.
    Unknown,
}

impl Encoding {
    /// Reads the value of a Content-Transfer-Encoding field.
    pub(crate) fn from_label(label: &[u8]) -> Self {
        let end = label.iter().position(|&b| b == b';' || b == b'(').unwrap_or(label.len());
        // Quotes, blanks, hyphens and dots stand in it where no reader expects them.
        let letters = label[..end].iter().filter(|b| b.is_ascii_alphanumeric());
        let word: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
        match word.as_slice() {
            b"" | b"7bit" | b"8bit" | b"7bits" | b"8bits" | b"binary" | b"none" => Self::Plain,
            b"base64" | b"b" => Self::Base64,
            b"quotedprintable" | b"qp" | b"q" => Self::QuotedPrintable,
            b"xuuencode" | b"uuencode" | b"xuue" | b"uue" | b"xuu" => Self::Uuencode,
            _ => Self::Unknown,
        }
    }
}

/// Base64, past anything that is no part of its alphabet. Padding starts a new group, wherever it is.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for &byte in bytes {
        let value = BASE64_VALUES[usize::from(byte)];
        if value < 64 {
            buffer = (buffer << 6) | u32::from(value);
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                out.push(((buffer >> bits) & 0xff) as u8);
                buffer &= (1 << bits) - 1;
            }
        } else if byte == b'=' {
            // Several base64 texts may follow one another, each with its own padding.
            (buffer, bits) = (0, 0);
        }
    }
    out
}

/// Whether bytes declared as base64 are something else, such as text that nobody encoded.
pub(crate) fn is_base64(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let strange = head.iter().filter(|b| !b.is_ascii_alphanumeric() && !b"+/= \r\n\t-_".contains(b)).count();
    let spaces = memchr::memchr_iter(b' ', head).count();
    strange * 50 <= head.len() && spaces * 10 <= head.len()
}

/// Quoted-printable. An escape that is none stays as it was written.
pub(crate) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'=', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + found]);
        at += found + 1;
        let rest = &bytes[at..];
        if let (Some(high), Some(low)) = (hex_value(rest.first()), hex_value(rest.get(1))) {
            out.push(high << 4 | low);
            at += 2;
        } else if let Some(skip) = soft_break(rest) {
            at += skip;
        } else {
            out.push(b'=');
        }
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Unpacks a part.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Base64 => Cow::Owned(base64(bytes)),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
        Encoding::Uuencode => Cow::Owned(uu::decode(bytes)),
        Encoding::Plain | Encoding::Unknown => Cow::Borrowed(bytes),
    }
}

/// Length of a soft line break right after `=`, counting blanks that some servers add.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|b| **b == b' ' || **b == b'\t').take(80).count();
    match rest.get(blanks) {
        None => Some(blanks),
        Some(b'\r') if rest.get(blanks + 1) == Some(&b'\n') => Some(blanks + 2),
        Some(b'\n' | b'\r') => Some(blanks + 1),
        Some(_) => None,
    }
}

fn hex_value(byte: Option<&u8>) -> Option<u8> {
    match byte? {
        b @ b'0'..=b'9' => Some(b - b'0'),
        b @ b'a'..=b'f' => Some(b - b'a' + 10),
        b @ b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    }
}

const BASE64_VALUES: [u8; 256] = {
    let mut table = [255u8; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut i = 0u8;
    while i < 64 {
        table[alphabet[i as usize] as usize] = i;
        i += 1;
    }
    // The alphabet for file names and URLs is met in the wild as well.
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_base64_gives_what_can_be_read() {
        assert_eq!(base64(b"SGVs bG8=\r\n!"), b"Hello");
        assert_eq!(base64(b"SGVsbG8"), b"Hello");
        assert_eq!(base64(b"SGk=SGk="), b"HiHi");
        assert_eq!(base64(b""), b"");
    }

    #[test]
    fn broken_quoted_printable_keeps_what_is_no_escape() {
        assert_eq!(quoted_printable(b"a=3Db=\r\nc=  \nd=zz=e4="), b"a=bcd=zz\xe4");
    }

    #[test]
    fn plain_text_is_not_taken_for_base64() {
        assert!(is_base64(b"SGVsbG8gd29ybGQ=\r\n"));
        assert!(!is_base64(b"Dear team, my printer does not print. It burns (a little)."));
    }
}
