//! Phrases that are made ready once and then looked for in many texts.

use memchr::memmem::Finder;

/// Some phrases, each with what is known of it before any text is seen.
#[derive(Debug)]
pub(crate) struct AnyOf {
    finders: Vec<Finder<'static>>,
}

impl AnyOf {
    pub(crate) fn new<'a>(phrases: impl IntoIterator<Item = &'a &'static str>) -> Self {
        Self { finders: phrases.into_iter().map(|phrase| Finder::new(*phrase)).collect() }
    }

    /// Whether one of them stands anywhere in a text, also inside a word.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.positions(text).next().is_some()
    }

    /// Which of them stand in a text, by their number.
    pub(crate) fn positions<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        let found = |finder: &Finder<'_>| finder.find(text.as_bytes()).is_some();
        self.finders.iter().enumerate().filter(move |(_, finder)| found(finder)).map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrases_of_a_text_are_found_wherever_they_stand() {
        let any = AnyOf::new(&["über", "out of office", "away"]);
        assert_eq!(any.positions("I am away, out of office").collect::<Vec<_>>(), [1, 2]);
        assert!(any.is_in("hinüber"));
        assert!(!any.is_in("out of"));
        assert!(!AnyOf::new(&[]).is_in("anything"));
    }
}
