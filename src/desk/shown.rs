//! What mails show of somebody's words: all of them, or the beginning where they are too many.
//!
//! Made once for all who are told, because cleaning HTML takes its time.

use std::collections::BTreeMap;

use crate::desk::Desk;
use crate::desk::action::News;
use crate::mail::html;
use crate::template::body::Body;
use crate::template::clean;
use crate::ticket::id::FollowupId;

/// More text, or more HTML, than this stands in no mail. Mail programs are slow at such mails too.
const MOST: usize = 256 * 1024;
/// How much of a longer text is shown.
const EXCERPT: usize = 16 * 1024;
const EXCERPT_LINES: usize = 200;
/// HTML of a plain text may be so many times as long before it counts as more.
const MARKUP: usize = 4;

/// The words as they stand in mails.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// All of it, or its beginning.
    whole: Body,
    pub(crate) extent: Extent,
    /// The beginning, with the line that it goes on, in the languages that were asked for.
    beginnings: BTreeMap<String, Body>,
}

/// Whether the text is all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Extent {
    #[default]
    Whole,
    /// The beginning of so many bytes, which are the new words of an entry.
    Beginning { entry: FollowupId, size: u64 },
}

impl Shown {
    /// What is said with some news; `entry` keeps it. Words that no entry keeps can be shown, but not sent along whole.
    pub(crate) fn of(news: &News, entry: Option<FollowupId>) -> Self {
        let Some(words) = news.words.as_deref() else { return Self::default() };
        let text = words.newest();
        if is_long(text) {
            let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
            let extent = entry.map_or(Extent::Whole, |entry| Extent::Beginning { entry, size });
            return Self { whole: Body::new(&excerpt(text), None), extent, ..Self::default() };
        }
        // A mail's own HTML is not passed on: it holds what was quoted and what was hidden.
        let sent = words.html.as_deref().filter(|html| news.origin.is_none() && html.len() <= MOST);
        let html = sent.map(html::sanitise).filter(|html| html.len() <= MOST);
        Self { whole: Body::new(text, html.as_deref()), ..Self::default() }
    }

    /// As they stand in a mail in this language.
    pub(crate) fn body(&mut self, desk: &Desk, locale: &str) -> Body {
        if self.extent == Extent::Whole {
            return self.whole.clone();
        }
        let begins = self.whole.text();
        let made = || Body::new(&format!("{begins}\n\n{}", desk.templates.goes_on(locale)), None);
        self.beginnings.entry(locale.to_owned()).or_insert_with(made).clone()
    }
}

/// Whether a text, or what it becomes as HTML, is too much for a mail.
fn is_long(text: &str) -> bool {
    let text = text.trim();
    // The shortest thing that grows most: a tab at the start of a line.
    let may_grow = text.len() > MOST * MARKUP / clean::MOST_GROWTH;
    text.len() > MOST || may_grow && clean::html(text).len() > MOST * MARKUP
}

/// The beginning, up to the end of a line or word if there is one.
fn excerpt(text: &str) -> String {
    let start = text.trim_start();
    let most = &start[..start.floor_char_boundary(EXCERPT)];
    let lines = most.match_indices('\n').nth(EXCERPT_LINES).map_or(most, |(at, _)| &most[..at]);
    let is_cut = lines.len() == most.len() && most.len() < start.len();
    let end = lines.rfind(['\n', ' ']).filter(|at| is_cut && *at > EXCERPT / 2);
    lines[..end.unwrap_or(lines.len())].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::desk::entry::Words;
    use crate::desk::table::Event;

    use super::*;

    fn shown(words: &Words) -> Shown {
        let words = Some(Arc::new(words.clone()));
        Shown::of(&News { words, ..News::new(Event::Commented) }, Some(FollowupId(7)))
    }

    #[test]
    fn html_that_is_too_long_is_left_out_and_the_text_stays() {
        let formatted = |html: String| Words { html: Some(html), ..Words::plain("Hi.") };
        let short = shown(&formatted("<b>Hi.</b><script>x</script>".to_owned()));
        assert_eq!((short.whole.text(), short.whole.html()), ("Hi.", "<b>Hi.</b>"));
        // The second grows by what cleaning adds to each link.
        for html in ["<b>Hi.</b>".repeat(MOST / 10 + 1), "<a href=http://x.y>i</a>".repeat(MOST / 30)] {
            let long = shown(&formatted(html));
            assert_eq!((long.whole.text(), long.whole.html(), long.extent), ("Hi.", "Hi.", Extent::Whole));
        }
        let long =
            shown(&Words { html: Some("<b>Hi.</b>".to_owned()), ..Words::plain("word ".repeat(MOST)) });
        let size = u64::try_from(5 * MOST).unwrap();
        assert_eq!(long.extent, Extent::Beginning { entry: FollowupId(7), size });
        assert!(!long.whole.html().contains("<b>"));
    }

    #[test]
    fn a_text_is_long_by_what_the_mail_would_show() {
        assert!(!is_long(&"\n".repeat(10 << 20)), "there is nothing in it");
        assert!(!is_long(&"word ".repeat(MOST / 5)));
        assert!(is_long(&"word ".repeat(MOST)));
        assert!(
            is_long(&format!("x\n{}x", "\t".repeat(MOST - 10))),
            "each tab is four blanks of six characters"
        );
        assert!(is_long(&"ü".repeat(MOST / 2 + 1)));
    }

    #[test]
    fn an_excerpt_ends_with_a_line_or_a_word() {
        assert_eq!(excerpt(&"a\n".repeat(MOST)), "a\n".repeat(EXCERPT_LINES).trim_end().to_owned() + "\na");
        let words = excerpt(&"word ".repeat(MOST));
        assert!(words.ends_with(" word") && words.len() <= EXCERPT, "{}", words.len());
        assert_eq!(excerpt(&"ü".repeat(MOST)).len(), EXCERPT);
        assert_eq!(excerpt(&format!("\n\nHi.{}there", "\n".repeat(MOST))), "Hi.");
    }
}
