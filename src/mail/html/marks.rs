//! Marks in a text that was HTML: where the markup tells what is old.
//!
//! Sets none of them; `layout` does, and `reply` reads them.

/// Stands in a line of its own where the markup says that an older mail begins.
pub(crate) const QUOTE_BEGINS: char = '\u{f8f0}';
/// Stands before a line that the markup says to introduce a quote.
pub(crate) const QUOTE_INTRO: char = '\u{f8f1}';

/// A text in which nobody can forge the marks.
pub(crate) fn without_false_marks(text: &str) -> String {
    text.replace([QUOTE_BEGINS, QUOTE_INTRO], "\u{fffd}")
}

/// A text without the marks.
pub(crate) fn without_marks(text: &str) -> String {
    if !text.contains([QUOTE_BEGINS, QUOTE_INTRO]) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let words = line.replace([QUOTE_BEGINS, QUOTE_INTRO], "");
        // A mark stands alone in its line, but for signs of quotes and lists.
        if !line.contains(QUOTE_BEGINS) || words.contains(char::is_alphanumeric) {
            out.push_str(&words);
            out.push('\n');
        }
    }
    out
}
