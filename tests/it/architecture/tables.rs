//! Each table is written by one file of `store` and those below it, so that whoever asks what changes its rows has one
//! place to read. Whoever reads joins what they need.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::source::Source;
use super::source::Word;

/// The tables that several places write, each with those places.
pub fn breaches(sources: &[Source]) -> Vec<String> {
    let mut writers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        let Some(place) = source.path.strip_prefix("src/store/") else { continue };
        let place = place.trim_end_matches(".rs").split('/').next().unwrap_or(place);
        for table in source.tokens.iter().filter_map(|token| written(&token.word)) {
            writers.entry(table).or_default().insert(place);
        }
    }
    assert!(writers.len() > 40, "only {} tables are written", writers.len());
    let several = writers.into_iter().filter(|(_, places)| places.len() > 1);
    several.map(|(table, places)| format!("`{table}` is written in {places:?}")).collect()
}

/// The table that a statement writes.
fn written(word: &Word) -> Option<&str> {
    let Word::Text(text) = word else { return None };
    let mut words = text.split_whitespace();
    match (words.next()?, words.next()?) {
        ("insert", "into") | ("delete", "from") => words.next(),
        ("update", table) if words.next() == Some("set") => Some(table),
        _ => None,
    }
}
