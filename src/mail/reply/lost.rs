//! Quotes that lost their marks on the way, or have others, and introductions that were broken apart.
//!
//! Marks lines before anything else is looked at; what is cut is decided later.

use crate::mail::reply::attribution;
use crate::mail::reply::date;
use crate::mail::reply::line::Kind;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::lower;
use crate::mail::reply::phrases;

/// A line that was broken had at least so many characters; its rest has at most so many.
const BROKEN: usize = 60;
const REST: usize = 40;
/// How many lines a broken introduction has, empty ones too, and how long each may be in bytes.
const INTRO_LINES: usize = 9;
const INTRO_LENGTH: usize = 200;
/// How far an introduction may stand above marks that are only believed below one.
const NEAR: usize = 3;

/// An introduction whose last line says nothing but "wrote:", with empty lines and lone brackets above it.
pub(super) fn mark_broken_intros(lines: &[Line<'_>], kinds: &mut [Kind]) {
    for at in 1..lines.len() {
        if is_said(&lines[at])
            && let Some(start) = start_of(lines, at)
        {
            kinds[start..=at].fill(Kind::Break);
            let next = kinds[at + 1..].iter().find(|k| **k != Kind::Blank);
            if next == Some(&Kind::Quote) {
                kinds[start..=at].fill(Kind::Intro);
            }
        }
    }
}

/// `wrote:` and nothing else, perhaps behind the bracket of an address.
fn is_said(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_start_matches(['>', ' ']);
    let Some(words) = bare.strip_suffix([':', '：']) else { return false };
    words.len() <= 40 && phrases::WROTE.contains(&lower(words.trim()).as_str())
}

fn start_of(lines: &[Line<'_>], end: usize) -> Option<usize> {
    let mut joined = String::new();
    for at in (end.saturating_sub(INTRO_LINES)..end).rev() {
        let line = &lines[at];
        if line.bare.len() > INTRO_LENGTH || attribution::ends_sentence(&line.bare) {
            return None;
        }
        joined = format!("{} {joined}", line.bare);
        if attribution::leads_with_date(&line.bare) && date::has_day(&line.bare) {
            let is_whole = date::has_time(&joined) || joined.contains('@');
            return is_whole.then_some(at);
        }
    }
    None
}

/// Two or more lines in a row with another mark than usual, right below an introduction.
pub(super) fn mark_odd_quotes(lines: &[Line<'_>], kinds: &mut [Kind]) {
    let mut at = 1;
    while at < lines.len() {
        let Some(mark) = lines[at].odd_mark() else {
            at += 1;
            continue;
        };
        let is_more = |i: &usize| lines[*i].odd_mark() == Some(mark) || lines[*i].is_blank();
        let end = (at..lines.len()).find(|i| !is_more(i)).unwrap_or(lines.len());
        let above = lines[at.saturating_sub(NEAR)..at].iter().rfind(|l| !l.is_blank());
        if above.is_some_and(|l| l.bare.ends_with([':', '：']) && date::has_day(&l.bare)) {
            for (kind, line) in kinds[at..end].iter_mut().zip(&lines[at..end]) {
                *kind = if line.is_blank() { Kind::Blank } else { Kind::Quote };
            }
        }
        at = end;
    }
}

/// A quoted line that was too long and was broken, so that its rest lost the mark.
pub(super) fn mark_broken_quotes(lines: &[Line<'_>], kinds: &mut [Kind]) {
    // Who answers above the quote and its introduction does not answer between its lines.
    let first = kinds.iter().position(|k| *k == Kind::Quote).unwrap_or_default();
    let above = kinds[..first].iter().rposition(|k| *k == Kind::Blank).unwrap_or_default();
    let answers_above = (0..above).any(|i| kinds[i] == Kind::Text && lines[i].has_words());
    for at in 1..lines.len() {
        if kinds[at - 1] != Kind::Quote || kinds[at] != Kind::Text {
            continue;
        }
        let above = &lines[at - 1].bare;
        let bare = &lines[at].bare;
        let is_short = || bare.chars().count() <= REST;
        let broken = above.ends_with(|c: char| c.is_alphanumeric() || c == ',')
            || answers_above && above.ends_with(['.', ';', '-']) && is_short();
        let goes_on = kinds.get(at + 1) == Some(&Kind::Quote);
        if goes_on && broken && above.chars().count() >= BROKEN && bare.starts_with(char::is_lowercase) {
            kinds[at] = Kind::Quote;
        }
    }
}
