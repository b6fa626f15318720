//! All mistakes of a configuration, found one after the other: after each, its line is left out and the rest
//! is read again.
//!
//! Prefers to miss a mistake over telling one that only the left-out line caused.

use crate::config::error::Mistake;

/// More are not mended in one go.
const MOST: usize = 30;

/// Reads `text` again and again with `first`, which gives the first mistake there is.
pub fn all(text: &str, first: impl Fn(&str) -> Option<Mistake>) -> Vec<Mistake> {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<Mistake> = Vec::new();
    while found.len() < MOST {
        let Some(mistake) = first(&lines.join("\n")) else { break };
        let at = mistake.line.checked_sub(1).and_then(|at| lines.get_mut(at));
        // Where no line of its own is to blame, a line that is missing now may be.
        let own_line = at.filter(|line| is_setting(line));
        if own_line.is_none() && !found.is_empty() {
            break;
        }
        found.push(mistake);
        match own_line {
            Some(line) => *line = "",
            None => break,
        }
    }
    found
}

/// Whether a line is a whole `key = value`, so that the others can do without it.
fn is_setting(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let key = key.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.\"".contains(c);
    !key.is_empty() && key.chars().all(plain) && toml::from_str::<toml::Table>(&format!("a ={value}")).is_ok()
}
