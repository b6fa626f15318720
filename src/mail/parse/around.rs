//! What stands above and below the parts of a message, where its boundaries are looked for.
//!
//! No reader shows it, so programs put a phrase of their own there; what else stands there are somebody's words.

use memchr::memmem;

use crate::mail::parse::field;

/// The phrases of programs are short.
const PHRASE: usize = 800;
/// What all of those phrases have in common, in lower case.
const USUAL: &[&[u8]] = &[b"mime", b"multi-part", b"multipart", b"multiple parts", b"mehrteilig"];

/// Somebody's words above and below the parts of a multipart, as parts of their own.
#[derive(Debug, Default)]
pub(crate) struct Around {
    pub(crate) above: Option<usize>,
    /// Behind ends that were none; where the boundary is guessed, they are among the parts.
    pub(crate) between: Vec<usize>,
    pub(crate) below: Option<usize>,
    pub(crate) boundary: Boundary,
}

impl Around {
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> {
        self.above.into_iter().chain(self.between.iter().copied()).chain(self.below)
    }
}

/// How the boundary of a multipart is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Boundary {
    #[default]
    Named,
    /// The header does not name it, so what stands outside of the parts may have been meant to be read.
    Guessed,
}

/// Words of somebody's above the parts, if these are any.
pub(crate) fn words_above(text: &[u8]) -> Option<&[u8]> {
    words(text).filter(|text| !is_phrase(text))
}

/// Anything but blanks, signs and boundaries of other mails.
pub(crate) fn words(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii();
    let is_said = |line: &[u8]| line.iter().any(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
    let is_boundary = |line: &[u8]| line.starts_with(b"--") && !line.contains(&b' ');
    text.split(|b| *b == b'\n').any(|line| is_said(line) && !is_boundary(line)).then_some(text)
}

fn is_phrase(text: &[u8]) -> bool {
    if text.len() > PHRASE {
        return false;
    }
    let small = text.to_ascii_lowercase();
    // A header that somebody shows names it, too.
    let is_shown =
        ["mime-version", "content-type"].iter().any(|name| memmem::find(&small, name.as_bytes()).is_some());
    !is_shown && USUAL.iter().any(|usual| memmem::find(&small, usual).is_some())
}

/// Whether the header of another mail ends here, below words that are not part of it: then the parts below are
/// that mail's.
pub(crate) fn quotes_a_mail(above: &[u8]) -> bool {
    let (mut at, mut is_told) = (0, false);
    while at < above.len() {
        let (line, next) = field::line_at(above, at);
        match field::name_and_value(line) {
            Some((name, _)) if is_told && name.eq_ignore_ascii_case("content-type") => return true,
            Some(_) => {}
            None => is_told |= line.first().is_some_and(|b| !b.is_ascii_whitespace()),
        }
        at = next;
    }
    false
}

/// Only what a header does not show is kept: of its fields, nothing is words.
pub(crate) fn is_header_only(above: &[u8]) -> bool {
    let mut lines = above.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
    lines.all(|line| line[0].is_ascii_whitespace() || field::name_and_value(line).is_some())
}
