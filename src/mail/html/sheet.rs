//! The style sheets inside of a document, as far as they say that something is not seen.
//!
//! Which elements a rule means is found by the last part of its selector: what stands around them is taken for given. In
//! doubt a rule fits.

use std::collections::HashMap;

use crate::mail::html::sight::Sight;
use crate::mail::html::tokens;

/// More rules about what is seen no mail has: of one that has, nothing counts as seen.
const MOST_RULES: usize = 400;
/// What the rules of interest are about.
const NAMES: &[&str] = &[
    "display",
    "visibility",
    "content-visibility",
    "mso-hide",
    "opacity",
    "font-size",
    "font",
    "max-height",
    "max-width",
    "height",
    "width",
    "line-height",
    "zoom",
    "text-indent",
    "left",
    "right",
    "top",
    "bottom",
    "margin",
    "margin-left",
    "margin-right",
    "margin-top",
    "margin-bottom",
    "translate",
    "letter-spacing",
    "word-spacing",
    "transform",
    "scale",
    "clip",
    "clip-path",
    "filter",
    "z-index",
    "color",
    "-webkit-text-fill-color",
    "background",
    "background-color",
];
/// What a browser reads to its end, wherever that is: without one it shows nothing of what follows.
const SWALLOWING: &[(&str, &str)] =
    &[("<!--", "-->"), ("<style", "</style"), ("<script", "</script"), ("<title", "</title")];

#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    /// By id, class or element, whichever of them a rule names first.
    by_key: HashMap<String, Vec<usize>>,
    /// What it says cannot be known, or is too much.
    opaque: bool,
}

#[derive(Debug, Default)]
struct Rule {
    element: String,
    id: String,
    classes: Vec<String>,
    declarations: Vec<(String, String)>,
}

impl Sheet {
    /// Reads the sheets of a document.
    pub fn of(html: &str) -> Self {
        let html = html.to_ascii_lowercase();
        let opaque = SWALLOWING.iter().any(|(start, end)| is_open(&html, start, end));
        let mut sheet = Self { opaque, ..Self::default() };
        let mut rest = html.as_str();
        while let Some(at) = rest.find("<style") {
            let inside = rest[at..].split_once('>').map_or("", |(_, inside)| inside);
            let end = inside.find("</style").unwrap_or(inside.len());
            sheet.read(&plain(&inside[..end]));
            rest = &inside[end..];
        }
        sheet.opaque |= html
            .match_indices("<link")
            .any(|(at, _)| html[at..].split('>').next().is_some_and(|tag| tag.contains("stylesheet")));
        sheet
    }

    /// What the sheets say of an element.
    pub fn apply(&self, name: &str, attributes: &[(String, String)], sight: &mut Sight) {
        sight.hidden |= self.opaque;
        if self.rules.is_empty() {
            return;
        }
        let value = |wanted: &str| {
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        let id = value("id").unwrap_or_default();
        let classes: Vec<&str> = value("class").unwrap_or_default().split_whitespace().collect();
        let keys = classes.iter().map(|class| format!(".{class}"));
        let keys = keys.chain([format!("#{id}"), name.to_owned(), "*".to_owned()]);
        let mut fitting: Vec<usize> =
            keys.filter_map(|key| self.by_key.get(&key)).flatten().copied().collect();
        fitting.sort_unstable();
        fitting.dedup();
        for rule in fitting.into_iter().map(|at| &self.rules[at]) {
            let fits = (rule.element.is_empty() || rule.element == name)
                && (rule.id.is_empty() || rule.id == id)
                && rule.classes.iter().all(|class| classes.contains(&class.as_str()));
            if fits {
                rule.declarations.iter().for_each(|(name, value)| sight.declare(name, value));
            }
        }
    }

    /// Reads rules, also those inside of conditions such as `@media`, and of other rules.
    fn read(&mut self, css: &str) {
        let (mut open, mut pending): (Vec<String>, String) = (Vec::new(), String::new());
        let (mut quote, mut depth) = (None, 0_usize);
        for c in css.chars() {
            match (quote, c) {
                (Some(_), '\n') => quote = None,
                (Some(mark), _) if mark == c => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[') => depth += 1,
                (None, ')' | ']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            match c {
                '{' if quote.is_none() && depth == 0 => {
                    let (declarations, selector) = pending.rsplit_once(';').unwrap_or(("", &pending));
                    self.keep(open.last().map_or("", String::as_str), declarations);
                    open.push(selector.trim().to_owned());
                    pending.clear();
                }
                '}' if quote.is_none() && depth == 0 => {
                    self.keep(&open.pop().unwrap_or_default(), &pending);
                    pending.clear();
                }
                _ => pending.push(c),
            }
        }
        self.opaque |= pending.contains("@import") || css.contains("@import");
        self.keep(&open.pop().unwrap_or_default(), &pending);
    }

    fn keep(&mut self, selectors: &str, declarations: &str) {
        let declarations: Vec<(String, String)> = declared(declarations)
            .filter(|(name, _)| NAMES.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if declarations.is_empty() || selectors.starts_with('@') {
            return;
        }
        for selector in parted(selectors, |c| c == ',') {
            if self.rules.len() == MOST_RULES {
                self.opaque = true;
                return;
            }
            let last = parted(&selector, |c| c.is_whitespace() || matches!(c, '>' | '+' | '~'))
                .pop()
                .unwrap_or_default();
            let rule = Rule { declarations: declarations.clone(), ..Rule::of(&last) };
            self.by_key.entry(rule.key()).or_default().push(self.rules.len());
            self.rules.push(rule);
        }
    }
}

impl Rule {
    /// `div.a.b#c[x]:y`; what it asks of attributes and states is taken for given.
    fn of(compound: &str) -> Self {
        let mut rule = Self::default();
        let (mut kind, mut word, mut depth) = ('e', String::new(), 0_usize);
        for c in compound.chars().chain([':']) {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 0 || !matches!(c, '.' | '#' | ':' | ']' | ')') {
                if depth == 0 {
                    word.push(c);
                }
                continue;
            }
            let done = std::mem::take(&mut word);
            match kind {
                'e' => done.trim_matches(['*', '&']).clone_into(&mut rule.element),
                '.' => rule.classes.push(done),
                '#' => rule.id = done,
                _ => {}
            }
            kind = c;
        }
        rule.classes.retain(|class| !class.is_empty());
        rule
    }

    fn key(&self) -> String {
        match (self.id.is_empty(), self.classes.first(), self.element.is_empty()) {
            (false, _, _) => format!("#{}", self.id),
            (true, Some(class), _) => format!(".{class}"),
            (true, None, false) => self.element.clone(),
            (true, None, true) => "*".to_owned(),
        }
    }
}

/// The declarations of a rule or a `style` attribute that was made [`plain`].
pub(super) fn declared(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split(';').filter_map(|one| one.split_once(':'));
    parts.map(|(name, value)| (name.trim(), value.trim()))
}

/// Styles without comments and escapes (CSS Syntax 3 §4.3.7), in lower case, with single blanks.
pub(super) fn plain(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let out = unescaped(&out.replace("<!--", " ").replace("-->", " "));
    out.to_lowercase().replace(['\t', '\r', '\u{c}'], " ")
}

fn unescaped(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let mut code = 0;
        let mut digits = 0;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)).filter(|_| digits < 6) {
            (code, digits) = (16 * code + digit, digits + 1);
            chars.next();
        }
        if digits == 0 {
            out.extend(chars.next());
            continue;
        }
        out.extend(char::from_u32(code));
        chars.next_if(|c| c.is_whitespace());
    }
    out
}

/// Cuts outside of parentheses and brackets; empty pieces are left out.
fn parted(text: &str, is_cut: impl Fn(char) -> bool) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_usize);
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && is_cut(c) => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Whether something begins that has no end.
fn is_open(html: &str, start: &str, end: &str) -> bool {
    html.rfind(start).is_some_and(|at| !html[at..].contains(end))
}

/// The attributes of a tag with the names in lower case and the values as they are meant.
pub(super) fn attributes(tag: &str) -> Vec<(String, String)> {
    let found = tokens::attributes(tag).into_iter();
    found.map(|(name, value)| (name.to_ascii_lowercase(), meant(value).to_lowercase())).collect()
}

/// A value without numeric character references, and without those of the signs that styles are made of.
fn meant(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(after.len());
        let number =
            after[..end].strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            });
        let named = match &after[..end] {
            "colon" => Some(':'),
            "semi" => Some(';'),
            "lpar" => Some('('),
            "rpar" => Some(')'),
            "num" => Some('#'),
            "Tab" | "NewLine" | "nbsp" => Some(' '),
            _ => None,
        };
        if let Some(c) = number.and_then(char::from_u32).or(named) {
            out.push(c);
            rest = after[end..].strip_prefix(';').unwrap_or(&after[end..]);
        } else {
            out.push('&');
            rest = after;
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_seen(sheet: &str, name: &str, tag: &str) -> bool {
        let mut sight = Sight::default();
        let sheet = Sheet::of(&format!("<style>{sheet}</style>"));
        sheet.apply(name, &attributes(tag), &mut sight);
        !sight.is_unseen()
    }

    #[test]
    fn a_rule_is_about_what_its_selector_names_last() {
        const HIDDEN: &str = "{display:none}";
        for (selector, seen) in [
            (".x", false),
            (".X", false),
            ("p.x", false),
            ("div.x", true),
            ("#i", false),
            ("p#i.x.y", false),
            ("p#i.x.z", true),
            ("body > div p", false),
            ("p div", true),
            ("a, b ,.x", false),
            ("p[title=\"}\"]", false),
            (":not(.q,.r)", false),
            ("p:hover", false),
            ("*", false),
            ("@font-face", true),
            ("q", true),
        ] {
            assert_eq!(
                is_seen(&format!("{selector}{HIDDEN}"), "p", "p id=i class='x y'"),
                seen,
                "{selector}"
            );
        }
    }

    #[test]
    fn rules_are_found_however_they_are_written() {
        for sheet in [
            "@media screen { .x { display : none } }",
            "@media print{a{b:c}} .x{display:none",
            ".a{color:red;.x{display:none}}",
            ".a{content:\"}\"} .x{display:none}",
            ".x{content:\"}\";display:none}",
            ".x{a:url({});display:none}",
            "/* } */ .x/**/{dis/* */play:none}",
            "<!-- .x{display:none} -->",
            ".\\78 {d\\69splay:n\\6fne}",
            "@import url(//evil.test/x.css);",
        ] {
            assert!(!is_seen(sheet, "p", "p class=x"), "{sheet}");
        }
        assert!(!is_seen(&"a{color:red}".repeat(500), "p", "p"), "too much to know");
        assert!(is_seen("p{margin:0cm;font-size:11.0pt}v\\:*{behavior:url(#default#VML)}", "p", "p class=x"));
        assert!(!is_seen(".x{display:none}", "p", "p title=' class=y' class=&#120;"));
    }
}
