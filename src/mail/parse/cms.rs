//! Mail that is signed as a whole (S/MIME, RFC 8551 §3.5.2): what was signed is inside, and anybody may read it.
//!
//! Checks no signature and opens nothing that is encrypted. Every length is checked, and nesting is bounded.

/// Object identifiers, with the tag and length of each.
const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const AUTHENTICATED: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

const SEQUENCE: u8 = 0x30;
const CONTEXT: u8 = 0xa0;
const OCTETS: u8 = 0x04;
/// Octets in pieces.
const PIECES: u8 = 0x24;

/// How deep pieces lie in pieces.
const DEPTH: usize = 8;

/// What bytes are, by what they say at their start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// What was signed.
    Signed(Vec<u8>),
    Encrypted,
}

/// Opens bytes if they are such an envelope and whole.
pub(crate) fn open(bytes: &[u8]) -> Option<Envelope> {
    let (sequence, _) = value(bytes, SEQUENCE)?;
    if sequence.starts_with(ENVELOPED) || sequence.starts_with(AUTHENTICATED) {
        return Some(Envelope::Encrypted);
    }
    let (content, _) = value(sequence.strip_prefix(SIGNED)?, CONTEXT)?;
    let (signed, _) = value(content, SEQUENCE)?;
    // A version and a set of digests stand before what was signed.
    let signed = skipped(skipped(signed)?)?;
    let (inner, _) = value(signed, SEQUENCE)?;
    let (inner, _) = value(inner.strip_prefix(DATA)?, CONTEXT)?;
    let mut out = Vec::new();
    octets(inner, DEPTH, &mut out)?;
    (!out.is_empty()).then_some(Envelope::Signed(out))
}

/// Octets, whole or in pieces; gives what is behind them.
fn octets<'a>(bytes: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Option<&'a [u8]> {
    if let Some((plain, rest)) = value(bytes, OCTETS) {
        out.extend_from_slice(plain);
        return Some(rest);
    }
    let (mut pieces, rest) = value(bytes, PIECES)?;
    while depth > 0 && !pieces.is_empty() && !pieces.starts_with(b"\0\0") {
        pieces = octets(pieces, depth - 1, out)?;
    }
    Some(rest)
}

/// The bytes behind one value of any kind.
fn skipped(bytes: &[u8]) -> Option<&[u8]> {
    value(bytes, *bytes.first()?).map(|(_, rest)| rest)
}

/// The inside of a value with this tag, and what is behind it.
fn value(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if *first != tag {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    if *length == 0x80 {
        // Without a length: all that is left, as its end is only known from inside. Whoever reads on behind it
        // would have to look for that.
        return Some((rest, endless_rest(rest)));
    }
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

/// What stands behind a value without a length: its pieces are walked over, up to the two zeros that end it.
fn endless_rest(mut bytes: &[u8]) -> &[u8] {
    while let Some(first) = bytes.first() {
        if bytes.starts_with(b"\0\0") {
            return &bytes[2..];
        }
        let is_endless = bytes.get(1) == Some(&0x80);
        let next = if is_endless { None } else { value(bytes, *first).map(|(_, rest)| rest) };
        match next {
            Some(rest) => bytes = rest,
            None => break,
        }
    }
    &[]
}
