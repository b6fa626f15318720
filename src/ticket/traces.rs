//! What stands of one person in the words of others: their addresses, their names, and what they said; and the same
//! words without it.
//!
//! Blanks, line ends and marks of quoting do not count, so that it is found however it was wrapped. Takes time in
//! proportion to the text.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::Range;

use crate::ticket::word::words;

words! {
    /// What is being done to erase somebody, one after the other.
    pub enum Stage {
        /// The tickets in which they took part, with everything there.
        Tickets = "tickets",
        /// The words of all other tickets.
        Entries = "entries",
        /// How they are called.
        Subjects = "subjects",
        /// The log.
        Events = "events",
        /// Received mails.
        Received = "received",
        /// Mails that went out.
        Sent = "sent",
        /// Their long bodies.
        Bodies = "bodies",
        /// What is left, and the person.
        Rest = "rest",
        Done = "done",
    }
}

/// What stands in the place of what is taken out.
pub const ERASED: &str = "[erased]";

/// Letters of the shortest sentence that is looked for wherever it stands; shorter ones are anybody's.
const SENTENCE: usize = 20;
/// Letters by which sentences are told apart at first.
const HEAD: usize = 12;
/// Letters of the shortest name by which somebody is called in their own tickets.
const NAME: usize = 3;

impl Stage {
    /// What comes after it.
    pub(crate) fn next(self) -> Self {
        let mut later = Self::ALL.iter().copied().skip_while(|stage| *stage != self).skip(1);
        later.next().unwrap_or(Self::Done)
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    addresses: Vec<Vec<char>>,
    full_names: Vec<Vec<char>>,
    /// Parts of their names, as they are written.
    names: Vec<String>,
    /// Whole lines and sentences, for what is marked as quoted.
    said: HashSet<Vec<char>>,
    sentences: HashMap<Vec<char>, Vec<Vec<char>>>,
}

/// A text without what does not count, and where each letter stands in it.
struct Folded {
    letters: Vec<char>,
    at: Vec<Range<usize>>,
}

impl Traces {
    /// Of somebody with these addresses and names.
    pub fn of(addresses: &[String], names: &[String]) -> Self {
        let is_full = |name: &&String| name.split_whitespace().count() > 1;
        let letters = |text: &String| fold(text).letters;
        Self {
            addresses: addresses.iter().map(letters).filter(|letters| letters.len() > 2).collect(),
            full_names: names.iter().filter(is_full).map(letters).collect(),
            ..Self::default()
        }
    }

    /// Looks for single words of their names as well, as where they take part, but for words that mean something else.
    pub fn call(&mut self, names: &[String], but: &[String]) {
        let words = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
        let other: HashSet<String> = but.iter().map(|word| word.to_lowercase()).collect();
        let fit = |word: &&str| word.chars().count() >= NAME && !other.contains(&word.to_lowercase());
        self.names.extend(words.filter(fit).map(str::to_owned));
    }

    /// Looks for what they said, too.
    pub fn said(&mut self, text: &str) {
        for line in text.lines().filter(|line| !is_quoted(line)) {
            self.add(line);
        }
        for paragraph in unquoted(text).split("\n\n") {
            for sentence in paragraph.split(['.', '!', '?', ';']) {
                self.add(sentence);
            }
        }
    }

    fn add(&mut self, piece: &str) {
        let letters = fold(piece.trim().trim_end_matches(['.', '!', '?', ';', ','])).letters;
        if letters.len() >= SENTENCE {
            let head = letters[..HEAD].to_vec();
            let known = self.sentences.entry(head).or_default();
            if !known.contains(&letters) {
                known.push(letters.clone());
            }
        }
        if letters.len() > 1 {
            self.said.insert(letters);
        }
    }

    /// The text without any of it; none where there is nothing of it.
    pub fn taken_out(&self, text: &str) -> Option<String> {
        let mut found = self.found(text);
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|range| (range.start, range.end));
        let (mut out, mut end) = (String::with_capacity(text.len()), 0);
        for range in found {
            if range.start >= end {
                out.push_str(&text[end..range.start]);
                out.push_str(ERASED);
            }
            end = end.max(range.end);
        }
        out.push_str(&text[end..]);
        Some(out)
    }

    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let folded = fold(text);
        let mut found = Vec::new();
        let lower: Vec<&Vec<char>> = self.addresses.iter().chain(&self.full_names).collect();
        for start in 0..folded.letters.len() {
            let rest = &folded.letters[start..];
            for needle in lower.iter().filter(|needle| rest.starts_with(needle)) {
                let range = folded.range(start, needle.len());
                if stands_alone(text, &range) {
                    found.push(range);
                }
            }
            let candidates = rest.get(..HEAD).and_then(|head| self.sentences.get(head));
            for sentence in candidates.into_iter().flatten().filter(|sentence| rest.starts_with(sentence)) {
                found.push(folded.range(start, sentence.len()));
            }
        }
        for name in &self.names {
            let places = text.match_indices(name.as_str()).map(|(at, _)| at..at + name.len());
            found.extend(places.filter(|range| stands_alone(text, range)));
        }
        found.extend(self.quoted_lines(text));
        found
    }

    /// Lines that are marked as quoted and were theirs, however short.
    fn quoted_lines(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
            let begin = at + line.len() - content.len();
            let content = content.trim_end();
            let letters = fold(content.trim_end_matches(['.', '!', '?', ';', ','])).letters;
            if is_quoted(line) && self.said.contains(&letters) {
                found.push(begin..begin + content.len());
            }
            at += line.len();
        }
        found
    }
}

impl Folded {
    fn range(&self, start: usize, length: usize) -> Range<usize> {
        self.at[start].start..self.at[start + length - 1].end
    }
}

fn fold(text: &str) -> Folded {
    let mut folded = Folded { letters: Vec::with_capacity(text.len()), at: Vec::with_capacity(text.len()) };
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() || letter == '>' || letter == '\u{ad}' || letter == '\u{200b}' {
            continue;
        }
        for lower in letter.to_lowercase() {
            folded.letters.push(lower);
            folded.at.push(at..at + letter.len_utf8());
        }
    }
    folded
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn unquoted(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !is_quoted(line)).map(str::trim).collect();
    lines.join("\n")
}

/// Whether it is no part of a longer word or address.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let next = after.next();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let goes_on =
        matches!(next, Some('.' | '-')) && text[range.clone()].contains('@') && is_part(after.next());
    !is_part(before) && !is_part(next) && !goes_on
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces() -> Traces {
        let names = ["Ann Lee".to_owned()];
        let mut traces = Traces::of(&["ann@customer.test".to_owned()], &names);
        traces.call(&names, &["Lee".to_owned()]);
        traces.said("Hello,\n\nmy printer is on fire since\nnine o'clock today. Help!\n> What burns at your place now?\nBye");
        traces
    }

    #[test]
    fn addresses_names_and_sentences_are_taken_out_however_they_are_wrapped() {
        for (text, left) in [
            ("Write to Ann@Customer.test.", "Write to [erased]."),
            ("<mailto:ann@customer.test>", "<mailto:[erased]>"),
            ("Ann\nLee called, Ann says.", "[erased] called, [erased] says."),
            ("> my printer\n> is on fire since nine\n> o'clock today. So?", "> [erased]. So?"),
            ("You say My Printer is on fire since nine o'clock today?", "You say [erased]?"),
            ("> Help!\n> Bye\nBye", "> [erased]\n> [erased]\nBye"),
        ] {
            assert_eq!(traces().taken_out(text).as_deref(), Some(left), "{text}");
        }
    }

    #[test]
    fn what_is_anybodys_stays() {
        for text in [
            "joann@customer.test",
            "ann@customer.test.example",
            "Anna Annual lee Annlees",
            "Lee side",
            "Help!",
            "What burns at your place now?",
            "",
        ] {
            assert_eq!(traces().taken_out(text), None, "{text}");
        }
    }
}
