//! Makes an HTML body easier to read as plain text before it is converted.
//!
//! Tables become lines, and the places where clients begin an older mail are marked. Removes no words.

use crate::mail::html::balance::BLOCKS;
use crate::mail::html::balance::balance;
use crate::mail::html::balance::escape;
use crate::mail::html::balance::is_one_of;
use crate::mail::html::clients;
use crate::mail::html::hidden::Hidden;
use crate::mail::html::marks;
use crate::mail::html::tokens::Token;
use crate::mail::html::tokens::attribute;
use crate::ticket::command::UNSEEN;

/// A row with more text than this is layout, not data.
const ROW_TEXT: usize = 400;
/// How many pieces of a row are looked at.
const ROW_TOKENS: usize = 2000;
/// How many marks of quotes, or steps of lists, are shown before a line.
const NESTED: usize = 20;
/// A longer link is a tracker's; the words it hangs on must do.
const LINK: usize = 300;

/// Rewrites a body for conversion: blocks, lists and quotes as elements, all else as text.
pub fn prepare(html: &str) -> String {
    let tokens = balance(html);
    let mut writer = Writer { hidden: Hidden::of(html), ..Writer::default() };
    let mut at = 0;
    while at < tokens.len() {
        if let Token::Start(name, _) = tokens[at]
            && name.eq_ignore_ascii_case("tr")
            && let Some(end) = data_row(&tokens[at + 1..])
        {
            writer.row(&tokens[at + 1..=at + end]);
            at += end + 1;
            continue;
        }
        writer.token(&tokens[at]);
        at += 1;
    }
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Where the words of an open link began, and where it leads.
    link: Option<(usize, String)>,
    /// Open quotes, and whether each is shown with a mark.
    quotes: Vec<bool>,
    lists: usize,
    /// Whether the open paragraph was written without space around it, as Outlook means it.
    tight: bool,
    /// The element that holds a signature, and how many of its name are open in it.
    signature: Option<(String, usize)>,
    hidden: Hidden,
}

impl Writer {
    fn token(&mut self, token: &Token<'_>) {
        self.hidden.pass(token);
        match *token {
            Token::Text(text) if self.hidden.may_be_a_command(text, &self.out) => {
                self.out.push_str(UNSEEN);
                self.text(text);
            }
            Token::Text(text) => self.text(text),
            Token::Start(name, tag) => self.start(&name.to_ascii_lowercase(), tag),
            Token::End(name) => self.end(&name.to_ascii_lowercase()),
        }
    }

    fn text(&mut self, text: &str) {
        if text == "<" {
            self.out.push_str("&lt;");
        } else if text.contains(marks::ALL) {
            escape(&text.replace(marks::ALL, ""), &mut self.out);
        } else {
            escape(text, &mut self.out);
        }
    }

    fn start(&mut self, name: &str, tag: &str) {
        if clients::begins_quote(name, tag) {
            self.mark(marks::QUOTE_BEGINS);
        }
        self.signature_starts(name, tag);
        match name {
            "br" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.out.extend(["<", name, ">"]),
            "hr" => self.out.push_str("<div>----------</div>"),
            "blockquote" => {
                // Editors that cannot indent use a quote without its line.
                let shown = !is_indent(tag) && self.quotes.iter().filter(|q| **q).count() < NESTED;
                self.quotes.push(shown);
                self.out.push_str(if shown { "<blockquote>" } else { "<div>" });
            }
            "ul" | "ol" => {
                self.lists += 1;
                self.list_tag("<", name);
            }
            "li" if self.lists > 0 => self.out.push_str("<li>"),
            "p" => {
                self.tight = attribute(tag, "class").is_some_and(|c| c.to_ascii_lowercase().contains("mso"));
                self.out.push_str(if self.tight { "<div>" } else { "<p>" });
            }
            "a" => self.link = attribute(tag, "href").map(|href| (self.out.len(), href.trim().to_owned())),
            "img" => self.picture(tag),
            _ if is_one_of(name, BLOCKS) => self.out.push_str("<div>"),
            _ => {}
        }
        if clients::introduces(tag) {
            self.out.push(marks::QUOTE_INTRO);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.out.extend(["</", name, ">"]),
            "blockquote" => {
                let shown = self.quotes.pop().unwrap_or_default();
                self.out.push_str(if shown { "</blockquote>" } else { "</div>" });
            }
            "ul" | "ol" => {
                self.list_tag("</", name);
                self.lists = self.lists.saturating_sub(1);
            }
            "li" if self.lists > 0 => self.out.push_str("</li>"),
            "p" => self.out.push_str(if std::mem::take(&mut self.tight) { "</div>" } else { "</p>" }),
            "a" => self.end_link(),
            _ if is_one_of(name, BLOCKS) => self.out.push_str("</div>"),
            _ => {}
        }
        self.signature_ends(name);
    }

    fn mark(&mut self, mark: char) {
        self.out.push_str("<div>");
        self.out.push(mark);
        self.out.push_str("</div>");
    }

    /// Every element that is opened here is closed, too.
    fn signature_starts(&mut self, name: &str, tag: &str) {
        match &mut self.signature {
            Some((holder, open)) if holder == name => *open += 1,
            None if clients::begins_signature(name, tag) => {
                self.signature = Some((name.to_owned(), 1));
                self.mark(marks::SIGNATURE_BEGINS);
            }
            _ => {}
        }
    }

    fn signature_ends(&mut self, name: &str) {
        let Some((holder, open)) = &mut self.signature else { return };
        if holder == name {
            *open -= 1;
            if *open == 0 {
                self.signature = None;
                self.mark(marks::SIGNATURE_ENDS);
            }
        }
    }

    /// Lists beyond a depth where nobody counts steps any more are read as plain blocks.
    fn list_tag(&mut self, bracket: &str, name: &str) {
        self.out.extend([bracket, if self.lists <= NESTED { name } else { "div" }, ">"]);
    }

    fn picture(&mut self, tag: &str) {
        let alt = attribute(tag, "alt").map(str::trim).unwrap_or_default();
        let file = alt
            .rsplit_once('.')
            .is_some_and(|(_, e)| e.len() <= 4 && e.bytes().all(|b| b.is_ascii_alphabetic()));
        if !alt.is_empty() && alt.len() <= 100 && !file {
            self.out.extend(["[", &alt.replace('<', "&lt;"), "]"]);
        }
    }

    /// Writes where a link leads, unless its words say so.
    fn end_link(&mut self) {
        let Some((start, href)) = self.link.take() else {
            return;
        };
        let words = self.out.get(start..).unwrap_or_default();
        let shown = words.chars().any(|c| !c.is_whitespace()) && !words.contains("<div");
        if shown && href.len() <= LINK && href.starts_with("http") && bare_link(words) != bare_link(&href) {
            let href = href.replace('<', "%3C").replace('>', "%3E");
            self.out.extend([" &lt;", &href, "&gt;"]);
        }
    }

    /// One line: the cells of a row with bars between them.
    fn row(&mut self, tokens: &[Token<'_>]) {
        self.out.push_str("<div>");
        let mut cells = 0;
        for token in tokens {
            match token {
                Token::Start(name, _) if is_cell(name) => {
                    if cells > 0 {
                        self.out.push_str(" | ");
                    }
                    cells += 1;
                }
                Token::Start(name, _) | Token::End(name)
                    if is_cell(name) || is_block(name) || name.eq_ignore_ascii_case("tr") => {}
                token => self.token(token),
            }
        }
        self.out.push_str("</div>");
    }
}

fn is_indent(tag: &str) -> bool {
    let style = attribute(tag, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    style.contains("border:none") || style.contains("border:0") || style.contains("border-left:none")
}

/// A link without what may differ between how it is written and where it leads.
fn bare_link(link: &str) -> &str {
    let link = link.trim().trim_end_matches('/');
    link.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.")
}

/// If a row holds data, the number of its last token: two or more short cells, none with lines of its own.
fn data_row(tokens: &[Token<'_>]) -> Option<usize> {
    let (mut cells, mut filled, mut blocks, mut text) = (0, 0, 0, 0);
    let mut empty = true;
    for (i, token) in tokens.iter().enumerate().take(ROW_TOKENS) {
        match token {
            Token::End(name) if name.eq_ignore_ascii_case("tr") => {
                return (cells >= 2 && filled >= 2).then_some(i + 1);
            }
            Token::Start(name, _) if is_cell(name) => (cells, blocks, empty) = (cells + 1, 0, true),
            Token::Start(name, _) if is_block(name) => blocks += 1,
            Token::Start(name, _) if breaks_row(name) => return None,
            Token::End(name) if name.eq_ignore_ascii_case("table") => return None,
            Token::Text(t) if !t.trim().is_empty() => {
                text += t.trim().len();
                filled += usize::from(std::mem::take(&mut empty));
            }
            _ => {}
        }
        if blocks > 1 || text > ROW_TEXT {
            return None;
        }
    }
    None
}

fn is_cell(name: &str) -> bool {
    name.eq_ignore_ascii_case("td") || name.eq_ignore_ascii_case("th")
}

fn is_block(name: &str) -> bool {
    name.eq_ignore_ascii_case("p") || name.eq_ignore_ascii_case("div") || name.eq_ignore_ascii_case("center")
}

fn breaks_row(name: &str) -> bool {
    ["tr", "table", "br", "ul", "ol", "li", "hr", "pre", "blockquote", "h1", "h2", "h3", "h4", "img"]
        .iter()
        .any(|n| name.eq_ignore_ascii_case(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::html::marks::QUOTE_BEGINS;

    #[test]
    fn rows_of_data_become_lines_and_layout_falls_apart() {
        assert_eq!(
            prepare("<table><tr><th>No</th><td><p class=MsoNormal>Name</p></td></tr></table>"),
            "<div><div>No | Name</div></div>"
        );
        assert_eq!(
            prepare("<table><tr><td>a<br>b</td><td>c</td></tr></table>"),
            "<div><div><div>a<br>b</div><div>c</div></div></div>"
        );
    }

    #[test]
    fn the_beginning_of_an_older_mail_is_marked() {
        for tag in [
            "<div id=\"divRplyFwdMsg\">",
            "<div id=x_divRplyFwdMsg>",
            "<div class=\"a yahoo_quoted\">",
            "<span id=OLK_SRC_BODY_SECTION1>",
            "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>",
        ] {
            assert!(prepare(tag).contains(QUOTE_BEGINS), "{tag}");
        }
        assert!(!prepare("<div id=content class=quote>").contains(QUOTE_BEGINS));
        assert_eq!(prepare("a\u{f8f0}b"), "ab", "the mark cannot come from outside");
    }
}
