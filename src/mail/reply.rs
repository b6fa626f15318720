//! What the author wrote this time: a text without quoted reply and signature.
//!
//! Only leaves lines out; never adds or changes any, and never leaves nothing of a text that had something.

mod armour;
pub(crate) mod attribution;
pub mod date;
pub(crate) mod glued;
pub mod language;
pub mod line;
mod lost;
pub(crate) mod phrases;
pub(crate) mod quoted_header;
pub mod signature;
pub mod turn;

use crate::mail::html::marks;
use crate::mail::reply::line::Kind;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::lower;
use crate::mail::reply::turn::Head;
use crate::mail::reply::turn::Turn;

/// Stands at the top of mails to staff; what is below it in an answer is ours.
pub const MARKER: &str = "##- Please type your reply above this line -##";

/// How many lines are looked at closely; whoever answers a mail does so above.
const LOOKED_AT: usize = 10_000;
/// How many lines may be tried as the introduction of a quote, which costs most.
const TRIED: usize = 2000;

/// So few marked lines below a colon are cited by the author.
const FEW_LINES: usize = 8;

/// The new part of a mail's text: nothing is old in a mail that answers nothing, or passes another one on.
pub fn new_part(text: &str, head: &Head<'_>) -> String {
    let lines: Vec<Line> = text.lines().map(Line::new).collect();
    let is_cut = match head.turn() {
        Turn::Answer => !quoted_header::is_passed_on(head.subject, &lines),
        Turn::Opening => is_above_marker(&lines),
        Turn::Tagged => is_above_marker(&lines) || introduces_a_quote(&lines),
        Turn::Forward => false,
    };
    if is_cut { trimmed(&lines) } else { joined(&lines, &vec![true; lines.len()]) }
}

/// Whether there are words above a line that asks for them: whoever writes there answers, whatever the program says.
fn is_above_marker(lines: &[Line<'_>]) -> bool {
    let marker = lines.iter().position(is_marker);
    marker.is_some_and(|at| lines[..at].iter().any(Line::has_words))
}

/// Whether a line says that somebody wrote what stands below it.
fn introduces_a_quote(lines: &[Line<'_>]) -> bool {
    kinds(lines).iter().any(|kind| matches!(kind, Kind::Intro | Kind::Break))
}

/// The new part of a text that answers another.
pub fn trim(text: &str) -> String {
    trimmed(&text.lines().map(Line::new).collect::<Vec<_>>())
}

fn trimmed(lines: &[Line<'_>]) -> String {
    let mut kinds = kinds(lines);
    let (mut kept, passed_on) = above_the_break(lines, &kinds);
    for span in armour::spans(lines) {
        kept[span].fill(false);
    }
    // What somebody passed on is all his message: nothing of it is a quote or a signature of his.
    let own = passed_on.unwrap_or(lines.len());
    kinds[own..].fill(Kind::Text);
    let before_signature = kept.clone();
    signature::leave_out_marked(&lines[..own], &kinds[..own], &mut kept[..own]);
    signature::leave_out(&lines[..own], &kinds[..own], &mut kept[..own]);
    leave_out_quotes(lines, &kinds, &mut kept);
    let new = joined(lines, &kept);
    if says_something(&new) {
        return new;
    }
    let whole = joined(lines, &before_signature);
    if says_something(&whole) { whole } else { joined(lines, &vec![true; lines.len()]) }
}

/// A text without the signature below it; nothing is left of one that is only a signature.
pub(crate) fn without_signature(text: &str) -> String {
    // Below other words, a signature need not stay for something to be left.
    let below = trim(&format!("Words.\n\n{text}"));
    below.strip_prefix("Words.").unwrap_or(text).trim_matches('\n').to_owned()
}

/// Tells for each line what it is.
pub fn kinds(lines: &[Line<'_>]) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = lines.iter().map(plain_kind).collect();
    for span in armour::spans(lines) {
        kinds[span].fill(Kind::Blank);
    }
    mark_named_quotes(lines, &mut kinds);
    lost::mark_broken_intros(lines, &mut kinds);
    lost::mark_odd_quotes(lines, &mut kinds);
    lost::mark_broken_quotes(lines, &mut kinds);
    let (mut at, mut left) = (0, TRIED);
    while at < lines.len().min(LOOKED_AT) {
        at = match kinds[at] {
            Kind::Text => mark(lines, &mut kinds, at, &mut left),
            _ => at,
        } + 1;
    }
    mark_headers_of_quotes(&mut kinds);
    kinds
}

fn plain_kind(line: &Line<'_>) -> Kind {
    if line.is_blank() || line.raw.contains([marks::SIGNATURE_BEGINS, marks::SIGNATURE_ENDS]) {
        Kind::Blank
    } else if is_marker(line) {
        Kind::Marker
    } else if line.raw.contains(marks::QUOTE_BEGINS) {
        Kind::Break
    } else if line.raw.contains(marks::QUOTE_INTRO) {
        Kind::Intro
    } else if line.is_quote() {
        Kind::Quote
    } else {
        Kind::Text
    }
}

/// Our own line, in any language, quoted or not; and those of other help desks.
fn is_marker(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_start_matches(['>', '|', ' ']);
    if bare.len() > 300 {
        return false;
    }
    let ours = bare.starts_with("##-") && bare.ends_with("-##");
    ours || bare.len() > 12 && {
        let small = lower(bare);
        small.split_whitespace().count() <= 16 && phrases::ABOVE_THIS_LINE.is_in(&small)
    }
}

/// Two or more lines in a row that begin with the same `Name>`.
fn mark_named_quotes(lines: &[Line<'_>], kinds: &mut [Kind]) {
    for at in 1..lines.len() {
        let name = lines[at].quoted_by();
        if name.is_some() && lines[at - 1].quoted_by() == name {
            kinds[at - 1] = Kind::Quote;
            kinds[at] = Kind::Quote;
        }
    }
}

/// A header above everything, with marked lines right below it, introduces those; the answer is below them.
fn mark_headers_of_quotes(kinds: &mut [Kind]) {
    let Some(first) = kinds.iter().position(|k| *k != Kind::Blank).filter(|at| kinds[*at] == Kind::Header)
    else {
        return;
    };
    let inside = |k: &Kind| matches!(k, Kind::Header | Kind::Blank);
    let end = kinds[first..].iter().position(|k| !inside(k)).map_or(kinds.len(), |n| first + n);
    if kinds.get(end) == Some(&Kind::Quote) {
        kinds[first..end].iter_mut().filter(|k| **k == Kind::Header).for_each(|k| *k = Kind::Intro);
    }
}

/// Finds what begins at a line, or ends there, and marks its lines. Gives the last line that was marked.
fn mark(lines: &[Line<'_>], kinds: &mut [Kind], at: usize, left: &mut usize) -> usize {
    let line = &lines[at];
    if let Some(glued) = glued::read(lines, at) {
        let kind = if glued.is_forward { Kind::Forward } else { Kind::Header };
        kinds[at..=glued.header.end].fill(kind);
        return glued.header.end;
    }
    let forward = quoted_header::is_forward(line);
    if forward || quoted_header::is_original(line) {
        let header = header_behind(lines, at);
        let end = header.map_or(at, |h| h.end);
        kinds[at..=end].fill(if forward { Kind::Forward } else { Kind::Header });
        return end;
    }
    if (line.is_rule(&['_', '-', '=', '*', '—', '─'], 5) || quoted_header::is_announced(line))
        && let Some(header) = header_behind(lines, at)
    {
        kinds[at..=header.end].fill(Kind::Header);
        return header.end;
    }
    let header = quoted_header::read(lines, at, false).or_else(|| quoted_header::read_stacked(lines, at));
    if let Some(header) = header {
        kinds[at..=header.end].fill(Kind::Header);
        return header.end;
    }
    let next = kinds[at + 1..].iter().find(|k| **k != Kind::Blank);
    let quoted = next == Some(&Kind::Quote);
    if *left == 0 || !attribution::may_end(&line.bare, quoted) {
        return at;
    }
    *left -= 1;
    if let Some(start) = attribution::start_of(lines, at, quoted) {
        // Lines that were taken for something else before stay what they are.
        let start = (start..=at).rev().take_while(|i| kinds[*i] == Kind::Text).last().unwrap_or(at);
        let named = lines
            .get(at + 1..)
            .and_then(|rest| rest.iter().find(|l| !l.is_blank()))
            .is_some_and(|l| l.quoted_by().is_some());
        kinds[start..=at].fill(if quoted && !named { Kind::Intro } else { Kind::Break });
    }
    at
}

/// The quoted header behind a separator, past a few empty lines.
fn header_behind(lines: &[Line<'_>], at: usize) -> Option<quoted_header::QuotedHeader> {
    let next = (at + 1..lines.len()).take(4).find(|i| !lines[*i].is_blank())?;
    quoted_header::read(lines, next, true)
}

/// Marks what stands above the first place where old text begins, if anything does; and where a mail that is
/// passed on begins, which stays.
fn above_the_break(lines: &[Line<'_>], kinds: &[Kind]) -> (Vec<bool>, Option<usize>) {
    let mut kept = vec![true; lines.len()];
    let mut said = false;
    for at in 0..lines.len() {
        match kinds[at] {
            Kind::Text => said |= lines[at].has_words(),
            Kind::Forward | Kind::Break | Kind::Header if forward_follows(kinds, at) => {
                // The mail below is part of the message, with who wrote it and when; but where it is the whole
                // of an answer, only the lines of its header go.
                let header =
                    |i: &usize| matches!(kinds[*i], Kind::Forward | Kind::Break | Kind::Header | Kind::Blank);
                let end = (at..lines.len()).find(|i| !header(i)).unwrap_or(lines.len());
                kept[at..end].fill(said);
                return (kept, Some(if said { at } else { end }));
            }
            Kind::Break | Kind::Header | Kind::Marker if said => {
                kept[at..].fill(false);
                return (kept, None);
            }
            Kind::Break | Kind::Marker | Kind::Forward => kept[at] = false,
            // A header above everything may be a form that somebody filled in.
            Kind::Blank | Kind::Quote | Kind::Intro | Kind::Header => {}
        }
    }
    (kept, None)
}

/// Whether this line, or the next one that says something, is the beginning of a forwarded mail.
fn forward_follows(kinds: &[Kind], at: usize) -> bool {
    kinds[at..].iter().take(20).find(|k| !matches!(k, Kind::Blank | Kind::Break)) == Some(&Kind::Forward)
}

/// Quotes below the author's last words go; above and between they show what is answered.
fn leave_out_quotes(lines: &[Line<'_>], kinds: &[Kind], kept: &mut [bool]) {
    let own = |at: &usize| kept[*at] && kinds[*at] == Kind::Text && lines[*at].has_words();
    let (Some(first), Some(last)) = ((0..lines.len()).find(own), (0..lines.len()).rev().find(own)) else {
        return;
    };
    let is_intro = |k: &Kind| matches!(k, Kind::Intro | Kind::Marker);
    let announced = kinds[..first].iter().any(is_intro);
    let between = (first..last).any(|at| kept[at] && kinds[at] == Kind::Quote);
    // "The error is:" and a few marked lines: that is no old mail.
    let below = (last + 1..lines.len()).take_while(|at| matches!(kinds[*at], Kind::Quote | Kind::Blank));
    let marked = below.clone().filter(|at| kinds[*at] == Kind::Quote).count();
    let cited = marked <= FEW_LINES && lines[last].bare.ends_with([':', '：']);
    let cited_end = if cited { below.last().unwrap_or(last) } else { last };
    for at in 0..lines.len() {
        let old = matches!(kinds[at], Kind::Quote | Kind::Intro);
        let above_all = at < first && announced && !between;
        if kinds[at] == Kind::Intro || old && (at > cited_end || above_all) {
            kept[at] = false;
        }
    }
}

fn joined(lines: &[Line<'_>], kept: &[bool]) -> String {
    let mut out = String::new();
    let mut blank = 0;
    for (line, _) in lines.iter().zip(kept).filter(|(_, kept)| **kept) {
        blank = if line.raw.trim().is_empty() { blank + 1 } else { 0 };
        // Where lines were left out, their empty lines would pile up.
        if blank <= 2 {
            out.push_str(line.raw.trim_end());
            out.push('\n');
        }
    }
    marks::without_marks(&out).trim_matches(['\n', ' ', '\t', '\r', '\u{a0}']).to_owned()
}

fn says_something(text: &str) -> bool {
    text.lines().any(|l| Line::new(l).has_words())
}

#[cfg(test)]
mod tests;
