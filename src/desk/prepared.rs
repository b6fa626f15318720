//! What somebody wrote, made ready before the transaction in which it is said.
//!
//! Nothing here takes a transaction: what others would wait for is done once, and use cases take only what is done.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::clock::Timestamp;
use crate::desk::fold::Older;
use crate::desk::message::File;
use crate::desk::message::Message;
use crate::desk::message::Reading;
use crate::mail::html;
use crate::mail::html::cut;
use crate::sharing::policy::Mark;
use crate::template::body::Body;
use crate::template::clean;
use crate::ticket::words::Folded;

/// Words of fewer bytes cost nobody time.
const SMALL: usize = 4 * 1024;
/// More text, or more HTML, than this stands in no mail. Mail programs are slow at such mails too.
const MOST: usize = 256 * 1024;
/// How much of a longer text is shown.
const EXCERPT: usize = 16 * 1024;
const EXCERPT_LINES: usize = 200;
/// HTML of a plain text may be so many times as long before it counts as more.
const MARKUP: usize = 4;

/// Words that are ready to be said.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    words: Message,
    markup: Markup,
    /// Made beforehand where that takes long, else when the first mail shows it: many are shown in none.
    shown: Arc<OnceLock<Shown>>,
    /// In the same way.
    folded: Arc<OnceLock<Folded>>,
}

/// What is known of the HTML of some words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Markup {
    #[default]
    AsSent,
    Sanitised,
    /// And nothing is left of it but what is new.
    New,
}

/// The words as they stand in mails: all of them, or the beginning where they are too many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// What is new in them, as text.
    pub(crate) plain: Body,
    /// The same with the HTML they came with.
    pub(crate) formatted: Option<Body>,
    /// Whether that HTML holds nothing old, and nothing that is not seen.
    pub(crate) is_new_alone: bool,
    /// What is old in them, where it is shown too.
    pub(crate) older: Option<Older>,
    /// New and old in their order, for readers who cannot ask for more.
    pub(crate) whole: Option<Body>,
    /// How long they are in bytes, where this is only their beginning.
    pub(crate) cut_from: Option<u64>,
}

impl Prepared {
    /// What somebody gave to a program or typed; its HTML is sanitised for mails.
    pub fn of(words: Message) -> Self {
        Self::new(words, Markup::AsSent)
    }

    /// What a mail or a partner brought, whose HTML was sanitised when it was read.
    pub fn received(words: Message) -> Self {
        Self::new(words, Markup::Sanitised)
    }

    /// What is new in a mail, with as much of its sanitised HTML as says the same.
    pub(crate) fn new_part(words: Message, html: Option<&str>) -> Self {
        match html.and_then(|html| cut::saying(html, &words.text)) {
            Some(html) => Self::new(Message { html: Some(html), ..words }, Markup::New),
            None => Self::received(words),
        }
    }

    fn new(words: Message, markup: Markup) -> Self {
        let prepared = Self { words, markup, shown: Arc::default(), folded: Arc::default() };
        let html = prepared.words.html.as_deref().unwrap_or_default();
        let text = match prepared.words.reading {
            Reading::New => prepared.words.newest(),
            Reading::Whole => &prepared.words.text,
        };
        if text.len() > SMALL || html.len() > SMALL {
            prepared.shown();
        }
        if prepared.words.text.len() > SMALL {
            prepared.folded();
        }
        prepared
    }

    pub fn plain<T: Into<String>>(text: T) -> Self {
        Self::of(Message::plain(text))
    }

    /// With a mark for the partners of a shared ticket.
    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Self {
        self.words.mark = mark;
        self
    }

    /// Without a time of writing that cannot be: nobody wrote tomorrow what was passed on today.
    #[must_use]
    pub fn written_before(mut self, at: Timestamp) -> Self {
        self.words.written_at = self.words.written_at.filter(|written| (0..=at.0).contains(&written.0));
        self
    }

    /// With more files, and names of those that were too large.
    #[must_use]
    pub fn with_files(mut self, files: Vec<File>, left_out: Vec<String>) -> Self {
        self.words.attachments.extend(files);
        self.words.left_out.extend(left_out);
        self
    }

    /// Takes out the files, and the names of those that were too large.
    pub fn take_files(&mut self) -> (Vec<File>, Vec<String>) {
        (std::mem::take(&mut self.words.attachments), std::mem::take(&mut self.words.left_out))
    }

    pub(crate) fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown::of(&self.words, self.markup))
    }

    /// The words by which they are found.
    pub(crate) fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::of(&self.words.text))
    }
}

impl Deref for Prepared {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.words
    }
}

impl Shown {
    fn of(words: &Message, markup: Markup) -> Self {
        let text = words.newest();
        if is_long(text) {
            let cut_from = Some(u64::try_from(text.len()).unwrap_or(u64::MAX));
            return Self { plain: Body::new(&excerpt(text), None), cut_from, ..Self::default() };
        }
        let older = words.older();
        let whole = older.as_ref().filter(|_| !is_long(&words.text)).map(|_| Body::new(&words.text, None));
        let sent = words.html.as_deref().filter(|html| html.len() <= MOST).map(|html| match markup {
            Markup::AsSent => html::sanitise(html),
            Markup::Sanitised | Markup::New => html.to_owned(),
        });
        let formatted = sent.filter(|html| html.len() <= MOST).map(|html| Body::new(text, Some(&html)));
        let is_new_alone = markup == Markup::New;
        Self { plain: Body::new(text, None), formatted, is_new_alone, older, whole, cut_from: None }
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
    use super::*;

    #[test]
    fn html_that_is_too_long_is_left_out_and_the_text_stays() {
        let shown = |html: String| {
            Prepared::of(Message { html: Some(html), ..Message::plain("Hi.") }).shown().clone()
        };
        let short = shown("<b>Hi.</b><script>x</script>".to_owned());
        let html = short.formatted.map(|body| body.html().to_owned());
        assert_eq!((short.plain.text(), html.as_deref()), ("Hi.", Some("<b>Hi.</b>")));
        // The second grows by what cleaning adds to each link.
        for html in ["<b>Hi.</b>".repeat(MOST / 10 + 1), "<a href=http://x.y>i</a>".repeat(MOST / 30)] {
            let long = shown(html);
            assert_eq!((long.plain.text(), long.formatted.is_none(), long.cut_from), ("Hi.", true, None));
        }
        let long = Prepared::of(Message {
            html: Some("<b>Hi.</b>".to_owned()),
            ..Message::plain("word ".repeat(MOST))
        });
        let size = u64::try_from(5 * MOST).unwrap();
        assert_eq!((long.shown().formatted.is_none(), long.shown().cut_from), (true, Some(size)));
    }

    #[test]
    fn html_of_a_mail_was_sanitised_before() {
        let words = Message { html: Some("<b>Hi.</b>".to_owned()), ..Message::plain("Hi.") };
        let html = Prepared::received(words).shown().formatted.clone().map(|body| body.html().to_owned());
        assert_eq!(html.as_deref(), Some("<b>Hi.</b>"));
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
