//! What of a desk's own mail to staff may still be in an answer to it: marker lines, tokens, quoted lines.
//!
//! Finds and leaves out; what is then done with the answer is for `desk` to say.

use std::collections::HashSet;

use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::passages::Passages;
use crate::mail::reply::MARKER;
use crate::mail::token;
use crate::mail::token::Token;

/// Characters of a token.
const TOKEN: usize = 32;
/// A hostile text could have thousands, each a look-up.
const MOST_TOKENS: usize = 50;

/// Larger attachments are no quotes.
const LARGEST_FILE: usize = 1024 * 1024;

/// What a text that would leave has of ours, and its words: as far as that is seen without knowing any ticket.
#[derive(Debug)]
pub struct Quoted {
    pub has_marker: bool,
    pub tokens: Vec<Token>,
    pub(crate) words: Passages,
}

impl Quoted {
    pub fn of(text: &str) -> Self {
        Self { has_marker: has_marker(text), tokens: tokens(text), words: Passages::of(squeeze(text)) }
    }

    /// Of what can be read in an attachment: of a mail, its headers and its text.
    pub fn in_file(content_type: &str, data: &[u8]) -> Vec<Self> {
        if data.len() > LARGEST_FILE {
            return Vec::new();
        }
        let whole = || Self::of(&String::from_utf8_lossy(data));
        if content_type.starts_with("message/") {
            vec![whole(), Self::of(&parse::parse(data, &Limits::default()).text)]
        } else if content_type.starts_with("text/") {
            vec![whole()]
        } else {
            Vec::new()
        }
    }
}

/// Whether a marker line is anywhere in a text, however it was quoted or wrapped.
pub(crate) fn has_marker(text: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    letters(text).contains(&letters(MARKER))
}

/// Whether some of `new`, the trimmed part of `whole`, stands below a marker line that is not quoted: there
/// nothing tells the author's own words from ours.
pub(crate) fn is_from_below_marker(whole: &str, new: &str) -> bool {
    let marked = |line: &&str| line.trim_start().starts_with("##-") && has_marker(line);
    let Some(at) = whole.lines().position(|line| marked(&line)) else { return false };
    let above: HashSet<&str> = whole.lines().take(at).map(str::trim).collect();
    new.lines().map(str::trim).any(|line| !line.is_empty() && !above.contains(line))
}

/// Everything in a text that has the form of one of our tokens.
pub fn tokens(text: &str) -> Vec<Token> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == TOKEN);
    let mut found: Vec<Token> = words.filter_map(token::read).take(MOST_TOKENS).collect();
    // One that was wrapped, or written for a link.
    let squeezed = squeeze(text);
    for before in ["+", "hd.", "%2b"] {
        let places = squeezed.match_indices(before).map(|(at, _)| at + before.len());
        let read = places.filter_map(|at| token::read(squeezed.get(at..at + TOKEN)?));
        found.extend(read.take(MOST_TOKENS));
    }
    found.dedup();
    found.truncate(MOST_TOKENS);
    found
}

/// A text without what quoting and wrapping change: blanks, line ends, marks of quotes, case.
pub(crate) fn squeeze(text: &str) -> String {
    let kept = |c: &char| {
        !c.is_whitespace() && !matches!(c, '>' | '|' | '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}')
    };
    text.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

/// `new`, the trimmed part of `whole`, without the line that introduces the quote of our mail, in whatever words.
pub(crate) fn without_introduction<'n>(whole: &str, new: &'n str) -> &'n str {
    let lines: Vec<&str> = whole.lines().map(str::trim).collect();
    let Some(marker) = lines.iter().position(|line| line.starts_with('>') && has_marker(line)) else {
        return new;
    };
    let above = lines[..marker].iter().rev().find(|line| !line.is_empty() && !line.starts_with('>'));
    match above.filter(|line| line.ends_with([':', '：'])) {
        Some(line) => new.trim_end().strip_suffix(line).map_or(new, str::trim_end),
        None => new,
    }
}

/// The text without those quoted lines that are not, as far as they go, in `shown` (squeezed), which everybody
/// may read.
pub(crate) fn without_foreign_quotes(text: &str, shown: &Passages) -> String {
    let is_foreign = |line: &str| {
        let line = line.trim_start();
        line.starts_with('>') && !shown.have(&squeeze(line))
    };
    let kept: Vec<&str> = text.lines().filter(|line| !is_foreign(line)).collect();
    kept.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use crate::ids::base32;
    use crate::mail::token::Purpose;
    use crate::secret::Keyring;
    use crate::secret::SigningKey;

    use super::*;

    fn token() -> String {
        let keys = Keyring::of(SigningKey { id: 1, bytes: vec![7; 32] });
        token::sign(&keys, Purpose::AgentReply, 12_345, "uuid", "alex@staff.test")
    }

    #[test]
    fn a_marker_is_found_however_it_was_quoted() {
        for text in [
            MARKER.to_owned(),
            format!("a\n> > {MARKER}\nb"),
            MARKER.replace(" your ", "\n> your\u{a0}"),
            MARKER.to_uppercase(),
            format!("<p>{MARKER}</p>"),
        ] {
            assert!(has_marker(&text), "{text}");
        }
        assert!(!has_marker("Please type your answer above."));
    }

    #[test]
    fn words_below_a_marker_are_told_from_those_above() {
        let whole = format!("Mine.\n\n{MARKER}\nQueue: Support\nMine too.");
        assert!(!is_from_below_marker(&whole, "Mine."));
        assert!(is_from_below_marker(&whole, "Mine.\nMine too."));
        assert!(is_from_below_marker(&whole, "Queue: Support"));
        let quoted = format!("> {MARKER}\n> Queue: Support\nMine.");
        assert!(!is_from_below_marker(&quoted, "Mine."), "the mark tells which words are whose");
        assert!(!is_from_below_marker("Mine.", "Mine."));
    }

    #[test]
    fn a_token_is_found_in_every_place_that_it_comes_from() {
        let token = token();
        let (half, rest) = token.split_at(11);
        for text in [
            token.clone(),
            format!("write to support+{token}@desk.test!"),
            format!("> <hd.{}@desk.test>", token.to_uppercase()),
            format!("mailto:support%2B{token}%40desk.test"),
            format!("support+{half}=\n> {rest}@desk.test").replace('=', ""),
        ] {
            assert_eq!(tokens(&text).first().map(|token| token.row), Some(12_345), "{text}");
        }
        let noise = base32(&[0x99; 4000]);
        assert!(tokens(&format!("d41d8cd98f00b204e9800998ecf8427e {noise}")).is_empty());
        assert!(tokens(&"+".repeat(100_000)).is_empty());
    }

    #[test]
    fn the_line_that_introduces_our_mail_goes_in_every_language() {
        let whole = format!("Mine:\n\nAnd then Support said this:\n\n> {MARKER}\n> Old.\n");
        assert_eq!(without_introduction(&whole, "Mine:\n\nAnd then Support said this:"), "Mine:");
        assert_eq!(without_introduction(&whole, "Mine:"), "Mine:");
        assert_eq!(without_introduction("Look:\n> this", "Look:\n> this"), "Look:\n> this");
    }

    #[test]
    fn quoted_lines_stay_only_where_everybody_knows_them() {
        let shown = Passages::of(squeeze("My printer is on fire,\nand nobody comes."));
        let text = "> My printer is\n> on fire, and\nSince when?\n> Owner: alex\n>\nBye";
        assert_eq!(
            without_foreign_quotes(text, &shown),
            "> My printer is\n> on fire, and\nSince when?\n>\nBye"
        );
    }
}
