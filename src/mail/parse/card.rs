//! Calendars and cards (RFC 5545, RFC 6350) as lines that people can read: who, what, when and where.
//!
//! The file itself stays attached. Computes no dates or zones.

pub(crate) mod known;

use crate::mail::parse::charset;
use crate::mail::parse::transfer;
use crate::mail::parse::transfer::Encoding;

/// So many lines nobody reads in a ticket.
const LINES: usize = 200;
/// The longest value that is shown, in bytes.
const VALUE: usize = 4000;

/// What is shown of an appointment, a task or a card, and what stands before it.
#[rustfmt::skip]
const SHOWN: &[(&str, &str)] = &[
    ("METHOD", "METHOD: "), ("SUMMARY", ""), ("DTSTART", "START: "), ("DTEND", "END: "), ("DUE", "DUE: "),
    ("DURATION", "DURATION: "),
    ("RRULE", "REPEATED: "), ("LOCATION", "LOCATION: "), ("ORGANIZER", "ORGANIZER: "), ("ATTENDEE", "ATTENDEE: "),
    ("STATUS", "STATUS: "), ("COMMENT", ""), ("DESCRIPTION", ""), ("URL", ""),
    ("FN", ""), ("N", ""), ("ORG", ""), ("TITLE", ""), ("TEL", "TEL: "), ("EMAIL", "EMAIL: "), ("ADR", ""), ("NOTE", ""),
    ("MEMBER", ""),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Appointment,
    Card,
}

/// What a file of this type is, or by how it begins where the type does not tell.
pub(crate) fn kind(content_type: &str, data: &[u8]) -> Option<Kind> {
    let begins = |word: &[u8]| {
        let start = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).trim_ascii_start();
        start.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    match content_type {
        "text/calendar" | "application/ics" => Some(Kind::Appointment),
        "text/vcard" | "text/x-vcard" | "text/directory" => Some(Kind::Card),
        _ if begins(b"BEGIN:VCALENDAR") => Some(Kind::Appointment),
        _ if begins(b"BEGIN:VCARD") => Some(Kind::Card),
        _ => None,
    }
}

/// The lines for people, empty if nothing is told.
pub(crate) fn read(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut alarms = 0_usize;
    let mut card = Card::default();
    for line in unfolded(text) {
        let Some((name, parameters, value)) = property(&line) else { continue };
        match (name.as_str(), value.trim().to_ascii_uppercase().as_str()) {
            ("BEGIN", "VALARM" | "VTIMEZONE") => alarms += 1,
            ("END", "VALARM" | "VTIMEZONE") => alarms = alarms.saturating_sub(1),
            ("BEGIN", kind @ ("VEVENT" | "VTODO" | "VCARD")) => {
                if !out.is_empty() {
                    out.push(String::new());
                }
                card = Card { begin: out.len(), is_open: kind == "VCARD", name: None };
            }
            ("N", _) if card.is_open => card.name = shown(&name, parameters, value),
            ("FN", _) if card.is_open => {
                card.is_open = false;
                out.extend(shown(&name, parameters, value));
            }
            ("END", "VCARD") if card.is_open => {
                card.is_open = false;
                out.splice(card.begin..card.begin, card.name.take());
            }
            _ if alarms == 0 && out.len() < LINES => out.extend(shown(&name, parameters, value)),
            _ => {}
        }
    }
    out.join("\n").trim().to_owned()
}

/// A card that did not say its whole name yet.
#[derive(Default)]
struct Card {
    /// Its first line of those that are told.
    begin: usize,
    is_open: bool,
    /// The name in pieces, which the whole name would say again.
    name: Option<String>,
}

/// Lines with what was folded joined to them.
fn unfolded(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        // Older cards break lines as quoted-printable does.
        let goes_on = out.last().is_some_and(|last| last.ends_with('=') && is_printable(last));
        if goes_on && let Some(last) = out.last_mut().filter(|last| last.len() < 4 * VALUE) {
            last.pop();
            last.push_str(line);
            continue;
        }
        match (line.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(more), Some(last)) if last.len() < 4 * VALUE => last.push_str(more),
            (Some(_), _) => {}
            _ => out.push(line.to_owned()),
        }
    }
    out
}

/// Whether the value of a line is quoted-printable.
fn is_printable(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default();
    head.split(';').any(|one| {
        let value = one.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case("ENCODING"));
        value.map_or(one, |(_, value)| value).eq_ignore_ascii_case("QUOTED-PRINTABLE")
    })
}

/// Name, parameters and value of a line; a colon between double quotes belongs to a parameter.
fn property(line: &str) -> Option<(String, &str, &str)> {
    let mut is_quoted = false;
    let colon = line.find(|c: char| {
        is_quoted ^= c == '"';
        c == ':' && !is_quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    // A group of vCards may stand before it.
    let name = name.rsplit('.').next().unwrap_or(name);
    Some((name.to_ascii_uppercase(), parameters, value))
}

fn shown(name: &str, parameters: &str, value: &str) -> Option<String> {
    let (_, label) = SHOWN.iter().find(|(known, _)| *known == name)?;
    let value = &value[..value.floor_char_boundary(VALUE)];
    let decoded = is_printable(&format!("{name};{parameters}")).then(|| {
        let bytes = transfer::decode(value.as_bytes(), Encoding::QuotedPrintable);
        charset::decode(&bytes, parameter(parameters, "CHARSET")).0
    });
    let value = decoded.as_deref().unwrap_or(value);
    let words = match name {
        "DTSTART" | "DTEND" | "DUE" => moment(value, parameter(parameters, "TZID")),
        "ORGANIZER" | "ATTENDEE" | "MEMBER" => person(parameters, value),
        "ORG" | "ADR" | "N" => {
            let pieces = value.split(';').map(unescaped).filter(|piece| !piece.trim().is_empty());
            pieces.collect::<Vec<_>>().join(", ")
        }
        _ => unescaped(value),
    };
    (!words.trim().is_empty()).then(|| format!("{label}{}", words.trim()))
}

fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let all = parameters.split(';').filter_map(|one| one.split_once('='));
    all.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"')).next()
}

/// Name, address and answer.
fn person(parameters: &str, value: &str) -> String {
    let address = value.get(7..).filter(|_| value[..7].eq_ignore_ascii_case("mailto:")).unwrap_or(value);
    let answer =
        parameter(parameters, "PARTSTAT").filter(|answer| !answer.eq_ignore_ascii_case("NEEDS-ACTION"));
    let mut out = match parameter(parameters, "CN") {
        Some(name) if name != address => format!("{name} <{address}>"),
        _ => address.to_owned(),
    };
    if let Some(answer) = answer {
        out = format!("{out}: {answer}");
    }
    out
}

/// `20240506T100000Z` as people write it; anything else as it stands.
fn moment(value: &str, zone: Option<&str>) -> String {
    let value = value.trim();
    let digits =
        |from: usize, to: usize| value.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(4, 6), digits(6, 8)) else {
        return value.to_owned();
    };
    let date = format!("{year}-{month}-{day}");
    let (Some(hour), Some(minute)) = (digits(9, 11), digits(11, 13)) else { return date };
    let zone = if value.ends_with('Z') { Some("UTC") } else { zone };
    zone.map_or(format!("{date} {hour}:{minute}"), |zone| format!("{date} {hour}:{minute} {zone}"))
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut is_escaped = false;
    for c in value.chars() {
        match c {
            'n' | 'N' if is_escaped => out.push('\n'),
            '\\' if !is_escaped => {
                is_escaped = true;
                continue;
            }
            c => out.push(c),
        }
        is_escaped = false;
    }
    out
}
