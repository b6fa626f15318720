//! What a language can have words for, of all that stands around a message.
//!
//! All of it in lower case, without the punctuation around it.

/// What a line of a quoted header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    From,
    Sent,
    Date,
    To,
    Cc,
    Subject,
    ReplyTo,
}

/// The words of one language. What several share stands with one of them.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// Labels of quoted header lines.
    pub labels: &'static [(Label, &'static [&'static str])],
    /// "Original message", as it stands between dashes.
    pub original: &'static [&'static str],
    /// "Forwarded message", alone on a line or between dashes.
    pub forwarded: &'static [&'static str],
    /// Prefixes of the subject of a forwarded mail, each followed by a colon.
    pub forward_prefixes: &'static [&'static str],
    /// "Wrote", as it stands at the end of a line that introduces a quote.
    pub wrote: &'static [&'static str],
    /// Vocabulary at the start of a line that introduces a quote by its date.
    pub starters: &'static [&'static str],
    /// Vocabulary that stand before a name where a program has no date to give.
    pub quoting: &'static [&'static str],
    /// First persons: a sentence of the author's own, not a line that introduces a quote.
    pub own_words: &'static [&'static str],
    /// Lines above which an answer is to be typed, as help desks ask for it.
    pub above_this_line: &'static [&'static str],
    /// Lines that phones and programs put under a message: how such a line begins.
    pub sent_from: &'static [&'static str],
    /// How such lines begin and end in languages that put the verb last. A device must be named, too.
    pub sent_from_around: &'static [(&'static str, &'static str)],
    /// Vocabulary for what such a line names.
    pub devices: &'static [&'static str],
    /// How paragraphs begin that lists, newsletters and virus scanners put under a message.
    pub footers: &'static [&'static str],
    /// What such paragraphs may have as a heading of their own.
    pub footer_headings: &'static [&'static str],
    /// How paragraphs begin that lawyers put under a message; one of the next must follow.
    pub legal_starts: &'static [&'static str],
    /// Vocabulary that make a paragraph a lawyer's.
    pub legal_words: &'static [&'static str],
    /// Vocabulary that together with others make a paragraph a lawyer's, however it begins.
    pub legal_sure: &'static [&'static str],
    /// Vocabulary of the particulars that a company must put under its mail.
    pub imprint: &'static [&'static str],
}

impl Vocabulary {
    /// Nothing: what a language has no word for.
    pub const NONE: Self = Self {
        labels: &[],
        original: &[],
        forwarded: &[],
        forward_prefixes: &[],
        wrote: &[],
        starters: &[],
        quoting: &[],
        own_words: &[],
        above_this_line: &[],
        sent_from: &[],
        sent_from_around: &[],
        devices: &[],
        footers: &[],
        footer_headings: &[],
        legal_starts: &[],
        legal_words: &[],
        legal_sure: &[],
        imprint: &[],
    };
}
