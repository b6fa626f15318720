//! Where the header of a message begins, below lines that programs left above it.
//!
//! Only a block that is plainly a mail's header is believed: a text without any header stays a text.

use crate::mail::parse::field;

/// How many lines may stand above a header.
const JUNK_LINES: usize = 12;
/// How many lines of a header are looked at.
const HEADER_LINES: usize = 60;
/// How many fields of a mail it must have.
const FIELDS: usize = 4;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes stand above the header.
pub(crate) fn of_header(raw: &[u8]) -> usize {
    let text = raw.trim_ascii_start();
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut at = raw.len() - text.len();
    if is_field(field::line_at(raw, at).0) {
        return at;
    }
    for _ in 0..JUNK_LINES {
        at = field::line_at(raw, at).1;
        if is_header(raw, at) {
            return at;
        }
    }
    0
}

fn is_field(line: &[u8]) -> bool {
    field::name_and_value(line).is_some()
}

/// Whether a mail's own fields stand here, one below the other, and who wrote it among them.
fn is_header(raw: &[u8], mut at: usize) -> bool {
    let mut names: Vec<String> = Vec::new();
    for _ in 0..HEADER_LINES {
        let (line, next) = field::line_at(raw, at.min(raw.len()));
        match field::name_and_value(line) {
            Some((name, _)) if field::is_usual(name) => names.push(name.to_ascii_lowercase()),
            Some(_) if !names.is_empty() => {}
            None if !names.is_empty() && line.starts_with(b" ") || line.starts_with(b"\t") => {}
            _ => break,
        }
        at = next;
    }
    names.iter().any(|name| name == "from") && names.len() >= FIELDS
}
