//! One line of a text, and what can be said of it alone.
//!
//! Whether a line belongs to a quote or header that spans several is for its neighbours to say.

use std::borrow::Cow;

use crate::mail::html::marks;

/// What a line of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Blank,
    Text,
    /// Marked as quoted.
    Quote,
    /// Introduces a quote whose lines are marked.
    Intro,
    /// Introduces a quote whose lines are not marked: everything below is old.
    Break,
    /// Belongs to the header of a quoted mail, or announces it: everything below is old.
    Header,
    /// Belongs to a forwarded mail's header.
    Forward,
    /// "Reply above this line".
    Marker,
}

/// A line as it stands in the text, and without what only decorates it.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub raw: &'a str,
    /// Without blanks at the ends, invisible characters, and `*` or `_` that stand for bold.
    pub bare: Cow<'a, str>,
}

impl<'a> Line<'a> {
    pub fn new(raw: &'a str) -> Self {
        let trimmed = raw.trim_matches(edge);
        let odd = |c: char| invisible(c) || c == '\u{a0}' || c == '\u{202f}' || c == '\u{3000}' || c == '*';
        let bare = if trimmed.is_ascii() && !trimmed.contains('*') || !trimmed.contains(odd) {
            Cow::Borrowed(trimmed)
        } else {
            let plain = |c: char| if matches!(c, '\u{a0}' | '\u{202f}' | '\u{3000}') { ' ' } else { c };
            let text: String = trimmed.chars().filter(|c| !invisible(*c) && *c != '*').map(plain).collect();
            Cow::Owned(text.trim().to_owned())
        };
        Self { raw, bare }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.bare.is_empty()
    }

    /// A line of a quote by its mark.
    pub(crate) fn is_quote(&self) -> bool {
        self.bare.starts_with(['>', '＞']) || self.bare.starts_with("&gt;")
    }

    /// A mark that some programs put before quoted lines, and people before other things. A bar that comes again
    /// divides the cells of a table.
    pub(crate) fn odd_mark(&self) -> Option<char> {
        let bare = self.bare.strip_prefix(':').unwrap_or(&self.bare);
        let mark = bare.chars().next().filter(|c| ODD_MARKS.contains(c))?;
        let rest = &bare[mark.len_utf8()..];
        ((rest.is_empty() || rest.starts_with([' ', mark]))
            && !rest.trim_start_matches([mark, ' ']).contains(mark))
        .then_some(mark)
    }

    /// Letters or digits of a mark that some clients put before quoted lines, such as `AB>`.
    pub(crate) fn quoted_by(&self) -> Option<&str> {
        let (name, rest) = self.bare.split_once('>')?;
        let short = (1..=12).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic());
        (short && (rest.is_empty() || rest.starts_with([' ', '>']))).then_some(name)
    }

    /// A line of nothing but one or more of these, such as `-----`.
    pub(crate) fn is_rule(&self, marks: &[char], least: usize) -> bool {
        let mut count = 0;
        self.bare.chars().all(|c| {
            count += 1;
            marks.contains(&c)
        }) && count >= least
    }

    /// Whether anything is said: a letter, a digit, or a picture.
    pub(crate) fn has_words(&self) -> bool {
        let is_picture = |c: char| c >= '\u{2600}' && !invisible(c) && !marks::ALL.contains(&c);
        self.bare.chars().any(|c| c.is_alphanumeric() || is_picture(c))
    }
}

/// The words between the dashes of a line such as `---- Original Message ----`, in lower case.
pub(crate) fn between_dashes(bare: &str) -> Option<String> {
    let dash = |c: char| DASHES.contains(&c);
    let inner = bare.trim_matches(|c: char| dash(c) || c == ' ');
    let before = bare.chars().take_while(|c| dash(*c)).count();
    (before >= 2 && !inner.is_empty() && inner.chars().count() < 120).then(|| lower(inner))
}

/// In lower case; the dotted capital I of Turkish becomes a plain i, as its own lower case is.
pub fn lower(text: &str) -> String {
    let small = text.to_lowercase();
    if small.contains('\u{307}') { small.replace("i\u{307}", "i") } else { small }
}

const ODD_MARKS: &[char] = &['|', '│', '┃', '▏', '¦', '»', '›'];

/// Characters that programs draw lines with.
pub(crate) const DASHES: &[char] =
    &['-', '_', '=', '~', '*', '+', '#', '.', '‐', '‑', '‒', '–', '—', '―', '─', '━', '－', '<', '>'];

fn edge(c: char) -> bool {
    c.is_whitespace() || invisible(c)
}

/// Marks of writing direction and blanks of no width.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoration_is_left_out_of_the_bare_line() {
        assert_eq!(Line::new("  *From:*\u{a0}Ann \u{200e}").bare, "From: Ann");
        assert_eq!(lower("İLETİLMİŞ"), "iletilmiş");
        assert_eq!(Line::new("\u{202a}\u{202b}כתב:\u{202c}").bare, "כתב:");
    }

    #[test]
    fn words_are_told_from_mere_marks() {
        assert!(Line::new("👍").has_words());
        assert!(Line::new("ok").has_words());
        assert!(!Line::new("--- ... ***").has_words());
        assert_eq!(between_dashes("-----Original Message-----").as_deref(), Some("original message"));
        assert_eq!(between_dashes("- item"), None);
    }
}
