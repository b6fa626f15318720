//! Text from outside, made fit to stand in a mail: single lines, blocks, and blocks as HTML.
//!
//! Does not judge or sanitise HTML; that was done when the message came in.

/// Bytes of text that stand beside what a mail is about, such as an earlier entry.
const BEGINNING: usize = 32 * 1024;

/// How many times as long as its text [`html`] can be: a tab at the start of a line is four blanks.
pub(crate) const MOST_GROWTH: usize = 24;

/// One line: no control characters, nothing that turns the direction of what follows, at most `max`
/// characters.
pub(crate) fn line(text: &str, max: usize) -> String {
    // Reading a little more than can be kept bounds the work on a name of megabytes.
    let plain = text.chars().take(max.saturating_mul(4)).filter(|&c| !turns_direction(c));
    let spaced: String = plain.map(|c| if breaks_line(c) { ' ' } else { c }).collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&words, max)
}

/// Several lines: `\n` between them, no blank ones at either end, no other control characters, no
/// blanks at the end of a line.
///
/// The last also means that no line of somebody's text is the `-- ` that hides what follows.
pub(crate) fn block(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept: String = unified
        .chars()
        .filter(|&c| c == '\n' || c == '\t' || !(c.is_control() || turns_direction(c)))
        .collect();
    let lines: Vec<&str> = kept.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |at| at + 1);
    lines[first..last].join("\n")
}

/// As much of a text as a mail shows of what is not its own subject: more than [`shortened`] keeps of it.
pub fn beginning(text: &str) -> &str {
    let text = text.trim_start_matches(['\r', '\n']);
    &text[..text.floor_char_boundary(BEGINNING)]
}

/// At most `max` characters, the last an ellipsis when something was cut.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    if text.char_indices().nth(max).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A block as HTML: escaped, with its line breaks and the blanks at the start of lines kept.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.push_str("<br>\n");
        }
        let words = line.trim_start_matches([' ', '\t']);
        for blank in line[..line.len() - words.len()].chars() {
            out.push_str(if blank == '\t' { "&nbsp;&nbsp;&nbsp;&nbsp;" } else { "&nbsp;" });
        }
        escape(words, &mut out);
    }
    out
}

/// Text so that it is nothing but text in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    escape(text, &mut out);
    out
}

/// Appends `text` so that it is nothing but text, in an element or a quoted attribute.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates (UAX #9): one that is left open turns the rest of the line, so a
/// name could make our own sentence read as something else. Marks of single letters stay.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_no_controls_and_an_end() {
        assert_eq!(line(" a\r\nb\tc\u{0}d\u{2028}e ", 99), "a b c d e");
        assert_eq!(line("gpj.\u{202e}exe", 99), "gpj.exe");
        assert_eq!(line(&"ä".repeat(300), 200).chars().count(), 200);
        assert_eq!(line("ab", 2), "ab");
    }

    #[test]
    fn a_block_keeps_its_lines_and_indents_but_no_dash_dash_blank() {
        assert_eq!(block("\r\n\r\n  a\r\n\r\n-- \rb \u{7}\n\n"), "  a\n\n--\nb");
        assert_eq!(block(" \n\t\n"), "");
    }

    #[test]
    fn a_block_becomes_html_that_shows_the_same() {
        assert_eq!(html("a & <b>\n  \"c\""), "a &amp; &lt;b&gt;<br>\n&nbsp;&nbsp;&quot;c&quot;");
    }
}
