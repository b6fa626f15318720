//! The part of a mail's HTML that says what is new in it.
//!
//! What is new is found in the text alone; here the elements are looked for that say the same. What they say must be
//! that text letter for letter, so that nothing hidden or old passes: where it is not, there is no such part.

use crate::mail::html::balance::BLOCKS;
use crate::mail::html::balance::VOID;
use crate::mail::html::balance::balance;
use crate::mail::html::balance::escape;
use crate::mail::html::balance::is_one_of;
use crate::mail::html::tokens::Token;
use crate::mail::html::tokens::attribute;

/// More HTML is not looked at.
const MOST: usize = 256 * 1024;
/// How many places are tried that say the same as the text, but in the midst of a line.
const TRIED: usize = 1_000;

/// Elements that are kept, and those among them that a text cannot show.
const KEPT: &[&str] = &[
    "p", "div", "br", "ul", "ol", "li", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption",
    "dl", "dt", "dd", "hr",
];
const FORMATTING: &[&str] = &[
    "a",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "strike",
    "del",
    "ins",
    "code",
    "pre",
    "kbd",
    "samp",
    "tt",
    "sub",
    "sup",
    "mark",
    "small",
    "big",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
];
const SHAPES: &[&str] = &["ul", "ol", "table", "dl", "hr"];
/// Attributes that are kept: none says anything that is not seen.
const ATTRIBUTES: &[&str] = &["href", "colspan", "rowspan", "align", "start"];
/// What stands for a character in sanitised HTML.
const ENTITIES: &[(&str, char)] =
    &[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
const LINKS: &[&str] = &["https://", "http://", "mailto:", "tel:"];
/// Names that programs give to pictures in a text.
const PICTURES: &[&str] = &["[image:", "[cid:"];

/// The elements of sanitised HTML that say this text; none where there are none, or where they say it in no other way.
pub(crate) fn saying(html: &str, text: &str) -> Option<String> {
    if html.len() > MOST || text.len() > MOST {
        return None;
    }
    let wanted: String = text.lines().map(letters).collect();
    let tokens = balance(html);
    let blocks = Blocks::of(&tokens);
    let found = blocks.letters.match_indices(&wanted).filter(|_| !wanted.is_empty());
    let (from, until) = found.take(TRIED).find_map(|(at, _)| blocks.range(at, at + wanted.len()))?;
    let mut writer = Writer::within(&tokens[..from])?;
    for token in &tokens[from..until] {
        writer.write(token);
    }
    writer.finish()
}

/// A run of tokens between two ends of lines.
struct Block {
    from: usize,
    until: usize,
    /// Where its letters are among all.
    begins: usize,
    ends: usize,
}

struct Blocks {
    all: Vec<Block>,
    letters: String,
}

impl Blocks {
    fn of(tokens: &[Token<'_>]) -> Self {
        let mut blocks = Self { all: Vec::new(), letters: String::new() };
        let mut from = 0;
        for (at, token) in tokens.iter().enumerate() {
            let name = match token {
                Token::Start(name, _) | Token::End(name) => *name,
                Token::Text(_) => continue,
            };
            let name = name.to_ascii_lowercase();
            if name == "br" || is_one_of(&name, BLOCKS) {
                blocks.add(tokens, from, at);
                from = at + 1;
            }
        }
        blocks.add(tokens, from, tokens.len());
        blocks
    }

    fn add(&mut self, tokens: &[Token<'_>], from: usize, until: usize) {
        let mut line = String::new();
        for token in &tokens[from..until] {
            if let Token::Text(text) = token {
                line.push_str(&plain(text));
            }
        }
        let begins = self.letters.len();
        // Lines of a preformatted text are lines here, too.
        self.letters.extend(line.lines().map(letters));
        if self.letters.len() > begins {
            self.all.push(Block { from, until, begins, ends: self.letters.len() });
        }
    }

    /// The tokens of the lines whose letters these are; none where they begin or end within one.
    fn range(&self, begins: usize, ends: usize) -> Option<(usize, usize)> {
        let first = self.all.binary_search_by_key(&begins, |block| block.begins).ok()?;
        let last = self.all.binary_search_by_key(&ends, |block| block.ends).ok()?;
        Some((self.all[first].from, self.all[last].until))
    }
}

fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The sign itself comes last: what it stands before is none of the others.
    let others = ENTITIES.iter().rev();
    others.fold(text.to_owned(), |text, (entity, c)| text.replace(entity, &c.to_string()))
}

/// What of a line both forms of a mail have alike: no spaces, no marks of lists and links.
fn letters(line: &str) -> String {
    let mut rest = line.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0
        && rest[digits..].starts_with(['.', ')'])
        && rest[digits + 1..].starts_with(char::is_whitespace)
    {
        rest = &rest[digits + 1..];
    }
    let mut letters = String::new();
    while let Some(c) = rest.chars().next() {
        if LINKS.iter().any(|link| rest.starts_with(link)) {
            let is_end = |c: char| c.is_whitespace() || "<>()[]\"".contains(c);
            rest = &rest[rest.find(is_end).unwrap_or(rest.len())..];
        } else if let Some(end) =
            rest.find(']').filter(|_| PICTURES.iter().any(|name| rest.starts_with(name)))
        {
            rest = &rest[end + 1..];
        } else {
            if says(c) {
                letters.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    letters
}

fn says(c: char) -> bool {
    let is_unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}');
    !(c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() || is_unseen || "•·◦▪".contains(c))
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The open elements; of one that is not kept, nothing.
    open: Vec<Option<String>>,
    formatted: bool,
}

impl Writer {
    /// Within the elements that are open behind these tokens; none where that is a quote.
    fn within(before: &[Token<'_>]) -> Option<Self> {
        let mut open: Vec<&Token<'_>> = Vec::new();
        for token in before {
            match token {
                Token::Start(name, _) if !is_one_of(name, VOID) => open.push(token),
                Token::End(_) => drop(open.pop()),
                Token::Start(..) | Token::Text(_) => {}
            }
        }
        let is_quote = |token: &&Token<'_>| matches!(token, Token::Start(name, _) if name.eq_ignore_ascii_case("blockquote"));
        if open.iter().any(is_quote) {
            return None;
        }
        let mut writer = Self::default();
        for token in open {
            writer.write(token);
        }
        Some(writer)
    }

    fn write(&mut self, token: &Token<'_>) {
        match *token {
            Token::Text("<") => self.out.push_str("&lt;"),
            Token::Text(text) => escape(text, &mut self.out),
            Token::Start(name, tag) => self.start(&name.to_ascii_lowercase(), tag),
            Token::End(_) => self.end(),
        }
    }

    fn start(&mut self, name: &str, tag: &str) {
        let is_kept = is_one_of(name, KEPT) || is_one_of(name, FORMATTING);
        if is_kept {
            self.formatted |= is_one_of(name, FORMATTING) || is_one_of(name, SHAPES);
            self.out.extend(["<", name]);
            for kept in ATTRIBUTES {
                if let Some(value) = attribute(tag, kept).filter(|value| !value.contains(['"', '<', '>'])) {
                    self.out.extend([" ", kept, "=\"", value, "\""]);
                }
            }
            self.out.push_str(if name == "a" { " rel=\"noopener noreferrer nofollow\">" } else { ">" });
        }
        if !is_one_of(name, VOID) {
            self.open.push(is_kept.then(|| name.to_owned()));
        }
    }

    fn end(&mut self) {
        if let Some(Some(name)) = self.open.pop() {
            self.out.extend(["</", &name, ">"]);
        }
    }

    fn finish(mut self) -> Option<String> {
        while !self.open.is_empty() {
            self.end();
        }
        self.formatted.then(|| self.out.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::html::sanitise;

    #[test]
    fn the_new_part_keeps_its_formatting_and_nothing_else_passes() {
        for (html, text, expected) in [
            (
                "<div>Use <b>water</b>.</div><div>--<br>Alex</div><blockquote>It <b>burns</b></blockquote>",
                "Use *water*.",
                "<div>Use <b>water</b>.</div>",
            ),
            (
                "<p>#close</p><p style='color:red'>See <a href='https://x.test/a?b=1&amp;c=2' title='secret'>this</a></p><p>old</p>",
                "See this <https://x.test/a?b=1&c=2>",
                "<p>See <a href=\"https://x.test/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\">this</a></p>",
            ),
            (
                "<div>#note<br>Do:<ol><li>one</li><li>two &amp; <i>three</i></li></ol>Bye</div><hr>On Monday",
                "Do:\n 1. one\n 2. two & /three/\nBye",
                "<div>Do:<ol><li>one</li><li>two &amp; <i>three</i></li></ol>Bye</div>",
            ),
            (
                "<table><tr><th>a</th><td colspan=2 onclick=x>b</td></tr></table><script>x</script>",
                "a b",
                "<table><tbody><tr><th>a</th><td colspan=\"2\">b</td></tr></tbody></table>",
            ),
            (
                "<div>It is <img src='cid:1' alt='hidden words'><u>so</u></div>",
                "It is [cid:1]so",
                "<div>It is <u>so</u></div>",
            ),
        ] {
            assert_eq!(saying(&sanitise(html), text).as_deref(), Some(expected), "{html}");
        }
    }

    #[test]
    fn what_says_another_thing_than_the_text_or_nothing_more_is_no_new_part() {
        for (html, text) in [
            ("<p>Plain</p>", "Plain"),
            ("<p><b>book</b></p>", "ok"),
            ("<p><b>one</b></p><p style='display:none'>hidden</p><p>two</p>", "one\n\ntwo"),
            ("<p>New</p><blockquote><b>Yes</b></blockquote>", "Yes"),
            ("<p><b>one</b> <span style='font-size:0'>hidden</span></p>", "one"),
            ("<p><b>!</b></p>", "!"),
            ("", "Words"),
        ] {
            assert_eq!(saying(&sanitise(html), text), None, "{html}");
        }
    }
}
