//! Text from outside made harmless to store, to show and to put into a header.
//!
//! Does not judge what the text says; HTML is sanitised elsewhere.

/// One line: control characters and white space become single spaces, characters that turn the writing
/// direction are dropped.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible_control(c)) {
        let c = if c.is_control() || c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Several lines: lines end with `\n`, NUL becomes U+FFFD, other control characters but tab are dropped.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\0' => Some('\u{fffd}'),
            '\r' => Some('\n'),
            '\n' | '\t' => Some(c),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Marks that reorder or hide the text around them: they make `gpj.exe` look like `exe.jpg`.
pub(crate) fn is_invisible_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_end_a_header_or_turn_the_writing_direction() {
        assert_eq!(one_line(" Joe\r\nBcc: x@y\t\0 \u{202e}Doe  "), "Joe Bcc: x@y Doe");
        assert_eq!(one_line("Ça brûle 🔥"), "Ça brûle 🔥");
        assert_eq!(one_line("\r\n\u{2028}"), "");
    }

    #[test]
    fn lines_keep_their_breaks_and_lose_control_characters() {
        assert_eq!(lines("a\r\nb\rc\u{7}\0\td"), "a\nb\nc\u{fffd}\td");
    }
}
