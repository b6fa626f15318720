//! HTML bodies: sanitised for showing, and as plain text for reading.
//!
//! Size and depth are checked first, because both libraries take quadratic time on deep nesting.

pub(crate) mod balance;
pub(crate) mod clients;
pub(crate) mod cut;
mod hidden;
pub mod layout;
pub mod marks;
mod sheet;
mod sight;
pub mod tokens;

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use html2text::config;
use html2text::render::TextDecorator;

use crate::ticket::command::UNSEEN;

/// More HTML than this is not parsed but only stripped of its tags.
const BYTES: usize = 1024 * 1024;
/// More tags and entities than these, too: both cost the parser far more than their bytes.
const TAGS: usize = 50_000;
const ENTITIES: usize = 50_000;
/// Lines are not wrapped; this is only to have a number.
const WIDTH: usize = 100_000;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .add_tags(["font", "u"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            // A remote picture tells its owner when and where it was looked at.
            ("img", "src") => value.starts_with("cid:").then(|| value.into()),
            // Nobody follows where a quotation is from, and not every place for it is looked at as a link is.
            (_, "src" | "background" | "poster" | "srcset" | "cite") => None,
            _ => Some(value.into()),
        });
    builder
});

static ALLOWED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| CLEANER.clone_tags());

/// Whether an element of this name, in any case, is kept by [`sanitise`].
pub(crate) fn is_allowed(name: &str) -> bool {
    ALLOWED.contains(name) || ALLOWED.contains(name.to_ascii_lowercase().as_str())
}

/// HTML without scripts, styles, forms and remote content. Too large: its words only.
pub fn sanitise(html: &str) -> String {
    if is_small(html) {
        return CLEANER.clean(&balance::written(&balance::balance(html))).to_string();
    }
    let text = strip_tags(html);
    format!("<pre>{}</pre>", ammonia::clean_text(&text))
}

/// HTML as plain text: lists, quotes, links and tables stay readable.
pub fn to_text(html: &str) -> String {
    marks::without_marks(&to_marked_text(html))
}

/// The same with [`marks`] where the markup tells what is old, and what is a signature.
pub(crate) fn to_marked_text(html: &str) -> String {
    if !is_small(html) {
        return unseen(&strip_tags(&marks::without_false_marks(html)));
    }
    let prepared = layout::prepare(html);
    let config = config::with_decorator(Blocks).raw_mode(true).allow_width_overflow().no_link_wrapping();
    match config.string_from_read(prepared.as_bytes(), WIDTH) {
        Ok(text) => tidy(&text.replace('\u{a0}', " ")),
        Err(_) => unseen(&strip_tags(&marks::without_false_marks(html))),
    }
}

fn is_small(html: &str) -> bool {
    let count = |byte| memchr::memchr_iter(byte, html.as_bytes()).count();
    html.len() <= BYTES && count(b'<') <= TAGS && count(b'&') <= ENTITIES
}

/// The words between the tags, when there is no time for more.
fn strip_tags(html: &str) -> String {
    let mut out = String::new();
    for (i, piece) in html.split('<').enumerate() {
        let text = if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) };
        let text = text.trim();
        if !text.is_empty() {
            out.push_str(text);
            out.push('\n');
        }
    }
    out.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A text of which nobody looked what of it is seen: none of its lines is a command.
fn unseen(text: &str) -> String {
    let line = |line: &str| {
        let mark = if line.trim_start().starts_with(['#', '\u{ff03}', '\\']) { UNSEEN } else { "" };
        mark.to_owned() + line + "\n"
    };
    text.lines().map(line).collect()
}

/// Trailing blanks go, and more than two line breaks in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    let start = out.len() - out.trim_start_matches('\n').len();
    out.drain(..start);
    out
}

/// Only blocks are left for the converter; nothing inside of a line needs a sign.
#[derive(Clone, Copy, Debug, Default)]
struct Blocks;

impl TextDecorator for Blocks {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_code_end(&self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }
    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }
    fn ordered_item_prefix(&self, i: i64) -> String {
        format!("{i}. ")
    }
    fn make_subblock_decorator(&self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_pictures_and_scripts_are_gone_and_cid_pictures_stay() {
        let clean = sanitise(
            "<p onclick=x()>a<script>b()</script><img src=\"http://t.test/p.gif\"><img src=\"cid:1@x\"></p>",
        );
        assert_eq!(clean, "<p>a<img><img src=\"cid:1@x\"></p>");
    }

    #[test]
    fn deep_or_large_html_is_still_read() {
        let deep = format!("{}hello{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(to_text(&deep).trim(), "hello");
        assert!(sanitise(&deep).contains("hello"));
    }

    #[test]
    fn text_keeps_lists_and_links() {
        let text = to_text(
            "<p>See <a href=\"https://x.test/a\">this</a>:</p><ul><li>one<li>two</ul><blockquote>old</blockquote>",
        );
        assert_eq!(to_text("<a href='https://x.test/'>x.test</a>").trim(), "x.test");
        assert_eq!(text, "See this <https://x.test/a>:\n- one\n- two\n\n> old\n");
    }
}
