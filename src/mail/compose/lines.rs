//! Line ends of outgoing mail: CRLF everywhere, and long lines broken as RFC 3676 wants it.
//!
//! Everything takes time in proportion to the text. The mail library would convert line ends itself, but moves
//! the whole rest of the text for each of them.

/// Columns of a line of flowed text (RFC 3676 §4.2 recommends 78 at most).
const FLOWED_WIDTH: usize = 76;

/// Text as RFC 3676 wants it: long lines broken after a space, and lines stuffed that a mail server or a
/// quoting reader would misread.
pub(crate) fn flowed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 64);
    for line in lines(text) {
        let mut rest = if line == "-- " { line } else { line.trim_end() };
        loop {
            if rest.starts_with(' ') || rest.starts_with('>') || rest.starts_with("From ") {
                out.push(' ');
            }
            let Some(at) = break_at(rest) else { break };
            out.push_str(&rest[..at]);
            out.push_str("\r\n");
            rest = &rest[at..];
        }
        out.push_str(rest);
        out.push_str("\r\n");
    }
    out
}

/// The same text with CRLF at the end of each line.
pub(crate) fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 64);
    for line in lines(text) {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}

/// The lines of a text, whether CRLF, LF or CR ends them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr2(b'\r', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let (line, behind) = rest.split_at(end);
        rest = behind.strip_prefix("\r\n").or_else(|| behind.get(1..)).unwrap_or_default();
        Some(line)
    })
}

/// Where to break a line that is too long: after the last space that fits, else after the first one.
///
/// Looks no further than that space, which the next look begins behind.
fn break_at(line: &str) -> Option<usize> {
    line.char_indices().nth(FLOWED_WIDTH)?;
    let limit = line.char_indices().nth(FLOWED_WIDTH - 1).map_or(line.len(), |(at, _)| at);
    let at = line[..limit].rfind(' ').filter(|&at| at > 0).or_else(|| line.find(' '))?;
    (at + 1 < line.len()).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_text_keeps_its_words_and_stuffs_what_would_be_misread() {
        assert_eq!(flowed("a\n> b\nFrom c\n d"), "a\r\n > b\r\n From c\r\n  d\r\n");
        let long = "word ".repeat(50);
        let out = flowed(&long);
        assert!(out.lines().all(|line| line.len() <= FLOWED_WIDTH), "{out}");
        assert_eq!(out.replace("\r\n", "").trim_end(), long.trim_end());
        let unbroken = "x".repeat(300);
        assert_eq!(flowed(&unbroken).trim_end(), unbroken);
    }

    #[test]
    fn every_kind_of_line_end_becomes_crlf_once() {
        for (text, sent) in [
            ("a\nb", "a\r\nb\r\n"),
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            ("a\rb\r", "a\r\nb\r\n"),
            ("a\r\r\n\nb", "a\r\n\r\n\r\nb\r\n"),
            ("\n", "\r\n"),
            ("ü\r\nö", "ü\r\nö\r\n"),
            ("", ""),
        ] {
            assert_eq!((crlf(text), flowed(text)), (sent.to_owned(), sent.to_owned()), "{text:?}");
        }
    }
}
