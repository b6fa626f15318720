//! What the mails of one telling show of the words: the same for all who read one language.

use std::collections::BTreeMap;

use crate::desk::Desk;
use crate::desk::prepared::Shown;
use crate::template::body::Body;
use crate::ticket::id::FollowupId;

/// What is said, for readers of each language.
#[derive(Debug)]
pub(crate) struct Saying {
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

/// Whether the words are shown with the HTML they came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dress {
    Formatted,
    /// A mail's own HTML is not passed on: it holds what was quoted and what was hidden.
    Plain,
}

impl Saying {
    /// `entry` keeps the words. Those that no entry keeps can be shown, but not sent along whole.
    pub(crate) fn of(shown: Option<&Shown>, dress: Dress, entry: Option<FollowupId>) -> Self {
        let formatted = shown.and_then(|shown| shown.formatted.clone()).filter(|_| dress == Dress::Formatted);
        let whole = formatted.or_else(|| shown.map(|shown| shown.plain.clone())).unwrap_or_default();
        let size = shown.and_then(|shown| shown.cut_from);
        let extent = match (entry, size) {
            (Some(entry), Some(size)) => Extent::Beginning { entry, size },
            _ => Extent::Whole,
        };
        Self { whole, extent, beginnings: BTreeMap::new() }
    }

    /// As it stands in a mail in this language.
    pub(crate) fn body(&mut self, desk: &Desk, locale: &str) -> Body {
        if self.extent == Extent::Whole {
            return self.whole.clone();
        }
        let begins = self.whole.text();
        let made = || Body::new(&format!("{begins}\n\n{}", desk.templates.goes_on(locale)), None);
        self.beginnings.entry(locale.to_owned()).or_insert_with(made).clone()
    }
}
