//! Until when a ticket is put on hold, as people say it: `2026-12-24`, `3d`, `tomorrow`, `mon 9:00`, `2 workdays`.
//!
//! What was said becomes a moment only by a calendar: days are those of the queue's zone, and a day without a time
//! is the moment at which work begins on it.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::Time;
use jiff::civil::Weekday;

use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;

/// A hold that is longer than this is a slip of the pen.
const FARTHEST: i64 = 3_653 * Timestamp::DAY;

/// A moment to come, as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    when: When,
    /// None: when work begins.
    at: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// With its zone: the same in every queue.
    Moment(Timestamp),
    Date(Date),
    Today,
    Tomorrow,
    /// The next day of this name.
    Weekday(Weekday),
    Hours(i32),
    /// So many days from now, at the same time.
    Days(i32),
    /// The day of so many days on which work is done, not counting today.
    Workdays(u16),
}

/// Why nothing can wait until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UntilError {
    #[error("a time is written as 2026-12-24, 2026-12-24 14:00, 3d, tomorrow, mon 9:00 or 2 workdays")]
    Unreadable,
    #[error("that is over already")]
    Over,
    #[error("that is more than ten years from now")]
    TooFar,
}

impl Until {
    /// Reads what somebody wrote.
    pub fn parse(text: &str) -> Result<Self, UntilError> {
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Self { when: When::Moment(Timestamp(at.as_microsecond())), at: None });
        }
        let text = text.to_ascii_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let read = match words[..] {
            [number, "workday" | "workdays"] => count(number).map(|days| (When::Workdays(days), None)),
            [day] => match day.split_once('t').filter(|(date, _)| date.len() == 10) {
                Some((day, at)) => named(day).zip(time(at)).map(|(day, at)| (day, Some(at))),
                None => named(day).or_else(|| counted(day)).map(|day| (day, None)),
            },
            [day, at] => named(day).zip(time(at)).map(|(day, at)| (day, Some(at))),
            _ => None,
        };
        read.map(|(when, at)| Self { when, at }).ok_or(UntilError::Unreadable)
    }

    /// The moment that is meant.
    pub fn moment(self, calendar: &Calendar, now: Timestamp) -> Result<Timestamp, UntilError> {
        let at = self.found(calendar, now).ok_or(UntilError::TooFar)?;
        if at <= now {
            return Err(UntilError::Over);
        }
        if at.0.saturating_sub(now.0) > FARTHEST { Err(UntilError::TooFar) } else { Ok(at) }
    }

    fn found(self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let here = jiff::Timestamp::from_microsecond(now.0).ok()?.to_zoned(calendar.zone().clone());
        let today = here.date();
        let on = |day: Date| self.on(calendar, day);
        match self.when {
            When::Moment(at) => Some(at),
            When::Date(date) => on(date),
            When::Today => on(today),
            When::Tomorrow => on(today.tomorrow().ok()?),
            When::Weekday(weekday) if today.weekday() == weekday => {
                on(today).filter(|at| *at > now).or_else(|| on(today.checked_add(7.days()).ok()?))
            }
            When::Weekday(weekday) => on(today.nth_weekday(1, weekday).ok()?),
            When::Hours(hours) => here.checked_add(hours.hours()).ok().as_ref().map(stamp),
            When::Days(days) => here.checked_add(days.days()).ok().as_ref().map(stamp),
            When::Workdays(days) => {
                let mut at = calendar.opens(start(calendar, today.tomorrow().ok()?)?)?;
                for _ in 1..days {
                    let day = jiff::Timestamp::from_microsecond(at.0).ok()?.to_zoned(calendar.zone().clone());
                    at = calendar.opens(start(calendar, day.date().tomorrow().ok()?)?)?;
                }
                Some(at)
            }
        }
    }

    /// The moment of a day: its time, or when work begins on it; on a day without work, when it begins afterwards.
    fn on(self, calendar: &Calendar, day: Date) -> Option<Timestamp> {
        if let Some(at) = self.at {
            return day.to_datetime(at).to_zoned(calendar.zone().clone()).ok().as_ref().map(stamp);
        }
        let start = start(calendar, day)?;
        Some(calendar.opens(start).unwrap_or(start))
    }
}

fn start(calendar: &Calendar, day: Date) -> Option<Timestamp> {
    day.to_zoned(calendar.zone().clone()).ok().as_ref().map(stamp)
}

fn stamp(at: &jiff::Zoned) -> Timestamp {
    Timestamp(at.timestamp().as_microsecond())
}

fn named(word: &str) -> Option<When> {
    Some(match word {
        "today" => When::Today,
        "tomorrow" => When::Tomorrow,
        "workday" => When::Workdays(1),
        "mon" | "monday" => When::Weekday(Weekday::Monday),
        "tue" | "tuesday" => When::Weekday(Weekday::Tuesday),
        "wed" | "wednesday" => When::Weekday(Weekday::Wednesday),
        "thu" | "thursday" => When::Weekday(Weekday::Thursday),
        "fri" | "friday" => When::Weekday(Weekday::Friday),
        "sat" | "saturday" => When::Weekday(Weekday::Saturday),
        "sun" | "sunday" => When::Weekday(Weekday::Sunday),
        date => {
            let parts: Vec<&str> = date.split('-').collect();
            let digits = parts.iter().all(|part| part.bytes().all(|c| c.is_ascii_digit()));
            let [4, 2, 2] = parts.iter().map(|part| part.len()).collect::<Vec<_>>()[..] else { return None };
            When::Date(digits.then(|| date.parse().ok()).flatten()?)
        }
    })
}

fn counted(word: &str) -> Option<When> {
    let unit = word.chars().last()?;
    let number = count(word.strip_suffix(unit)?)?;
    match unit {
        'h' => Some(When::Hours(number.into())),
        'd' => Some(When::Days(number.into())),
        'w' => Some(When::Days(i32::from(number) * 7)),
        _ => None,
    }
}

fn count(word: &str) -> Option<u16> {
    let is_number = (1..=4).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_digit());
    if is_number { word.parse().ok().filter(|number| *number > 0) } else { None }
}

/// `9:00`, `09:00` or `17:30`.
fn time(word: &str) -> Option<Time> {
    let (hour, minute) = word.split_once(':')?;
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
    if !digits(hour, 2) || !digits(minute, 2) || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// Thursday 2026-12-24, 10:30 in Berlin.
    const NOW: &str = "2026-12-24T09:30:00Z";

    fn until(text: &str, hours: &str, zone: &str, excluded: &[&str]) -> Result<String, UntilError> {
        let excluded = excluded.iter().map(|date| date.parse::<Date>().unwrap());
        let calendar = Calendar::new(hours.parse().unwrap(), TimeZone::get(zone).unwrap(), excluded);
        let now = Timestamp(NOW.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        Until::parse(text)?.moment(&calendar, now).map(|at| at.to_string())
    }

    #[test]
    fn a_time_is_that_of_the_queues_zone_and_a_day_begins_with_its_work() {
        for (text, expected) in [
            ("2026-12-28", "2026-12-28T08:00:00Z"),
            ("2026-12-28 14:05", "2026-12-28T13:05:00Z"),
            ("2026-12-28T14:05", "2026-12-28T13:05:00Z"),
            ("3d", "2026-12-27T09:30:00Z"),
            ("2W", "2027-01-07T09:30:00Z"),
            ("4h", "2026-12-24T13:30:00Z"),
            ("today 17:00", "2026-12-24T16:00:00Z"),
            ("tomorrow 9:00", "2026-12-25T08:00:00Z"),
            ("tomorrow", "2026-12-28T08:00:00Z"),
            ("Mon 9:00", "2026-12-28T08:00:00Z"),
            ("monday", "2026-12-28T08:00:00Z"),
            ("thu 10:31", "2026-12-24T09:31:00Z"),
            ("thu 10:30", "2026-12-31T09:30:00Z"),
            ("thursday", "2026-12-31T08:00:00Z"),
            ("workday", "2026-12-28T08:00:00Z"),
            ("3 workdays", "2026-12-30T08:00:00Z"),
        ] {
            let found = until(text, "mon-fri 09:00-17:00", "Europe/Berlin", &["2026-12-25"]);
            assert_eq!(found.as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(until("tomorrow", "always", "Asia/Kolkata", &[]).as_deref(), Ok("2026-12-24T18:30:00Z"));
    }

    #[test]
    fn a_day_is_as_long_as_the_clock_makes_it() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let calendar = Calendar::new("always".parse().unwrap(), berlin, []);
        let noon = Timestamp("2026-03-28T11:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let at = Until::parse("1d").unwrap().moment(&calendar, noon).unwrap();
        assert_eq!(at.to_string(), "2026-03-29T10:00:00Z", "noon again");
    }

    #[test]
    fn what_is_over_or_no_time_is_refused() {
        for text in ["2026-12-24 10:30", "2026-12-24 10:00", "2020-01-01", "today 9:00"] {
            assert_eq!(until(text, "always", "Europe/Berlin", &[]), Err(UntilError::Over), "{text}");
        }
        for text in ["9999w", "9999-12-31", "2037-01-01"] {
            assert_eq!(until(text, "always", "UTC", &[]), Err(UntilError::TooFar), "{text}");
        }
        for text in [
            "",
            "soon",
            "d",
            "0d",
            "-3d",
            "99999d",
            "3 d",
            "mon 25:00",
            "mon 9",
            "mon 9:0",
            "2026-2-3",
            "2026-02-30",
            "26-02-03",
            "mon tue",
            "3d 9:00",
            "٣d",
            "7ü",
            "0 workdays",
            "2026-12-28t",
            "mon 9:00 sharp",
        ] {
            assert_eq!(Until::parse(text), Err(UntilError::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_calendar_without_work_still_has_days() {
        let days = "2026-12-01".parse::<Date>().unwrap().series(1.day()).take(4_100);
        let never = Calendar::new("always".parse().unwrap(), TimeZone::UTC, days);
        let now = Timestamp(NOW.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let at = Until::parse("2026-12-28").unwrap().moment(&never, now);
        assert_eq!(at.unwrap().to_string(), "2026-12-28T00:00:00Z");
        assert_eq!(Until::parse("workday").unwrap().moment(&never, now), Err(UntilError::TooFar));
    }
}
