//! Whether a text that may be HTML is HTML.
//!
//! Does not read the HTML; that is done where it is shown.

use crate::mail::html;

/// Attributes that people write without a value.
const BARE: &[&str] = &["compact", "hidden", "noshade", "nowrap", "open", "reversed"];
/// Longer than the name of any element.
const LONGEST_NAME: usize = 16;

/// Whether the text contains a complete tag of an element that the sanitiser keeps.
///
/// `a <b and c> d` is no tag: what stands in one is a list of attributes. Linear in the length of the text.
pub(crate) fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| is_tag(&text[at + 1..]))
}

/// Whether `rest`, which follows a `<`, begins with the remainder of a tag.
fn is_tag(rest: &str) -> bool {
    let closing = rest.strip_prefix('/');
    let rest = closing.unwrap_or(rest);
    let end = rest.bytes().take(LONGEST_NAME).position(|byte| !byte.is_ascii_alphanumeric());
    let Some(end) = end else { return false };
    if end == 0 || !html::is_allowed(&rest[..end]) {
        return false;
    }
    let mut rest = &rest[end..];
    loop {
        let words = rest.trim_start();
        if words.starts_with('>') || words.starts_with("/>") {
            return true;
        }
        // Attributes stand apart from what is before them.
        if words.len() == rest.len() || closing.is_some() {
            return false;
        }
        match after_attribute(words) {
            Some(after) => rest = after,
            None => return false,
        }
    }
}

/// What follows the attribute that `text` begins with.
fn after_attribute(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    let end = text.find(|c: char| !is_name(c)).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return BARE.iter().any(|bare| bare.eq_ignore_ascii_case(name)).then_some(rest);
    };
    if let quote @ ('"' | '\'') = value.chars().next()? {
        return value[1..].split_once(quote).map(|(_, after)| after);
    }
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '"' | '\'' | '='))?;
    (end > 0).then(|| &value[end..])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::processor;

    #[test]
    fn a_text_with_a_complete_known_tag_is_html() {
        for text in [
            "<p>Hello</p>",
            "Hello<br>World",
            "Hello<BR/>World",
            "a <b>bold</b> word",
            "<a href=\"https://x.test/?a=1&b=<2>\">here</a>",
            "<td align=left nowrap>",
            "only closed</strong>",
            "< p><p\n>",
        ] {
            assert!(is_html(text), "{text}");
        }
    }

    #[test]
    fn a_text_that_only_looks_like_it_stays_text() {
        for text in [
            "",
            "1 < 2 and 3 > 2",
            "<susan@example.com> wrote:",
            "if a<b and c>d",
            "use <YOUR NAME> here",
            "<unknown>tag</unknown>",
            "an unfinished <b",
            "an unfinished <a href=\"x",
            "Vec<String>, Option<i64>",
            "<script>alert(1)</script>",
            "<",
            "</>",
        ] {
            assert!(!is_html(text), "{text}");
        }
    }

    #[test]
    fn megabytes_of_unfinished_tags_are_judged_at_once() {
        for unit in ["<a ", "<a x='", "<a x=\"<a y='", "<", "<a x=1 "] {
            let before = processor::spent();
            assert!(!is_html(&unit.repeat((2 << 20) / unit.len())), "{unit}");
            let took = processor::since(before);
            assert!(took < Duration::from_secs(10), "{unit}: {took:?}");
        }
    }
}
