//! A mail that was filled in without its large bodies: they are kept once for all mails that show them.

use crate::mail::compose::slot;
use crate::mail::compose::slot::Forms;
use crate::template::body::Body;

/// Tags that keep what is written within them, and so can change it afterwards.
const CAPTURING: [&str; 4] = ["set", "filter", "macro", "call"];
/// Functions that give back what a block writes.
const GIVING_BACK: [&str; 3] = ["super(", "self.", "caller("];

/// A mail as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The locale its words are in, which may be another than was asked for.
    pub locale_used: String,
}

/// A mail with marks where its bodies stand.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) mail: Rendered,
    /// In the order of their marks.
    pub(crate) bodies: Vec<Body>,
}

impl Frame {
    pub(crate) fn whole(mail: Rendered) -> Self {
        Self { mail, bodies: Vec::new() }
    }

    /// The mail with its bodies.
    pub(crate) fn filled(self) -> Rendered {
        if self.bodies.is_empty() {
            return self.mail;
        }
        let bodies: Vec<Forms<'_>> = self.bodies.iter().map(Body::forms).collect();
        let [text, html] = [&self.mail.text, &self.mail.html].map(|frame| slot::filled(frame, &bodies));
        Rendered { text, html, ..self.mail }
    }
}

/// Whether a template may look at what it wrote: marks are not the words.
pub(crate) fn captures(template: &str) -> bool {
    let mut tags = template.split("{%").skip(1).map(|tag| tag.trim_start_matches(['-', '+']).trim_start());
    let is_capturing = |tag: &str| {
        let end = tag.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tag.len());
        CAPTURING.contains(&&tag[..end])
    };
    tags.any(is_capturing) || GIVING_BACK.iter().any(|name| template.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_keeps_what_it_writes_is_known() {
        for text in
            ["{% set x %}{{ text }}{% endset %}", "{%- filter upper %}", "{%macro a()%}", "{{ super() }}"]
        {
            assert!(captures(text), "{text}");
        }
        for text in ["{% if settled %}{{ text }}{% endif %}", "{% block says %}", "set {{ text }}"] {
            assert!(!captures(text), "{text}");
        }
    }
}
