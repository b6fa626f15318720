//! Where in a text stands what was looked for: a part of it to show, and how well it fits.

use std::ops::Range;

use serde::Serialize;

use crate::ticket::words::clause::Clause;
use crate::ticket::words::each;

/// Characters of a snippet, and how many of them stand before what was found.
const LONGEST: usize = 200;
const BEFORE: usize = 50;
/// Words of a text that are looked at.
const MOST: usize = 16_000;
/// How many words a usual text has, and after how many times more of the same say little.
const USUAL: f64 = 100.0;
const ENOUGH: f64 = 1.2;

/// A part of a text, in one line, and what of it was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    pub text: String,
    /// Characters from each first until before each second, counted from 0.
    pub marks: Vec<(usize, usize)>,
}

/// What of a text was looked for, and how many words it has.
struct Found {
    /// Which clause, and where in the text.
    hits: Vec<(usize, Range<usize>)>,
    words: usize,
}

/// The part of a text that shows best what was looked for; its beginning where that is not in it.
pub fn snippet(text: &str, clauses: &[Clause]) -> Snippet {
    let hits: Vec<Range<usize>> = found(text, clauses).hits.into_iter().map(|(_, place)| place).collect();
    let within =
        |from: usize| hits.iter().filter(move |hit| hit.start >= from && hit.end <= from + LONGEST - BEFORE);
    let mut best = (0, hits.first().map_or(0, |hit| hit.start));
    for hit in hits.iter().take(LONGEST) {
        let count = within(hit.start).count();
        best = if count > best.0 { (count, hit.start) } else { best };
    }
    let start = beginning(text, best.1);
    let mut snippet = Snippet::default();
    let mut cut = text[start..].char_indices();
    snippet.text.push_str(if start > 0 { "…" } else { "" });
    let shift = usize::from(start > 0);
    let mut places = Vec::new();
    for (at, c) in cut.by_ref().take(LONGEST) {
        places.push(start + at);
        snippet.text.push(if c.is_control() || c.is_whitespace() { ' ' } else { c });
    }
    let end = cut.next().map_or(text.len(), |(at, _)| start + at);
    snippet.text.push_str(if end < text.len() { "…" } else { "" });
    places.push(end);
    let nth = |at: usize| places.partition_point(|place| *place < at) + shift;
    for hit in hits.iter().filter(|hit| hit.start >= start && hit.end <= end) {
        match snippet.marks.last_mut() {
            // Pairs of characters overlap.
            Some((_, last)) if *last >= nth(hit.start) => *last = nth(hit.end).max(*last),
            _ => snippet.marks.push((nth(hit.start), nth(hit.end))),
        }
    }
    snippet
}

/// How well an entry fits: how often it has what was looked for, the more if it is short, and the more if that stands
/// in what stands above it.
pub fn score(text: &str, head: &str, clauses: &[Clause]) -> f64 {
    let Found { hits, words } = found(text, clauses);
    let above = found(head, clauses).hits;
    let length = f64::from(u32::try_from(words).unwrap_or(u32::MAX)) / USUAL;
    let count = |hits: &[(usize, Range<usize>)], n: usize| {
        f64::from(u32::try_from(hits.iter().filter(|(clause, _)| *clause == n).count()).unwrap_or(u32::MAX))
    };
    let of = |n: usize| {
        let often = count(&hits, n) + 3.0 * count(&above, n);
        often / (often + ENOUGH * (0.25 + 0.75 * length))
    };
    (0..clauses.len()).map(of).sum()
}

fn found(text: &str, clauses: &[Clause]) -> Found {
    let (mut words, mut places) = (Vec::new(), Vec::new());
    each(text, &mut |word, place| {
        words.push(word.to_owned());
        places.push(place);
        words.len() < MOST
    });
    let mut hits = Vec::new();
    for at in 0..words.len() {
        for (n, clause) in clauses.iter().enumerate() {
            if clause.begins(&words[at..]) {
                hits.push((n, places[at].start..places[at + clause.words.len() - 1].end));
            }
        }
    }
    Found { hits, words: words.len() }
}

/// The beginning of a word some way before a place.
fn beginning(text: &str, at: usize) -> usize {
    let before = text[..at].char_indices().rev().take(BEFORE);
    let mut start = at;
    for (place, c) in before {
        if c.is_whitespace() {
            start = place + c.len_utf8();
        } else if place == 0 {
            return 0;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::words::clause::Last;
    use crate::ticket::words::clause::clause;

    fn shown(text: &str, wanted: &[&str]) -> String {
        let clauses: Vec<Clause> = wanted.iter().filter_map(|text| clause(text, Last::Begun)).collect();
        let snippet = snippet(text, &clauses);
        let mut shown = String::new();
        for (n, c) in snippet.text.chars().enumerate() {
            shown.push_str(if snippet.marks.iter().any(|mark| mark.0 == n) { "[" } else { "" });
            shown.push(c);
            shown.push_str(if snippet.marks.iter().any(|mark| mark.1 == n + 1) { "]" } else { "" });
        }
        shown
    }

    #[test]
    fn a_snippet_shows_what_was_looked_for() {
        assert_eq!(shown("My Drücker\nis on fire!", &["drucker", "on fire"]), "My [Drücker] is [on fire]!");
        assert_eq!(shown("nothing here", &["fire"]), "nothing here");
        assert_eq!(shown("これは東京都です", &["東京都"]), "これは[東京都]です");
        let long = format!("{} the printer burns. {}", "word ".repeat(100), "tail ".repeat(100));
        let shown = shown(&long, &["printer"]);
        assert!(shown.starts_with("…word word") && shown.contains(" the [printer] burns. tail"), "{shown}");
        assert!(shown.ends_with('…') && shown.chars().count() <= LONGEST + 4, "{shown}");
    }

    #[test]
    fn the_part_is_shown_that_has_most_of_it() {
        let text = format!("fire once. {}fire and fire and smoke", "word ".repeat(100));
        assert!(shown(&text, &["fire", "smoke"]).ends_with("[fire] and [fire] and [smoke]"));
    }

    #[test]
    fn what_is_said_often_and_shortly_fits_best() {
        let clauses = [clause("fire", Last::Whole).unwrap()];
        let of = |text: &str, head: &str| score(text, head, &clauses);
        assert!(of("fire fire", "") > of("fire", ""));
        assert!(of("fire", "") > of(&format!("fire {}", "word ".repeat(500)), ""));
        assert!(of("fire", "On fire") > of("fire fire", ""));
        assert!(of("smoke", "").abs() < f64::EPSILON);
    }
}
