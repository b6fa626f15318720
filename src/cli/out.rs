//! Printing: tables for people, JSON for programs.

use std::io::Write;

use serde::Serialize;

use crate::cli::failure::Failure;

/// For whom a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Human,
    Json,
}

/// The switch that every listing has.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct JsonSwitch {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl JsonSwitch {
    pub fn form(self) -> Form {
        if self.json { Form::Json } else { Form::Human }
    }
}

/// Writes one line; a reader that went away is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a remark where it is in no program's way.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "helpdeskd: {text}");
}

/// Writes one value as JSON.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::system(error.to_string()))?;
    line(&text);
    Ok(())
}

/// Writes rows under their headings, in columns; control characters of strangers do not reach the terminal.
pub fn table(headings: &[&str], rows: &[Vec<String>]) {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(n, heading)| {
            let cells = rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count());
            cells.chain([heading.len()]).max().unwrap_or_default()
        })
        .collect();
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    for row in std::iter::once(&headings).chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

/// One line without control characters or such as turn the direction of writing, however long.
pub(crate) fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// One line without control characters, of bearable length.
pub(crate) fn clean(text: &str) -> String {
    let flat = flat(text);
    match flat.char_indices().nth(100) {
        Some((at, _)) => format!("{}…", &flat[..at]),
        None => flat,
    }
}

/// Several lines without control characters but the line ends.
pub(crate) fn clean_text(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' || turns(c) { ' ' } else { c }).collect()
}

/// Marks, embeddings, overrides and isolates that turn the direction of what follows (UAX #9), and line separators.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_escape_sequence_does_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\r\n"), "a [2Jb  ");
        assert_eq!(clean_text("a\n\u{1b}b"), "a\n b");
        assert_eq!(
            (clean("gpj\u{202e}exe"), clean_text("a\u{2067}b\u{2028}c")),
            ("gpj exe".into(), "a b c".into())
        );
        assert_eq!(clean(&"x".repeat(200)).chars().count(), 101);
    }
}
