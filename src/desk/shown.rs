//! What the mails of one telling show of the words: the same for all who read one language.

use std::collections::BTreeMap;

use crate::desk::Desk;
use crate::desk::fold::Older;
use crate::desk::prepared::Shown;
use crate::template::body::Body;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::FollowupId;

/// What is said, for readers of each language.
#[derive(Debug)]
pub(crate) struct Saying {
    whole: Body,
    pub(crate) extent: Extent,
    /// What is old in what opened a ticket: staff see it below what is new, others where it was written.
    older: Option<Older>,
    in_order: Option<Body>,
    /// With a line on what follows or is missing, in the languages that were asked for.
    told: BTreeMap<String, Body>,
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
    /// A mail's own HTML is not passed on where it holds what was quoted and what was hidden.
    Plain,
}

impl Saying {
    /// `entry` keeps the words. Those that no entry keeps can be shown, but not sent along whole.
    pub(crate) fn of(shown: Option<&Shown>, dress: Dress, entry: Option<FollowupId>) -> Self {
        let formatted = shown
            .filter(|shown| dress == Dress::Formatted || shown.is_new_alone)
            .and_then(|shown| shown.formatted.clone());
        let whole = formatted.or_else(|| shown.map(|shown| shown.plain.clone())).unwrap_or_default();
        let size = shown.and_then(|shown| shown.cut_from);
        let extent = match (entry, size) {
            (Some(entry), Some(size)) => Extent::Beginning { entry, size },
            _ => Extent::Whole,
        };
        let (older, in_order) =
            shown.map(|shown| (shown.older.clone(), shown.whole.clone())).unwrap_or_default();
        Self { whole, extent, older, in_order, told: BTreeMap::new() }
    }

    /// As it stands in a mail in this language.
    pub(crate) fn body(&mut self, desk: &Desk, locale: &str, template: Name) -> Body {
        let words = self.whole.text();
        let made = match (&self.older, self.extent) {
            (Some(_), _) if !template.is_for_staff() => {
                return self.in_order.as_ref().unwrap_or(&self.whole).clone();
            }
            (Some(older), _) => {
                let line = Sentence::new("note.older_lines").with("lines", &older.lines);
                let gap = if older.more > 0 { "\n[…]" } else { "" };
                format!("{words}\n\n{}\n{}{gap}", desk.templates.sentence(locale, &line), older.shown)
            }
            (None, Extent::Beginning { .. }) => format!("{words}\n\n{}", desk.templates.goes_on(locale)),
            (None, Extent::Whole) => return self.whole.clone(),
        };
        self.told.entry(locale.to_owned()).or_insert_with(|| Body::new(&made, None)).clone()
    }
}
