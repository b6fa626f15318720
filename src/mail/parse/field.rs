//! Header blocks: from bytes to fields, with what is broken mended and what is too large cut.
//!
//! Does not decode or interpret values; that is for `word`, `address` and `param`.

use std::borrow::Cow;

use crate::mail::Defect;

/// How much of one field is kept; a longer value is an attack or a mistake.
const FIELD_BYTES: usize = 64 * 1024;
/// How many fields of one block are kept.
const FIELDS: usize = 1000;
/// How far to look ahead for another field when a line in a header block is none: for any field, and for one
/// that only the header of a mail has.
const LOOK_AHEAD: usize = 8;
const LOOK_FAR: usize = 200;
/// How many lines of blanks in a row may stand within a header.
const BLANKS: usize = 4;

/// Fields that are kept even where a block is over its limits, once each.
const ESSENTIAL: &[&str] = &[
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "return-path",
    "auto-submitted",
    "precedence",
    "mime-version",
    "content-type",
    "content-disposition",
    "content-transfer-encoding",
    "content-id",
];

/// Further fields that mail programs write, and that hardly stand at the beginning of a sentence.
const USUAL: &[&str] = &[
    "received",
    "delivered-to",
    "envelope-to",
    "bcc",
    "user-agent",
    "authentication-results",
    "importance",
    "organization",
    "return-receipt-to",
    "disposition-notification-to",
    "mailing-list",
    "errors-to",
    "feedback-id",
];

/// One field: its name as written and its value, unfolded but not decoded.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    pub name: &'a str,
    pub ends: NameEnds,
    pub value: Cow<'a, [u8]>,
}

/// Where the name of a field ends: mail servers do not know each other's fields again by a blank more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEnds {
    AtTheColon,
    AtABlank,
}

/// A header block and where the body behind it begins.
#[derive(Debug, Default)]
pub struct Block<'a> {
    pub fields: Vec<Field<'a>>,
    pub body: usize,
}

impl<'a> Block<'a> {
    /// The first field called `name` (given in lower case).
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value.as_ref())
    }

    pub fn all(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value.as_ref())
    }
}

/// Splits the header block at the start of `raw`.
pub fn split<'a>(raw: &'a [u8], limit: usize, defects: &mut Vec<Defect>) -> Block<'a> {
    let mut reader = Reader { raw, limit, follows_until: 0, used: 0, dropped: 0, block: Block::default() };
    reader.read(defects);
    if reader.dropped > 0 {
        defects.push(Defect::new("header-too-large", format!("{} bytes left out", reader.dropped)));
    }
    reader.block
}

/// The line that starts at `at`, without its end, and where the next one starts.
pub(crate) fn line_at(raw: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &raw[at..];
    match memchr::memchr(b'\n', rest) {
        Some(end) => (rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]), at + end + 1),
        None => (rest.strip_suffix(b"\r").unwrap_or(rest), raw.len()),
    }
}

/// The name and value of a header line, if it is one.
pub(crate) fn name_and_value(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(128)])?;
    let name = line[..colon].trim_ascii_end();
    let good = !name.is_empty() && name.iter().all(|&b| b.is_ascii_graphic() && b != b'<' && b != b'"');
    if !good {
        return None;
    }
    Some((std::str::from_utf8(name).ok()?, line[colon + 1..].trim_ascii()))
}

/// Whether a field is one of those that mail programs write.
pub(crate) fn is_usual(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    ESSENTIAL.contains(&small.as_str())
        || USUAL.contains(&small.as_str())
        || ["x-", "list-", "resent-", "dkim-", "arc-", "thread-", "content-"]
            .iter()
            .any(|b| small.starts_with(b))
}

struct Reader<'a> {
    raw: &'a [u8],
    limit: usize,
    /// Up to where a field is known to follow, so that each line is looked at once.
    follows_until: usize,
    used: usize,
    dropped: usize,
    block: Block<'a>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, defects: &mut Vec<Defect>) {
        let mut at = 0;
        while at < self.raw.len() {
            let (line, next) = line_at(self.raw, at);
            if line.trim_ascii().is_empty() {
                if let Some(more) = self.goes_on(line, next) {
                    at = more;
                    continue;
                }
                self.block.body = next;
                return;
            }
            if line[0] == b' ' || line[0] == b'\t' {
                self.fold(line);
            } else if let Some((name, value)) = name_and_value(line) {
                let is_close = line.get(name.len()) == Some(&b':');
                let ends = if is_close { NameEnds::AtTheColon } else { NameEnds::AtABlank };
                self.push(name, ends, value);
            } else if line.starts_with(b"From ") || line.starts_with(b">From ") {
                // The envelope line of an mbox file, now and then left in a message.
            } else if !self.block.fields.is_empty() && self.field_follows(next) {
                defects.push(Defect::new(
                    "header-broken",
                    "a line that is no field was joined to the one before",
                ));
                self.fold(line);
            } else {
                defects.push(Defect::new("header-unfinished", "the body begins without an empty line"));
                self.block.body = at;
                return;
            }
            at = next;
        }
        self.block.body = self.raw.len();
    }

    fn push(&mut self, name: &'a str, ends: NameEnds, value: &'a [u8]) {
        let essential = || ESSENTIAL.iter().any(|e| name.eq_ignore_ascii_case(e));
        let full = self.used + value.len() > self.limit || self.block.fields.len() >= FIELDS;
        // `From` is counted by others, so that a second one is never dropped unseen.
        let wanted = essential() && (name.eq_ignore_ascii_case("from") || self.block.first(name).is_none());
        if full && !(wanted && self.block.fields.len() < 2 * FIELDS) {
            self.dropped += name.len() + value.len();
            // What folds onto a dropped field must not end up in the one before it.
            self.used = self.limit;
            return;
        }
        let kept = &value[..value.len().min(FIELD_BYTES)];
        self.dropped += value.len() - kept.len();
        self.used += name.len() + kept.len();
        self.block.fields.push(Field { name, ends, value: Cow::Borrowed(kept) });
    }

    fn fold(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        match self.block.fields.last_mut() {
            Some(last) if last.value.len() + line.len() < FIELD_BYTES && self.used < self.limit => {
                self.used += line.len() + 1;
                let value = last.value.to_mut();
                if !value.is_empty() {
                    value.push(b' ');
                }
                value.extend_from_slice(line);
            }
            Some(_) => self.dropped += line.len(),
            None => {}
        }
    }

    /// Where a header goes on behind a line that has blanks and nothing else, if it does (RFC 5322 §4.2): a
    /// text may begin there just as well.
    fn goes_on(&self, line: &[u8], mut at: usize) -> Option<usize> {
        if line.is_empty() || self.block.fields.is_empty() {
            return None;
        }
        for _ in 0..BLANKS {
            let (line, next) = line_at(self.raw, at);
            if !line.trim_ascii().is_empty() {
                let is_fold = line[0].is_ascii_whitespace();
                let is_field = || name_and_value(line).is_some_and(|(name, _)| is_usual(name));
                return (is_fold || is_field()).then_some(at);
            }
            if line.is_empty() {
                return None;
            }
            at = next;
        }
        None
    }

    fn field_follows(&mut self, mut at: usize) -> bool {
        if at <= self.follows_until {
            return true;
        }
        for count in 0..LOOK_FAR {
            if at >= self.raw.len() {
                return false;
            }
            let (line, next) = line_at(self.raw, at);
            if line.trim_ascii().is_empty() {
                return false;
            }
            // The further it stands, the less may it be the beginning of a sentence.
            if let Some((name, _)) = name_and_value(line)
                && (count < LOOK_AHEAD || is_usual(name) && self.is_followed(next))
            {
                self.follows_until = at;
                return true;
            }
            at = next;
        }
        false
    }

    /// Whether the end of the header or another field stands at `at`.
    fn is_followed(&self, at: usize) -> bool {
        let line = line_at(self.raw, at.min(self.raw.len())).0;
        line.first().is_none_or(u8::is_ascii_whitespace) || name_and_value(line).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(raw: &str) -> (Vec<(String, String)>, String) {
        let block = split(raw.as_bytes(), 1 << 18, &mut Vec::new());
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let fields = block.fields.iter().map(|f| (f.name.to_owned(), text(&f.value))).collect();
        (fields, text(&raw.as_bytes()[block.body..]))
    }

    #[test]
    fn folded_and_broken_lines_join_the_field_before_them() {
        let (fields, body) = fields("A: 1\r\n 2\r\nB : x\r\nno field at all\r\nC: 3\r\n\r\nbody");
        assert_eq!(fields[0], ("A".into(), "1 2".into()));
        assert_eq!(fields[1], ("B".into(), "x no field at all".into()));
        assert_eq!(fields[2], ("C".into(), "3".into()));
        assert_eq!(body, "body");
    }

    #[test]
    fn text_without_any_header_is_all_body() {
        let (fields, body) = fields("Hello there,\nmy printer burns.\n");
        assert!(fields.is_empty());
        assert_eq!(body, "Hello there,\nmy printer burns.\n");
    }

    #[test]
    fn a_huge_field_does_not_hide_the_ones_behind_it() {
        let raw = format!("X-Big: {}\nFrom: a@b.test\nSubject: s\n\nbody", "x".repeat(5 << 20));
        let mut defects = Vec::new();
        let block = split(raw.as_bytes(), 1 << 18, &mut defects);
        assert_eq!(block.first("from"), Some(&b"a@b.test"[..]));
        assert_eq!(&raw[block.body..], "body");
        assert_eq!(defects[0].kind, "header-too-large");
    }

    #[test]
    fn folds_of_a_dropped_field_go_with_it() {
        let raw = format!("{}X: y\n folded\nSubject: s\n\n", "F: xxxxxxxx\n".repeat(2000));
        let block = split(raw.as_bytes(), 1 << 18, &mut Vec::new());
        assert_eq!(block.first("subject"), Some(&b"s"[..]));
        assert!(block.all("f").all(|v| v == b"xxxxxxxx"));
    }
}
