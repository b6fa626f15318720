//! HTML bodies: sanitised for showing, and as plain text for reading.
//!
//! Size and depth are checked first, because both libraries take quadratic time on deep nesting.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use html2text::config;
use html2text::render::TextDecorator;

/// Raised whenever [`sanitise`] changes, so that stored HTML can be made anew.
pub const SANITISER_VERSION: i64 = 1;

/// More HTML than this is not parsed but only stripped of its tags.
const BYTES: usize = 1024 * 1024;
/// Deeper nesting than this, too.
const DEPTH: usize = 500;
/// Lines are not wrapped; this is only to have a number.
const WIDTH: usize = 100_000;

/// Elements that never have an end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

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
            (_, "src" | "background" | "poster" | "srcset") => None,
            _ => Some(value.into()),
        });
    builder
});

static ALLOWED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| CLEANER.clone_tags());

/// Whether an element of this name, in any case, is kept by [`sanitise`].
pub fn is_allowed(name: &str) -> bool {
    ALLOWED.contains(name) || ALLOWED.contains(name.to_ascii_lowercase().as_str())
}

/// Whether HTML is small and flat enough to be parsed.
pub fn is_safe_size(html: &str) -> bool {
    html.len() <= BYTES && depth(html) <= DEPTH
}

/// HTML without scripts, styles, forms and remote content. Too large or too deep: its words only.
pub fn sanitise(html: &str) -> String {
    if is_safe_size(html) {
        return CLEANER.clean(html).to_string();
    }
    let text = strip_tags(html);
    format!("<pre>{}</pre>", ammonia::clean_text(&text))
}

/// HTML as plain text: lists, quotes and links stay readable, layout tables are taken apart.
pub fn to_text(html: &str) -> String {
    if !is_safe_size(html) {
        return strip_tags(html);
    }
    let config =
        config::with_decorator(Words::default()).raw_mode(true).allow_width_overflow().no_link_wrapping();
    match config.string_from_read(html.as_bytes(), WIDTH) {
        Ok(text) => tidy(&text),
        Err(_) => strip_tags(html),
    }
}

/// An upper bound of how deep elements nest, in linear time.
fn depth(html: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            now = now.saturating_sub(1);
            continue;
        }
        if !tag.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !VOID.iter().any(|v| v.eq_ignore_ascii_case(name)) {
            now += 1;
            most = most.max(now);
        }
    }
    most
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

/// How inline markup looks in plain text: hardly at all.
#[derive(Clone, Debug, Default)]
struct Words {
    link: Option<String>,
}

impl TextDecorator for Words {
    type Annotation = ();

    fn decorate_link_start(&mut self, url: &str) -> (String, ()) {
        self.link = Some(url.to_owned());
        (String::new(), ())
    }
    fn decorate_link_end(&mut self) -> String {
        let url = self.link.take().unwrap_or_default();
        if url.starts_with("http") { format!(" <{url}>") } else { String::new() }
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
    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        (if title.trim().is_empty() { String::new() } else { format!("[{}]", title.trim()) }, ())
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
        self.clone()
    }
    fn decorate_superscript_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_superscript_end(&self) -> String {
        String::new()
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
        assert_eq!(sanitise(&deep), "<pre>hello&#10;</pre>");
    }

    #[test]
    fn text_keeps_lists_and_links() {
        let text = to_text(
            "<p>See <a href=\"https://x.test/a\">this</a>:</p><ul><li>one<li>two</ul><blockquote>old</blockquote>",
        );
        assert_eq!(text, "See this <https://x.test/a>:\n- one\n- two\n\n> old\n");
    }
}
