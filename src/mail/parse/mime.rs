//! The parts of a message: where each begins and ends, and how they nest.
//!
//! Does not decode bodies. The splitting goes by whole lines and is our own, because the parser library cuts
//! a part where its boundary stands inside a line, and nests without limit.

use memchr::memmem;

use crate::mail::Defect;
use crate::mail::parse::around;
use crate::mail::parse::around::Around;
use crate::mail::parse::around::Boundary;
use crate::mail::parse::field;
use crate::mail::parse::field::Block;
use crate::mail::parse::param;
use crate::mail::parse::start;
use crate::mail::parse::transfer::Encoding;

/// What the header block of a part inside of a message may take.
const PART_HEADER_BYTES: usize = 32 * 1024;
/// How many lines are searched for a boundary that the header does not name.
const GUESS_LINES: usize = 400;

/// How large the shape of a message may become; what is beyond is left as it is, and said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Of the message itself; a part inside has a smaller limit of its own.
    pub(crate) header_bytes: usize,
    pub parts: usize,
    pub depth: usize,
}

/// One part. Parts are kept in the order of the message; number 0 is the message itself.
#[derive(Debug, Default)]
pub struct Part<'a> {
    pub block: Block<'a>,
    /// Content-Type; an empty value where none was given.
    pub kind: param::Field,
    /// Content-Disposition.
    pub disposition: param::Field,
    /// What is behind the header block, still encoded.
    pub body: &'a [u8],
    /// Numbers of the parts inside; empty for anything but a multipart.
    pub(crate) children: Vec<usize>,
    pub(crate) around: Around,
}

/// Where the parts of a multipart begin and end.
#[derive(Default)]
struct Cuts {
    stretches: Vec<Stretch>,
    /// Where what stands above them ends, and where what stands below them begins.
    above: usize,
    below: usize,
    boundary: Boundary,
}

/// From one place of a body to another.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    end: usize,
    kind: StretchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StretchKind {
    Part,
    /// Behind an end that was none: words of nobody's part.
    Between,
}

impl Part<'_> {
    pub fn encoding(&self) -> Encoding {
        self.block.first("content-transfer-encoding").map_or(Encoding::Plain, Encoding::from_label)
    }

    pub fn charset(&self) -> Option<&str> {
        self.kind.get("charset")
    }

    /// The name that the sender gave to the part, not yet cleaned.
    pub fn name(&self) -> Option<&str> {
        let (kind, disposition) = (&self.kind, &self.disposition);
        let names =
            [disposition.get("filename"), disposition.get("name"), kind.get("name"), kind.get("filename")];
        let mut names = names.into_iter().flatten().filter(|n| !n.trim().is_empty());
        let first = names.next()?;
        // One of two names may have lost its letters to a small character set.
        let whole = |n: &&str| !n.contains(['?', '\u{fffd}']);
        if whole(&first) { Some(first) } else { names.find(whole).or(Some(first)) }
    }
}

/// Takes a message apart.
pub fn split<'a>(raw: &'a [u8], most: Shape, defects: &mut Vec<Defect>) -> Vec<Part<'a>> {
    let mut splitter = Splitter { most, parts: Vec::new(), left_out: 0, too_deep: 0, defects };
    let (above, message) = raw.split_at(start::of_header(raw));
    if around::words(above).is_some() {
        splitter.defects.push(Defect::new("junk-above", format!("{} bytes above the header", above.len())));
    }
    splitter.part(message, 0, "");
    let Splitter { parts, left_out, too_deep, defects, .. } = splitter;
    if left_out > 0 {
        defects.push(Defect::new("too-many-parts", format!("{left_out} parts left out")));
    }
    if too_deep > 0 {
        defects.push(Defect::new("too-deep", format!("{too_deep} parts not taken apart")));
    }
    parts
}

struct Splitter<'a, 'd> {
    most: Shape,
    parts: Vec<Part<'a>>,
    left_out: usize,
    too_deep: usize,
    defects: &'d mut Vec<Defect>,
}

impl<'a> Splitter<'a, '_> {
    /// Adds a part and all that is in it. `default` is its type if it does not say.
    fn part(&mut self, raw: &'a [u8], depth: usize, default: &str) -> Option<usize> {
        if self.parts.len() >= self.most.parts {
            self.left_out += 1;
            return None;
        }
        let limit = if depth == 0 { self.most.header_bytes } else { PART_HEADER_BYTES };
        let block = field::split(raw, limit, self.defects);
        let body = &raw[block.body..];
        let mut kind = block.first("content-type").map(|v| param::read(v, None)).unwrap_or_default();
        if kind.value.is_empty() {
            default.clone_into(&mut kind.value);
        }
        let disposition =
            block.first("content-disposition").map(|v| param::read(v, None)).unwrap_or_default();
        let id = self.parts.len();
        self.parts.push(Part { block, kind, disposition, body, ..Part::default() });
        self.split_body(id, depth);
        Some(id)
    }

    fn split_body(&mut self, id: usize, depth: usize) {
        let kind = &self.parts[id].kind;
        let multipart = kind.value.starts_with("multipart/");
        // A message that names no type, but whose body is plainly taken apart already.
        let unnamed = id == 0 && !kind.value.contains('/');
        if !multipart && !unnamed {
            return;
        }
        if depth >= self.most.depth {
            self.too_deep += 1;
            return;
        }
        let body = self.parts[id].body;
        let declared = if multipart { kind.get("boundary").map(str::to_owned) } else { None };
        let default = if kind.value == "multipart/digest" { "message/rfc822" } else { "" };
        let Some(cuts) = self.cuts(body, declared.as_deref()) else {
            if multipart {
                self.defects.push(Defect::new("boundary-missing", "taken as one text"));
                "text/plain".clone_into(&mut self.parts[id].kind.value);
            }
            return;
        };
        if unnamed {
            if around::quotes_a_mail(&body[..cuts.above]) {
                self.defects.push(Defect::new("mail-in-text", "its parts were left in the text"));
                return;
            }
            "multipart/mixed".clone_into(&mut self.parts[id].kind.value);
        }
        for &Stretch { start, end, kind } in &cuts.stretches {
            let inside = &body[start..end];
            match (kind, cuts.boundary) {
                (StretchKind::Part, _) => {
                    let child = self.part(inside, depth + 1, default);
                    self.parts[id].children.extend(child);
                }
                (StretchKind::Between, Boundary::Guessed) => {
                    let words = around::words(inside).and_then(|words| self.text(words));
                    self.parts[id].children.extend(words);
                }
                (StretchKind::Between, Boundary::Named) => {
                    let words = around::words(inside).and_then(|words| self.file(words, "between.txt"));
                    self.parts[id].around.between.extend(words);
                }
            }
        }
        self.keep_around(id, &cuts);
    }

    /// Makes parts of the words that stand around the others.
    fn keep_around(&mut self, id: usize, cuts: &Cuts) {
        let body = self.parts[id].body;
        let (above, below) = (&body[..cuts.above], &body[cuts.below..]);
        let (above, below) = (around::words_above(above), around::words(below));
        let is_header = around::is_header_only(&body[..cuts.above]);
        let (above, below) = match cuts.boundary {
            Boundary::Guessed => (
                above.filter(|_| !is_header).and_then(|words| self.text(words)),
                below.and_then(|words| self.text(words)),
            ),
            Boundary::Named => (
                above.and_then(|words| self.file(words, "preamble.txt")),
                below.and_then(|words| self.file(words, "epilogue.txt")),
            ),
        };
        let around = &mut self.parts[id].around;
        (around.above, around.below, around.boundary) = (above, below, cuts.boundary);
    }

    /// Words that no reader shows, as a text that has a name in case it is attached.
    fn file(&mut self, body: &'a [u8], name: &str) -> Option<usize> {
        let id = self.text(body)?;
        self.parts[id].kind.parameters.push(("name".to_owned(), name.to_owned()));
        self.defects.push(Defect::new("words-outside", format!("{} bytes, which no part holds", body.len())));
        Some(id)
    }

    fn text(&mut self, body: &'a [u8]) -> Option<usize> {
        let id = self.parts.len();
        let kind = param::Field { value: "text/plain".to_owned(), ..param::Field::default() };
        (id < self.most.parts).then(|| self.parts.push(Part { kind, body, ..Part::default() })).map(|()| id)
    }

    /// Where the parts in `body` begin and end; nothing if no boundary is in it.
    fn cuts(&mut self, body: &'a [u8], declared: Option<&str>) -> Option<Cuts> {
        let most = self.most.parts.saturating_sub(self.parts.len()).saturating_add(2);
        let tries = [declared, declared.map(str::trim)].into_iter().flatten().filter(|b| !b.is_empty());
        let mut found = tries.map(|b| delimiters(body, b.as_bytes(), most)).find(|(d, _)| !d.is_empty());
        let mut cuts = Cuts::default();
        if found.is_none() {
            let guessed = guess_boundary(body)?;
            found = Some(delimiters(body, guessed, most)).filter(|(d, _)| !d.is_empty());
            cuts.boundary = Boundary::Guessed;
            self.defects.push(Defect::new("boundary-guessed", "the header does not name the one in use"));
        }
        let (found, more) = found?;
        self.left_out += more;
        if found.last().is_some_and(|last| !last.closing) && more == 0 {
            self.defects.push(Defect::new("boundary-unclosed", "the message may be cut off"));
        }
        (cuts.above, cuts.below) = (found.first().map_or(0, |first| first.start), body.len());
        for (i, delimiter) in found.iter().enumerate() {
            // Two boundaries in a row leave nothing between them, not even a line end.
            let end = found.get(i + 1).map_or(body.len(), |next| next.start).max(delimiter.end);
            let stretch = |kind| Stretch { start: delimiter.end, end, kind };
            let is_last = i + 1 == found.len();
            if !delimiter.closing {
                cuts.stretches.push(stretch(StretchKind::Part));
            } else if more == 0 {
                cuts.below = delimiter.end;
            }
            if delimiter.closing && !is_last {
                cuts.stretches.push(stretch(StretchKind::Between));
            }
        }
        // Below the last end nothing but a part goes on.
        if found.last().is_some_and(|last| !last.closing) {
            cuts.below = body.len();
        }
        Some(cuts)
    }
}

/// A boundary line: `start` excludes the line end before it, `end` includes its own.
struct Delimiter {
    start: usize,
    end: usize,
    closing: bool,
}

/// The first `most` boundary lines, and how many there are beyond them.
fn delimiters(body: &[u8], boundary: &[u8], most: usize) -> (Vec<Delimiter>, usize) {
    let needle = [b"--", boundary].concat();
    let mut out = Vec::new();
    let mut more = 0;
    for start in memmem::find_iter(body, &needle) {
        if start > 0 && body[start - 1] != b'\n' {
            continue;
        }
        let (line, end) = field::line_at(body, start);
        let rest = &line[needle.len().min(line.len())..];
        let closing = rest.starts_with(b"--");
        let tail = if closing { &rest[2..] } else { rest };
        if !ends_there(boundary, tail) {
            continue;
        }
        if out.len() >= most {
            more += usize::from(!closing);
            continue;
        }
        let before = body[..start].strip_suffix(b"\n").unwrap_or(&body[..start]);
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        out.push(Delimiter { start: before.len(), end, closing });
    }
    (out, more)
}

/// Whether a boundary line is one with this behind it: any words (RFC 2046 §5.1.1), but not the rest of a longer
/// boundary.
fn ends_there(boundary: &[u8], tail: &[u8]) -> bool {
    let is_other = |b: &u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(b);
    tail.trim_ascii().is_empty()
        || boundary.iter().any(u8::is_ascii_alphanumeric) && tail.first().is_some_and(|b| !is_other(b))
}

/// A line that begins with `--` and has a Content- field below it is a boundary in use.
fn guess_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    for _ in 0..GUESS_LINES {
        if at >= body.len() {
            return None;
        }
        let (line, next) = field::line_at(body, at);
        if line.len() > 2 && line.len() < 200 && line.starts_with(b"--") && next < body.len() {
            let below = field::line_at(body, next).0;
            if below.len() > 8
                && below[..8].eq_ignore_ascii_case(b"content-")
                && field::name_and_value(below).is_some()
            {
                return Some(line[2..].trim_ascii_end());
            }
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn shown(raw: &str) -> (Vec<String>, Vec<&'static str>) {
        let mut defects = Vec::new();
        let parts =
            split(raw.as_bytes(), Shape { header_bytes: 256 * 1024, parts: 1000, depth: 50 }, &mut defects);
        let text = |p: &Part| format!("{}|{}", p.kind.value, String::from_utf8_lossy(p.body));
        let leaves = parts.iter().filter(|p| p.children.is_empty()).map(text).collect();
        (leaves, defects.iter().map(|d| d.kind).collect())
    }

    #[test]
    fn a_boundary_inside_a_line_cuts_nothing() {
        let (parts, defects) = shown(
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nsee --x here\n --x\n--xy\n--x\n\ntwo\n--x--\n",
        );
        assert_eq!(parts, ["|see --x here\n --x\n--xy", "|two"]);
        assert!(defects.is_empty());
    }

    #[test]
    fn wrong_and_missing_boundaries_are_mended() {
        let body = "--real\nContent-Type: text/plain\n\none\n--real--\n";
        let cases = [
            ("Content-Type: multipart/mixed; boundary=other\n\n", "boundary-guessed"),
            ("Content-Type: multipart/mixed\n\n", "boundary-guessed"),
            ("Subject: none\n\n", "boundary-guessed"),
        ];
        for (head, defect) in cases {
            let (parts, defects) = shown(&format!("{head}{body}"));
            assert_eq!(parts, ["text/plain|one"], "{head}");
            assert_eq!(defects, [defect], "{head}");
        }
        let (parts, defects) = shown("Content-Type: multipart/mixed; boundary=x\n\njust text\n");
        assert_eq!(parts, ["text/plain|just text\n"]);
        assert_eq!(defects, ["boundary-missing"]);
    }

    #[test]
    fn parts_behind_an_early_end_are_found() {
        let (parts, _) =
            shown("Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n\n--x\n\ntwo\n--x--\n");
        assert_eq!(parts, ["|one", "|two"]);
    }

    #[test]
    fn bombs_of_parts_and_levels_are_cut_with_a_trace() {
        let many =
            format!("Content-Type: multipart/mixed; boundary=x\n\n{}--x--\n", "--x\n\na\n".repeat(10_000));
        let (parts, defects) = shown(&many);
        assert!(parts.len() < 1000 && defects.contains(&"too-many-parts"), "{defects:?}");
        let mut deep = String::new();
        for level in 0..1000 {
            let _ = write!(deep, "Content-Type: multipart/mixed; boundary=b{level}e\n\n--b{level}e\n");
        }
        let (parts, defects) = shown(&deep);
        assert_eq!(parts.len(), 1);
        assert!(defects.contains(&"too-deep"));
    }
}
