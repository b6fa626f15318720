//! Quoted headers all of whose fields stand on one line, glued to each other: `From: Ann <a@x.test>To: BobSent: …`.
//!
//! One program writes its forwards so, and others where they made text of HTML. Only the header is read.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::line::DASHES;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::between_dashes;
use crate::mail::reply::quoted_header;
use crate::mail::reply::quoted_header::QuotedHeader;

/// Such a line may be folded into so many.
const LINES: usize = 5;
/// Bytes that are looked at, and colons in them.
const LENGTH: usize = 2000;
const COLONS: usize = 60;
/// The longest label, in characters.
const LABEL: usize = 24;
/// So many fields are no sentence with a colon in it.
const FIELDS: usize = 3;

/// A header on one line, and what the line says of it.
#[derive(Debug)]
pub(crate) struct Glued {
    pub(crate) header: QuotedHeader,
    /// Whether the same line says that a mail is passed on.
    pub(crate) is_forward: bool,
}

/// Reads the header that begins and mostly ends on line `at`, behind words between dashes or without.
pub(crate) fn read(lines: &[Line<'_>], at: usize) -> Option<Glued> {
    let bare = lines[at].bare.trim_start_matches(['>', '|', ' ']);
    let few = memchr::memchr_iter(b':', bare.as_bytes()).nth(1).is_none() && !bare.contains('：');
    if few || bare.len() > LENGTH {
        return None;
    }
    let (announced, first) = behind_dashes(bare);
    let is_forward = announced.as_deref().is_some_and(quoted_header::is_forward_phrase);
    if announced.is_some()
        && !is_forward
        && !announced.as_deref().is_some_and(quoted_header::is_original_phrase)
    {
        return None;
    }
    // Most lines begin with no label.
    quoted_header::field(first)?;
    let mut joined = first.to_owned();
    let mut end = at;
    loop {
        let fields = fields(&joined);
        let has = |label| fields.iter().any(|(known, _)| *known == label);
        if has(Label::Subject) && has(Label::From) || fields.len() >= 4 && has(Label::From) {
            let whole = announced.is_some() || fields.len() > FIELDS && joined.contains('@');
            let header = QuotedHeader { start: at, end, fields };
            return (header.fields.len() >= FIELDS && whole).then_some(Glued { header, is_forward });
        }
        end += 1;
        let next = lines.get(end).filter(|line| !line.is_blank() && end - at < LINES)?;
        // A line with one field more is a header whose fields stand on lines of their own.
        if fields.len() < 2 || quoted_header::field(&next.bare).is_some() {
            return None;
        }
        joined.push(' ');
        joined.push_str(&next.bare);
    }
}

/// What stands between the dashes at the start of a line, and what stands behind them.
fn behind_dashes(bare: &str) -> (Option<String>, &str) {
    let dash = |c: char| DASHES.contains(&c);
    let words = bare.trim_start_matches(|c| dash(c) || c == ' ');
    let Some(at) = words.find("--").or_else(|| words.find("==")).filter(|_| words.len() < bare.len()) else {
        return (None, bare);
    };
    let rest = words[at..].trim_start_matches(|c| dash(c) || c == ' ');
    (between_dashes(&bare[..bare.len() - rest.len()]), rest)
}

/// The fields of a line, each label once.
fn fields(text: &str) -> Vec<(Label, String)> {
    let mut found: Vec<(Label, String)> = Vec::new();
    // Where the value of the last label begins.
    let mut value = 0;
    for (colon, mark) in text.match_indices([':', '：']).take(COLONS) {
        let known = |label| found.iter().any(|(other, _)| *other == label);
        let Some((start, label)) = label_before(text, value, colon).filter(|(_, label)| !known(*label))
        else {
            continue;
        };
        // Behind a subject nothing is a field, unless it is one that every header has.
        let dated = known(Label::Date) || known(Label::Sent);
        if found.is_empty() && !text[..start].trim().is_empty() || known(Label::Subject) && dated {
            break;
        }
        if let Some((_, last)) = found.last_mut() {
            *last = tidy(&text[value..start]);
        }
        value = colon + mark.len();
        found.push((label, tidy(&text[value..])));
    }
    found
}

fn tidy(value: &str) -> String {
    value.trim_matches([' ', '\t', '\u{a0}', '*', '|']).to_owned()
}

/// The longest label that ends at a colon, and where it begins.
fn label_before(text: &str, from: usize, colon: usize) -> Option<(usize, Label)> {
    let before = text[from..colon].trim_end_matches([' ', '\u{a0}']);
    let starts = before.char_indices().rev().take(LABEL).map(|(at, _)| at).collect::<Vec<_>>();
    starts.into_iter().rev().find_map(|at| {
        let label = &before[at..];
        let first = label.chars().next()?;
        let glued = before[..at].ends_with(char::is_alphabetic) && !first.is_uppercase();
        if first.is_lowercase() || glued {
            return None;
        }
        quoted_header::label(label).map(|label| (from + at, label))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let lines: Vec<Line> = text.lines().map(Line::new).collect();
        let said = |(label, value): &(Label, String)| format!("{label:?}={value}");
        read(&lines, 0).map(|glued| {
            let fields: Vec<String> = glued.header.fields.iter().map(said).collect();
            format!("{} {} {}", glued.is_forward, glued.header.end, fields.join("|"))
        })
    }

    #[test]
    fn a_header_on_one_line_is_taken_apart() {
        let cases = [
            (
                "----- Forwarded Message -----From: Ann <a@x.test>To: bSent: May 6 at 10:00 UTCSubject: Re: Note To: all",
                Some("true 0 From=Ann <a@x.test>|To=b|Sent=May 6 at 10:00 UTC|Subject=Re: Note To: all"),
            ),
            (
                "-----Original Message----- From: Ann Sent: Monday To: Bob Subject: x",
                Some("false 0 From=Ann|Sent=Monday|To=Bob|Subject=x"),
            ),
            (
                "From: a@x.test Sent: Monday To: b@x.test Subject: x",
                Some("false 0 From=a@x.test|Sent=Monday|To=b@x.test|Subject=x"),
            ),
            ("From: Berlin To: Munich Date: 12 May Subject: trip", None),
            ("From: a@x.test To: b@x.test Subject: x", None),
            ("---- Error ---- From: a To: b Sent: c Subject: d", None),
            ("From: a\nTo: b\nSent: c\nSubject: d", None),
            ("Call me at 10:00 or at 11:00, from: home", None),
        ];
        for (text, want) in cases {
            assert_eq!(shown(text).as_deref(), want, "{text}");
        }
    }
}
