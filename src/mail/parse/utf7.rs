//! UTF-7 (RFC 2152), which some old programs still send.
//!
//! Never fails: what cannot be read stays as it is.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(crate) fn decode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        out.push_str(&String::from_utf8_lossy(&rest[..plus]));
        let behind = &rest[plus + 1..];
        let end = behind.iter().position(|b| !is_base64(*b)).unwrap_or(behind.len());
        // Only a minus that ends the run belongs to it; anything else is text.
        let next = end + usize::from(behind.get(end) == Some(&b'-'));
        match units(&behind[..end]) {
            _ if end == 0 => out.push('+'),
            Some(text) => out.push_str(&text),
            None => out.push_str(&String::from_utf8_lossy(&rest[plus..=plus + end])),
        }
        rest = &behind[if end == 0 && behind.first() != Some(&b'-') { 0 } else { next }..];
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'+' || b == b'/'
}

/// The UTF-16 inside of a run.
fn units(run: &[u8]) -> Option<String> {
    let raw = BASE64.decode(run).ok().filter(|raw| raw.len() >= 2)?;
    let units = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_with_a_minus_or_with_text_that_stays() {
        let cases = [
            ("Hi Mom -+Jjo--!", "Hi Mom -☺-!"),
            ("pag. +AOA la +AOk-", "pag. à la é"),
            ("1 +- 1 = 2", "1 + 1 = 2"),
            ("+ZYeB9FH6ckh5Pg-", "文致出版社"),
            ("Ol+AOE, n+AOM-o", "Olá, não"),
            ("a + b", "a + b"),
            ("+", "+"),
            ("+2D", "+2D"),
        ];
        for (bytes, want) in cases {
            assert_eq!(decode(bytes.as_bytes()), want, "{bytes}");
        }
    }
}
