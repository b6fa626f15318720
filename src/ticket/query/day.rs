//! Days as people name them in a query: `2026-03-01`, `today`, `yesterday`, `12h`, `7d`, `2w`.
//!
//! A day becomes a moment only when somebody asks, in the desk's time zone.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;

/// A day, or a moment so long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Date(Date),
    Today,
    Yesterday,
    Ago(u16, Unit),
}

/// What is counted back from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Hours,
    Days,
    Weeks,
}

impl Day {
    /// Reads a day; nothing if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "today" => return Some(Self::Today),
            "yesterday" => return Some(Self::Yesterday),
            _ => {}
        }
        let is_date = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(n, c)| if n == 4 || n == 7 { c == b'-' } else { c.is_ascii_digit() });
        if is_date {
            return text.parse().ok().map(Self::Date);
        }
        let unit = match text.chars().last()? {
            'h' => Unit::Hours,
            'd' => Unit::Days,
            'w' => Unit::Weeks,
            _ => return None,
        };
        let number = &text[..text.len() - 1];
        let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| number.parse().ok()).flatten().map(|number| Self::Ago(number, unit))
    }

    /// When it begins, in the desk's time zone; the moment itself for one that is so long ago.
    pub fn begins(self, zone: &TimeZone, now: Timestamp) -> Timestamp {
        match self {
            Self::Date(date) => start(date, zone),
            Self::Today => start(today(zone, now), zone),
            Self::Yesterday => start(today(zone, now).yesterday().unwrap_or(Date::MIN), zone),
            Self::Ago(number, unit) => Timestamp(now.0.saturating_sub(i64::from(number) * unit.micros())),
        }
    }
}

impl Unit {
    fn micros(self) -> i64 {
        match self {
            Self::Hours => Timestamp::HOUR,
            Self::Days => Timestamp::DAY,
            Self::Weeks => 7 * Timestamp::DAY,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::Ago(number, Unit::Hours) => write!(f, "{number}h"),
            Self::Ago(number, Unit::Days) => write!(f, "{number}d"),
            Self::Ago(number, Unit::Weeks) => write!(f, "{number}w"),
        }
    }
}

fn today(zone: &TimeZone, now: Timestamp) -> Date {
    let moment = jiff::Timestamp::from_microsecond(now.0).unwrap_or_default();
    moment.to_zoned(zone.clone()).date()
}

/// The first moment of a day; at the end of time none is later.
fn start(date: Date, zone: &TimeZone) -> Timestamp {
    let first = date.to_zoned(zone.clone());
    first.map_or(Timestamp(i64::MAX), |first| Timestamp(first.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-02 20:00 UTC, which is 01:30 of the third in Kolkata.
    const NOW: Timestamp = Timestamp(1_772_481_600 * Timestamp::SECOND);

    fn begins(text: &str, zone: &str) -> String {
        let day = Day::parse(text).unwrap_or_else(|| panic!("{text} is a day"));
        day.begins(&TimeZone::get(zone).unwrap(), NOW).to_string()
    }

    #[test]
    fn a_day_begins_where_the_desk_is() {
        assert_eq!(begins("today", "UTC"), "2026-03-02T00:00:00Z");
        assert_eq!(begins("today", "Asia/Kolkata"), "2026-03-02T18:30:00Z");
        assert_eq!(begins("Yesterday", "Asia/Kolkata"), "2026-03-01T18:30:00Z");
        assert_eq!(begins("2026-03-01", "Europe/Berlin"), "2026-02-28T23:00:00Z");
        // Midnight was left out there on that day: the clocks went forward.
        assert_eq!(begins("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00Z");
        assert_eq!(begins("7d", "Asia/Kolkata"), "2026-02-23T20:00:00Z");
        assert_eq!(begins("2w", "UTC"), "2026-02-16T20:00:00Z");
        assert_eq!(begins("12h", "UTC"), "2026-03-02T08:00:00Z");
        for last in ["9999-12-31", "0000-01-01", "9999w"] {
            for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
                begins(last, zone);
            }
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "d",
            "7",
            "-7d",
            "7m",
            "2026-02-30",
            "2026-3-1",
            "26-03-01",
            "2026/03/01",
            "99999d",
            "7D ",
            "tomorrow",
            "٣d",
            "7ü",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
