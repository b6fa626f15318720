//! Calendars and cards (RFC 5545, RFC 6350) as lines that people can read: who, what, when and where.
//!
//! Only for a mail that says nothing else; the file itself stays attached. Computes no dates or zones.

/// So many lines nobody reads in a ticket.
const LINES: usize = 200;
/// The longest value that is shown, in bytes.
const VALUE: usize = 4000;

/// What is shown of an appointment, a task or a card, and what stands before it.
#[rustfmt::skip]
const SHOWN: &[(&str, &str)] = &[
    ("METHOD", "METHOD: "), ("SUMMARY", ""), ("DTSTART", "START: "), ("DTEND", "END: "), ("DUE", "DUE: "),
    ("RRULE", "REPEATED: "), ("LOCATION", "LOCATION: "), ("ORGANIZER", "ORGANIZER: "), ("ATTENDEE", "ATTENDEE: "),
    ("STATUS", "STATUS: "), ("COMMENT", ""), ("DESCRIPTION", ""), ("URL", ""),
    ("FN", ""), ("ORG", ""), ("TITLE", ""), ("TEL", "TEL: "), ("EMAIL", "EMAIL: "), ("ADR", ""), ("NOTE", ""),
];

/// Whether a type is one of these.
pub(crate) fn is_card(kind: &str) -> bool {
    matches!(kind, "text/calendar" | "application/ics" | "text/vcard" | "text/x-vcard" | "text/directory")
}

/// The lines for people, empty if nothing is told.
pub(crate) fn read(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut alarms = 0_usize;
    for line in unfolded(text) {
        let Some((name, parameters, value)) = property(&line) else { continue };
        match (name.as_str(), value.trim().to_ascii_uppercase().as_str()) {
            ("BEGIN", "VALARM" | "VTIMEZONE") => alarms += 1,
            ("END", "VALARM" | "VTIMEZONE") => alarms = alarms.saturating_sub(1),
            ("BEGIN", "VEVENT" | "VTODO" | "VCARD") if !out.is_empty() => out.push(String::new()),
            _ if alarms == 0 && out.len() < LINES => out.extend(shown(&name, parameters, value)),
            _ => {}
        }
    }
    out.join("\n").trim().to_owned()
}

/// Lines with what was folded joined to them.
fn unfolded(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(more), Some(last)) if last.len() < 4 * VALUE => last.push_str(more),
            (Some(_), _) => {}
            _ => out.push(line.to_owned()),
        }
    }
    out
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
    let words = match name {
        "DTSTART" | "DTEND" | "DUE" => moment(value, parameter(parameters, "TZID")),
        "ORGANIZER" | "ATTENDEE" => person(parameters, value),
        "ORG" | "ADR" => {
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
