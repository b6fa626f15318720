//! What a reader of a mail does not see of it: it stays in the text, but must not pass for a command.
//!
//! Knows the elements and the style sheets of a document; [`Sight`] knows what their styles mean.

use crate::mail::html::sheet;
use crate::mail::html::sheet::Sheet;
use crate::mail::html::sight::Sight;
use crate::mail::html::tokens::Token;

/// Elements that have no end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];
/// Elements of which nothing is shown where all that is known of can be.
const NEVER: &[&str] =
    &["audio", "canvas", "datalist", "iframe", "noembed", "noframes", "object", "rp", "template", "video"];
/// The sign of a command, as HTML may have it.
const SIGNS: [&str; 7] = ["#", "\u{ff03}", "&#35", "&#x23", "&#X23", "&num", "&#65283"];
/// Deeper ones count as what they are in.
const DEPTH: usize = 500;

/// The open elements, and whether what is in them is seen.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    open: Vec<(String, Sight)>,
    sheet: Sheet,
}

impl Hidden {
    /// For a document with its style sheets.
    pub(super) fn of(html: &str) -> Self {
        Self { open: Vec::new(), sheet: Sheet::of(html) }
    }

    /// Goes on behind a piece of the document.
    pub(super) fn pass(&mut self, token: &Token<'_>) {
        match *token {
            Token::Start(name, tag) if !VOID.contains(&name.to_ascii_lowercase().as_str()) => {
                let (outer, name) = (self.sight(), name.to_ascii_lowercase());
                let own = if self.open.len() < DEPTH { self.within(outer, &name, tag) } else { outer };
                self.open.push((name, own));
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
        self.sight().is_unseen()
            && !text.trim().is_empty()
            && (SIGNS.iter().any(|sign| text.contains(sign))
                || before.trim_end().ends_with(['#', '\u{ff03}']))
    }

    fn sight(&self) -> Sight {
        self.open.last().map(|(_, sight)| *sight).unwrap_or_default()
    }

    fn within(&self, outer: Sight, name: &str, tag: &str) -> Sight {
        let attributes = sheet::attributes(tag);
        let value =
            |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        let mut sight = outer;
        for (attribute, style) in [("color", "color"), ("bgcolor", "background")] {
            if let Some(colour) = value(attribute) {
                sight.declare(style, colour);
            }
        }
        self.sheet.apply(name, &attributes, &mut sight);
        for (name, value) in sheet::declared(&sheet::plain(value("style").unwrap_or_default())) {
            sight.declare(name, value);
        }
        let is_shut = matches!(name, "details" | "dialog") && value("open").is_none();
        sight.hidden |=
            is_shut || NEVER.contains(&name) || value("size") == Some("0") || value("hidden").is_some();
        sight
    }
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
        assert!(to_text("<style>.x{display:none}</style><p class=x>#close</p>").starts_with("[hidden]"));
        assert!(to_text("<p>Hi</p><!-- <p>#close</p>").contains("[hidden]"), "what has no end is not shown");
        let large = format!("<p style=\"display:none\">#close</p>{}", "<b>x</b>".repeat(60_000));
        assert!(to_text(&large).starts_with("[hidden]"), "what is too large to be looked at");
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
