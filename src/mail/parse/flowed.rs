//! `format=flowed` (RFC 3676): joins lines that a client broke to fit a screen.
//!
//! Leaves quote marks in place, one `>` for each level.

/// Joins flowed lines. With `delsp` the blank that marks a flow is dropped, too.
pub(crate) fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        let flows = content.ends_with(' ') && !signature;
        let joins = open == Some(depth) && !signature;
        if !joins {
            if !out.is_empty() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
        }
        out.push_str(if flows && delsp { &content[..content.len() - 1] } else { content });
        open = flows.then_some(depth);
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_are_joined_within_their_quote_level_only() {
        assert_eq!(unflow("a \nb\n> c \n> d\ne \n-- \nsig \nx", false), "a b\n> c d\ne \n-- \nsig x\n");
        assert_eq!(unflow("日本 \n語\n", true), "日本語\n");
        assert_eq!(unflow(" >not a quote\n\n", false), ">not a quote\n\n");
    }
}
