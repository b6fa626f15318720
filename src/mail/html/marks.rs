//! Marks in a text that was HTML: where the markup tells what is old, and what is a signature.
//!
//! Sets none of them; `layout` does, and `reply` reads them.

/// Stands in a line of its own where the markup says that an older mail begins.
pub(crate) const QUOTE_BEGINS: char = '\u{f8f0}';
/// Stands before a line that the markup says to introduce a quote.
pub(crate) const QUOTE_INTRO: char = '\u{f8f1}';

/// Stand in lines of their own around what the markup says to be a signature.
pub(crate) const SIGNATURE_BEGINS: char = '\u{f8f2}';
pub(crate) const SIGNATURE_ENDS: char = '\u{f8f3}';

pub(crate) const ALL: [char; 4] = [QUOTE_BEGINS, QUOTE_INTRO, SIGNATURE_BEGINS, SIGNATURE_ENDS];

/// A text in which nobody can forge the marks.
pub(crate) fn without_false_marks(text: &str) -> String {
    text.replace(ALL, "\u{fffd}")
}

/// A text without the marks.
pub(crate) fn without_marks(text: &str) -> String {
    if !text.contains(ALL) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let words = line.replace(ALL, "");
        // A mark stands alone in its line, but for signs of quotes and lists.
        let is_alone = line.contains([QUOTE_BEGINS, SIGNATURE_BEGINS, SIGNATURE_ENDS]);
        if !is_alone || words.contains(char::is_alphanumeric) {
            out.push_str(&words);
            out.push('\n');
        }
    }
    out
}
