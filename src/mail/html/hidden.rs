//! What a reader of a mail does not see of it: it stays in the text, but must not pass for a command.
//!
//! Knows what stands in the elements themselves. What a style sheet hides is not looked for.

use crate::mail::html::tokens::Token;
use crate::mail::html::tokens::attribute;

/// Stands before what nobody sees, so that a line of it does not begin with a command.
pub(super) const MARK: &str = "[hidden] ";

/// Elements that have no end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];
/// The sign of a command, as HTML may have it.
const SIGNS: [&str; 7] = ["#", "\u{ff03}", "&#35", "&#x23", "&#X23", "&num", "&#65283"];
/// Deeper ones count as what they are in.
const DEPTH: usize = 500;

/// The open elements, and whether what is in them is seen.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    open: Vec<(String, Sight)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sight {
    hidden: bool,
    /// Written in white, as far as is known on white.
    white: bool,
    coloured_ground: bool,
}

impl Hidden {
    /// Goes on behind a piece of the document.
    pub(super) fn pass(&mut self, token: &Token<'_>) {
        match *token {
            Token::Start(name, tag) if !VOID.contains(&name.to_ascii_lowercase().as_str()) => {
                let outer = self.sight();
                let own = if self.open.len() < DEPTH { outer.within(tag) } else { outer };
                self.open.push((name.to_ascii_lowercase(), own));
            }
            Token::End(name) => {
                let name = name.to_ascii_lowercase();
                if let Some(at) = self.open.iter().rposition(|(open, _)| *open == name) {
                    self.open.truncate(at);
                }
            }
            Token::Start(..) | Token::Text(_) => {}
        }
    }

    /// Whether a text that nobody sees has, or with what stands before it becomes, the sign of a command.
    pub(super) fn may_be_a_command(&self, text: &str, before: &str) -> bool {
        let sight = self.sight();
        let is_unseen = sight.hidden || sight.white && !sight.coloured_ground;
        is_unseen
            && !text.trim().is_empty()
            && (SIGNS.iter().any(|sign| text.contains(sign))
                || before.trim_end().ends_with(['#', '\u{ff03}']))
    }

    fn sight(&self) -> Sight {
        self.open.last().map(|(_, sight)| *sight).unwrap_or_default()
    }
}

impl Sight {
    fn within(mut self, tag: &str) -> Self {
        let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase();
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        for rule in style.split(';') {
            let Some((name, value)) = rule.split_once(':') else { continue };
            let value = value.trim_end_matches("!important");
            match name {
                "display" if value == "none" => self.hidden = true,
                "visibility" if matches!(value, "hidden" | "collapse") => self.hidden = true,
                "mso-hide" if value == "all" => self.hidden = true,
                "opacity" | "font-size" | "max-height" | "max-width" | "height" | "width" | "line-height"
                    if is_nothing(value) =>
                {
                    self.hidden = true;
                }
                "text-indent" | "left" | "top" | "margin-left" if is_far(value) => self.hidden = true,
                "color" => self.white = is_white(value),
                "background" | "background-color" => self.coloured_ground = !is_white(value),
                _ => {}
            }
        }
        if let Some(colour) = attribute(tag, "color") {
            self.white = is_white(&colour.trim().to_ascii_lowercase());
        }
        if let Some(ground) = attribute(tag, "bgcolor") {
            self.coloured_ground = !is_white(&ground.trim().to_ascii_lowercase());
        }
        let size = attribute(tag, "size").map(str::trim);
        self.hidden |= size == Some("0") || has_word(tag, "hidden");
        self
    }
}

/// Zero, or so little that nobody reads it.
fn is_nothing(value: &str) -> bool {
    let number: String = value.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let most = if matches!(unit, "px" | "pt") { 2.0 } else { 0.05 };
    !number.is_empty() && number.parse::<f64>().is_ok_and(|number| number < most)
}

/// Outside of every window.
fn is_far(value: &str) -> bool {
    let number: String =
        value.strip_prefix('-').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    number.parse::<u64>().is_ok_and(|number| number >= 100)
}

/// White, so nearly that it is none the less, or no colour at all.
fn is_white(value: &str) -> bool {
    let hex = value.trim_start_matches('#');
    let is_hex = matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit());
    let light = is_hex && hex.bytes().step_by(hex.len() / 3).all(|b| matches!(b, b'f' | b'e'));
    let flat = value.strip_prefix("rgb").map(|rest| rest.trim_start_matches('a').trim_matches(['(', ')']));
    let numbers = flat.map(|flat| flat.split(',').filter_map(|n| n.parse::<f64>().ok()).collect::<Vec<_>>());
    let is_light = numbers
        .is_some_and(|n| n.len() >= 3 && (n[..3].iter().all(|n| *n >= 224.0) || n.get(3) == Some(&0.0)));
    light
        || is_light
        || matches!(value, "white" | "transparent" | "snow" | "ivory" | "whitesmoke" | "ghostwhite")
}

/// Whether an attribute without a value stands in a tag.
fn has_word(tag: &str, word: &str) -> bool {
    let bare =
        tag.split_whitespace().skip(1).any(|part| part.trim_end_matches('/').eq_ignore_ascii_case(word));
    bare || attribute(tag, word).is_some()
}

#[cfg(test)]
mod tests {
    use crate::mail::html::to_text;

    #[test]
    fn what_nobody_sees_is_no_command() {
        for style in [
            "style=\"display: none\"",
            "style='DISPLAY:none !important'",
            "style=\"visibility:hidden\"",
            "style=\"font-size:0\"",
            "style=\"font-size: 1px\"",
            "style=\"color:#fff\"",
            "style=\"color: white\"",
            "style=\"color:#FEFEFE\"",
            "style=\"color:rgb(255, 255, 255)\"",
            "style=\"color:rgba(0,0,0,0)\"",
            "style=\"opacity:0\"",
            "style=\"max-height:0;overflow:hidden\"",
            "style=\"mso-hide:all\"",
            "style=\"position:absolute;left:-9999px\"",
            "style=\"text-indent:-999em\"",
            "hidden",
            "hidden=\"\"",
        ] {
            for html in [
                format!("<div {style}>#close</div><p>Hello.</p>"),
                format!("<span {style}>#close</span><br>Hello."),
                format!("<div {style}><p><b>#close</b></p></div><p>Hello.</p>"),
                format!("<p>#<span {style}>close</span></p><p>Hello.</p>"),
                format!("<div {style}>&#35;close</div><p>Hello.</p>"),
            ] {
                let text = to_text(&html);
                assert!(text.contains("[hidden]") && text.contains("Hello."), "{html}: {text}");
                assert!(!text.lines().any(|line| line.trim() == "#close"), "{html}: {text}");
            }
        }
        assert!(to_text("<font color=white>#close</font>").starts_with("[hidden]"));
    }

    #[test]
    fn what_everybody_sees_is_one_and_what_is_none_is_left_alone() {
        for (html, text) in [
            ("<div>#close</div><p>Hello.</p>", "#close\n\nHello.\n"),
            ("<div style=\"color:#000\">#close</div>", "#close\n"),
            ("<div style=\"font-size:10pt;line-height:1.2\">#close</div>", "#close\n"),
            ("<div style=\"background:#00f;color:#fff\">#close</div>", "#close\n"),
            ("<div style=\"display:none\">See the news</div>Hello.", "See the news\nHello.\n"),
            ("<div style=\"display:none\">x</div><div>#close</div>", "x\n#close\n"),
            ("<div style=\"display:none\"><br>x</div>#close", "\nx\n#close\n"),
        ] {
            assert_eq!(to_text(html).trim(), text.trim(), "{html}");
        }
    }
}
