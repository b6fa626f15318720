//! Single addresses in the words of an entry: each one as it is written, or none.
//!
//! Words are never joined, but where only blanks or comments stand around an `@`.

use std::ops::RangeInclusive;

use crate::mail::parse::address::token::Kind;
use crate::mail::parse::address::token::Token;

/// What a word holds, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Address(String),
    /// Words of a name, or of nothing.
    Text(String),
}

/// A piece, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub piece: Piece,
    pub kind: Kind,
    pub(crate) is_apart: bool,
    pub angle: usize,
}

/// Reads the addresses of one entry.
pub(super) fn read(tokens: &[Token]) -> Vec<Found> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let found = |piece| Found { piece, kind: token.kind, is_apart: token.is_apart, angle: token.angle };
        // What clings to a quoted string is one word with it.
        let before = tokens[..at].last().filter(|before| !token.is_apart && before.angle == token.angle);
        if before.is_none()
            && let Some((address, used)) = joined(&tokens[at..])
        {
            out.push(found(Piece::Address(address)));
            at += used;
            continue;
        }
        let is_rest = before.is_some() && token.text.starts_with('.');
        match token.kind {
            Kind::Word if !is_rest => out.extend(word(&token.text).into_iter().map(found)),
            _ => out.push(found(Piece::Text(token.text.clone()))),
        }
        at += 1;
    }
    out
}

/// The whole text as an address, if it is one.
pub(super) fn alone(text: &str) -> Option<String> {
    let address = trimmed(text.trim());
    let (local, host) = address.split_once('@')?;
    (is_local(local) && is_host(host)).then(|| address.to_owned())
}

/// An address of several tokens: a quoted local part, or blanks and comments around the `@`. Says how many
/// tokens it takes.
fn joined(tokens: &[Token]) -> Option<(String, usize)> {
    let (first, more) = tokens.split_first().filter(|(first, _)| first.kind != Kind::Comment)?;
    // A comment, the `@`, a comment and the host.
    let mut words = more
        .iter()
        .zip(2..)
        .take(4)
        .take_while(|(token, _)| token.angle == first.angle)
        .filter(|(token, _)| token.kind != Kind::Comment);
    let (mut next, mut used) = words.next().filter(|(next, _)| next.kind == Kind::Word)?;
    let mut is_apart = next.is_apart;
    let (local, host) = match (first.text.strip_suffix('@'), next.text.strip_prefix('@')) {
        (Some(local), None) if first.kind == Kind::Word => (local, next.text.as_str()),
        (_, Some("")) => {
            (next, used) = words.next().filter(|(next, _)| next.kind == Kind::Word)?;
            is_apart |= next.is_apart;
            (first.text.as_str(), next.text.as_str())
        }
        (_, Some(host)) => (first.text.as_str(), host),
        _ => return None,
    };
    let local = if first.kind == Kind::Quoted { quoted(local) } else { leading(local)?.to_owned() };
    let host = trimmed(host.split(is_edge).next().filter(|_| !host.starts_with('[')).unwrap_or(host));
    // `Anna @ Works` is a name.
    (is_host(host) && (!is_apart || host.contains('.'))).then(|| (format!("{local}@{host}"), used))
}

/// A local part in front of an `@` that stands apart; none if it is no such.
fn leading(word: &str) -> Option<&str> {
    let word = word.rsplit(|c| is_edge(c) || c == ':').next().unwrap_or_default();
    let word = word.trim_start_matches(is_trimmed);
    is_local(word).then_some(word)
}

/// A local part of any characters; without quotes where it needs none.
fn quoted(text: &str) -> String {
    let is_plain =
        is_local(text) && text.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let is_dotted = text.starts_with('.') || text.ends_with('.') || text.contains("..");
    if is_plain && !is_dotted {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The addresses in a word, and the text around them.
fn word(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    if text.contains('@') {
        for part in parts(text).into_iter().filter(|part| !part.is_empty()) {
            out.push(alone(part).map_or_else(|| Piece::Text(part.to_owned()), Piece::Address));
        }
    }
    if !out.iter().any(|piece| matches!(piece, Piece::Address(_))) {
        return vec![Piece::Text(text.to_owned())];
    }
    // Neither the scheme of a link nor the route of old is a word of a name.
    let is_name = |text: &str| {
        !text.starts_with('@') && !["mailto", "smtp"].iter().any(|scheme| text.eq_ignore_ascii_case(scheme))
    };
    out.retain(|piece| !matches!(piece, Piece::Text(text) if !is_name(text)));
    out
}

/// Cuts a word at brackets, quotation marks and colons, but not within an address literal.
fn parts(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut from, mut before, mut is_literal) = (0, ' ', false);
    for (at, c) in text.char_indices() {
        if c == '[' && before == '@' {
            is_literal = true;
        } else if c == ']' && is_literal {
            is_literal = false;
        } else if is_edge(c) || (c == ':' && !is_literal) {
            out.push(&text[from..at]);
            from = at + c.len_utf8();
        }
        before = c;
    }
    out.push(&text[from..]);
    out
}

/// Without the marks that people put around an address, the dot behind a sentence or a host, and what a link
/// says besides.
fn trimmed(text: &str) -> &str {
    let text = text.trim_start_matches(is_trimmed);
    let host = text.find('@').unwrap_or_default();
    let end = text[host..].find('?').map_or(text.len(), |at| host + at);
    text[..end].trim_end_matches(|c| is_trimmed(c) || ".!|/".contains(c))
}

fn is_trimmed(c: char) -> bool {
    is_unseen(c) || "'`*\\".contains(c) || APOSTROPHES.contains(&c)
}

/// Where a word ends although no blank stands there: brackets, quotation marks, dashes, and their like.
fn is_edge(c: char) -> bool {
    "[]{}«»‹›“”„‟‐‑‒–—―…".contains(c) || "＜＞（）〈〉《》「」『』【】，；：、。".contains(c)
}

/// Characters that nobody sees, which can make one address look like another.
fn is_unseen(c: char) -> bool {
    let range = ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    range.iter().any(|range| range.contains(&c)) || matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}')
}

fn is_local(text: &str) -> bool {
    let is_odd = |c: char| {
        c.is_whitespace() || c.is_control() || is_unseen(c) || is_edge(c) || "<>,;:\"()\\@＠﹫".contains(c)
    };
    // What begins so is the rest of a sentence, or of an encoded word that could not be read.
    !(text.is_empty() || text.starts_with('.') || text.starts_with("=?") || text.contains(is_odd))
}

fn is_host(text: &str) -> bool {
    if let Some(literal) = text.strip_prefix('[') {
        let inside = literal.strip_suffix(']').unwrap_or_default();
        return !inside.is_empty()
            && inside.bytes().all(|b| b.is_ascii_alphanumeric() || b":.-".contains(&b));
    }
    // Letters, digits, and the marks that some scripts put above or below them.
    let is_fit =
        |c: char| c.is_alphanumeric() || "-_·・".contains(c) || MARKS.iter().any(|range| range.contains(&c));
    text.split('.').all(|label| !label.is_empty() && label.chars().all(is_fit))
}

const APOSTROPHES: [char; 5] = ['‘', '’', '‚', '‛', '´'];
const MARKS: [RangeInclusive<char>; 3] =
    ['\u{300}'..='\u{36f}', '\u{900}'..='\u{963}', '\u{966}'..='\u{fff}'];
