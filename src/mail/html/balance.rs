//! Makes every element of a document end where it must, and none nest too deep.
//!
//! A parser that mends broken nesting itself can be led to build far more than was written; after this there is
//! nothing left to mend. Words are never dropped.

use crate::mail::html::tokens::Token;
use crate::mail::html::tokens::tokens;

/// How deep elements may nest; deeper ones are read as if they were not there.
const DEPTH: usize = 200;
/// A start tag with more attributes loses them all.
const ATTRIBUTES: usize = 64;

/// The longest name of an entity, and names that are often written without a semicolon.
const ENTITY: usize = 32;
const OLD_ENTITIES: &[&[u8]] = &[b"nbsp", b"amp", b"lt", b"gt", b"quot", b"copy", b"#"];

/// Elements that never have an end tag.
pub(crate) const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that end an open paragraph when they begin.
pub(crate) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that end one of their own kind, unless one of the second stands between.
const SIBLINGS: &[(&str, &[&str], &[&str])] = &[
    ("li", &["li"], &["ul", "ol", "menu", "table"]),
    ("dd", &["dd", "dt"], &["dl", "table"]),
    ("dt", &["dd", "dt"], &["dl", "table"]),
    ("tr", &["tr"], &["table"]),
    ("td", &["td", "th"], &["table", "tr"]),
    ("th", &["td", "th"], &["table", "tr"]),
    ("tbody", &["tbody", "thead", "tfoot"], &["table"]),
    ("a", &["a"], &["table"]),
];

/// The pieces of a document, balanced.
pub(crate) fn balance(html: &str) -> Vec<Token<'_>> {
    let mut balancer = Balancer { out: Vec::new(), open: Vec::new(), dropped: 0 };
    for token in tokens(html) {
        match token {
            Token::Text(_) => balancer.out.push(token),
            Token::Start(name, tag) => balancer.start(name, tag),
            Token::End(name) => balancer.end(name),
        }
    }
    balancer.close_to(0);
    balancer.out
}

/// The document again as text.
pub fn written(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    for token in tokens {
        match *token {
            Token::Text("<") => out.push_str("&lt;"),
            Token::Text(text) => escape(text, &mut out),
            Token::Start(_, tag) => out.extend(["<", tag, ">"]),
            Token::End(name) => out.extend(["</", name, ">"]),
        }
    }
    out
}

/// Writes text so that an `&` that begins no entity cannot be taken for one, which parsers are slow at.
pub fn escape(text: &str, out: &mut String) {
    let mut from = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        if !begins_entity(&text.as_bytes()[at + 1..]) {
            out.extend([&text[from..at], "&amp;"]);
            from = at + 1;
        }
    }
    out.push_str(&text[from..]);
}

/// `name;`, `#123;`, or one of the old names that need no semicolon.
fn begins_entity(rest: &[u8]) -> bool {
    let name = rest.iter().take(ENTITY).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    name > 0 && (rest.get(name) == Some(&b';') || OLD_ENTITIES.iter().any(|e| rest.starts_with(e)))
}

pub(crate) fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|l| l.eq_ignore_ascii_case(name))
}

struct Balancer<'a> {
    out: Vec<Token<'a>>,
    open: Vec<&'a str>,
    /// Start tags that were too deep, and whose end tags must go, too.
    dropped: usize,
}

impl<'a> Balancer<'a> {
    fn start(&mut self, name: &'a str, tag: &'a str) {
        let tag = if attributes(tag) > ATTRIBUTES { name } else { tag.trim_end_matches('/') };
        if is_one_of(name, VOID) {
            self.out.push(Token::Start(name, tag));
            return;
        }
        if is_one_of(name, BLOCKS) {
            self.close_last(&["p"], &["td", "th", "table", "button"]);
        }
        if let Some((_, own, bounds)) = SIBLINGS.iter().find(|(n, _, _)| n.eq_ignore_ascii_case(name)) {
            self.close_last(own, bounds);
        }
        if self.open.len() >= DEPTH {
            self.dropped += 1;
            return;
        }
        self.open.push(name);
        self.out.push(Token::Start(name, tag));
    }

    fn end(&mut self, name: &str) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        // A cell keeps what is in it from ending what is around it.
        let bounds: &[&str] = if is_one_of(name, &["table", "tr", "tbody", "thead", "tfoot", "td", "th"]) {
            &[]
        } else {
            &["td", "th"]
        };
        self.close_last(&[name], bounds);
    }

    /// Closes the innermost open element called like one of `names`, and all in it.
    fn close_last(&mut self, names: &[&str], bounds: &[&str]) {
        for at in (0..self.open.len()).rev() {
            if is_one_of(self.open[at], names) {
                self.close_to(at);
                return;
            }
            if is_one_of(self.open[at], bounds) {
                return;
            }
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.out.push(Token::End(name));
            }
        }
    }
}

/// About how many attributes a start tag has: words outside of quotes.
fn attributes(tag: &str) -> usize {
    let (mut count, mut quote, mut inside) = (0, None, false);
    for b in tag.bytes() {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            (None, b) if b.is_ascii_whitespace() || b == b'/' => inside = false,
            (None, _) if !inside => {
                inside = true;
                count += 1;
            }
            _ => {}
        }
    }
    // Values may follow one another without a blank.
    count + memchr::memchr_iter(b'=', tag.as_bytes()).count() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_must() {
        let cases = [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<p><b>a<p>b</b>", "<p><b>a</b></p><p>b</p>"),
            ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            ),
            ("a</div></x>b", "ab"),
            ("<td><i>a</td>b", "<td><i>a</i></td>b"),
            ("1 < 2<br/>", "1 &lt; 2<br>"),
        ];
        for (html, want) in cases {
            assert_eq!(written(&balance(html)), want, "{html}");
        }
    }

    #[test]
    fn depth_and_attributes_are_bounded() {
        let deep = "<div></x>".repeat(10_000) + "word";
        let out = balance(&deep);
        assert_eq!(out.iter().filter(|t| matches!(t, Token::Start(..))).count(), DEPTH);
        assert!(out.contains(&Token::Text("word")));
        let wide = format!("<p {}>", "a=b ".repeat(1000));
        assert_eq!(written(&balance(&wide)), "<p></p>");
    }
}
