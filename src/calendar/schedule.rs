//! When something runs again and again: crontab(5) text, read on the wall clock of a zone.
//!
//! Runs nothing. The `cron` crate counts the dates; its own text differs from crontab's (six fields, Sunday
//! is 1, both day fields must match) and it knows no change of the clock, so both are translated here.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::Datelike;
use chrono::NaiveDate;
use chrono::Timelike;
use chrono::Utc;
use jiff::civil;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;

/// Wall times that are looked at for one answer. A clock that is set back a whole day repeats 1440 minutes.
const MOST_STEPS: usize = 5_000;

/// A crontab(5) schedule: minute, hour, day of month, month, day of week.
///
/// A time that a change of the clock skips comes as much later as the clock jumps; a time that it repeats
/// comes once, at its first pass.
#[derive(Clone, Debug)]
pub struct Schedule {
    text: String,
    /// One, or two of which either may match: crontab's rule when both day fields are restricted.
    rules: Vec<cron::Schedule>,
}

/// Why a text is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("a schedule has five fields (minute, hour, day of month, month, day of week), not {0}")]
    Count(usize),
    #[error("`{item}` is no {field} ({range})")]
    Item { field: &'static str, item: String, range: &'static str },
    #[error(
        "`{0}` is no schedule; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually"
    )]
    Macro(String),
    #[error("this schedule never comes: no such day is in these months")]
    Never,
}

/// One of the five fields.
struct Field {
    name: &'static str,
    range: &'static str,
    first: u32,
    last: u32,
    /// Three-letter names of the values, from `first` on.
    names: &'static [&'static str],
}

/// What a field allows.
struct Values {
    allowed: BTreeSet<u32>,
    /// Whether the text starts with `*`; then the field does not count as restricted, even with a step.
    open: bool,
}

const MINUTE: Field = Field { name: "minute", range: "0-59", first: 0, last: 59, names: &[] };
const HOUR: Field = Field { name: "hour", range: "0-23", first: 0, last: 23, names: &[] };
const DAY: Field = Field { name: "day of month", range: "1-31", first: 1, last: 31, names: &[] };
const MONTH: Field = Field {
    name: "month",
    range: "1-12 or jan-dec",
    first: 1,
    last: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/// Sunday is 0, and 7 as well.
const WEEKDAY: Field = Field {
    name: "day of week",
    range: "0-7 or sun-sat",
    first: 0,
    last: 7,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"],
};

impl Schedule {
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let fields = match fields.as_slice() {
            [one] if one.starts_with('@') => spelled_out(one)?,
            [minute, hour, day, month, weekday] => [*minute, *hour, *day, *month, *weekday],
            other => return Err(ScheduleError::Count(other.len())),
        };
        let [minute, hour, day, month, weekday] = fields;
        let minute = MINUTE.read(minute)?;
        let hour = HOUR.read(hour)?;
        let day = DAY.read(day)?;
        let month = MONTH.read(month)?;
        let weekday = WEEKDAY.read(weekday)?;
        let [minute, hour, month] = [minute, hour, month].map(|values| list(&values.allowed));
        let rule = |day, weekday| rule([&minute, &hour, day, &month, weekday]);
        let (days, weekdays) = (list(&day.allowed), weekday.weekdays());
        let mut rules = if day.open || weekday.open {
            vec![rule(&days, &weekdays)]
        } else {
            vec![rule(&days, "*"), rule("*", &weekdays)]
        };
        rules.retain(|rule| rule.after(&chrono::DateTime::UNIX_EPOCH).next().is_some());
        if rules.is_empty() { Err(ScheduleError::Never) } else { Ok(Self { text: fields.join(" "), rules }) }
    }

    /// The first moment after `after`; none beyond the year 2100.
    pub fn next(&self, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
        self.rules.iter().filter_map(|rule| next(rule, zone, after)).min()
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn rule(fields: [&str; 5]) -> cron::Schedule {
    let text = format!("0 {}", fields.join(" "));
    cron::Schedule::from_str(&text).expect("lists of numbers in range are a schedule")
}

fn next(rule: &cron::Schedule, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let after = jiff::Timestamp::from_microsecond(after.0).ok()?;
    let mut best: Option<jiff::Timestamp> = None;
    for wall in rule.after(&as_utc(start(zone, after)?)?).take(MOST_STEPS) {
        let wall = as_civil(&wall)?;
        // Skipped times come later than their place in the order, so the first hit need not be the earliest.
        if best.is_some_and(|best| wall >= zone.to_datetime(best)) {
            break;
        }
        let at = zone.to_ambiguous_timestamp(wall).compatible().ok()?;
        if at > after {
            best = Some(best.map_or(at, |best| best.min(at)));
        }
    }
    best.map(|at| Timestamp(at.as_microsecond()))
}

/// The wall time from which to look: after a jump of the clock, the skipped times are still to come.
fn start(zone: &TimeZone, after: jiff::Timestamp) -> Option<civil::DateTime> {
    // No clock ever jumped by more than a day.
    let before = after.checked_sub(jiff::SignedDuration::from_hours(26)).ok()?;
    Some(zone.to_datetime(after).min(zone.to_offset(before).to_datetime(after)))
}

/// A wall time dressed as UTC, on which the crate can count without meeting a change of the clock.
fn as_utc(wall: civil::DateTime) -> Option<chrono::DateTime<Utc>> {
    let number = |value: i8| u32::try_from(value).ok();
    let date = NaiveDate::from_ymd_opt(wall.year().into(), number(wall.month())?, number(wall.day())?)?;
    Some(date.and_hms_opt(number(wall.hour())?, number(wall.minute())?, number(wall.second())?)?.and_utc())
}

fn as_civil(wall: &chrono::DateTime<Utc>) -> Option<civil::DateTime> {
    let number = |value: u32| i8::try_from(value).ok();
    let date = civil::Date::new(i16::try_from(wall.year()).ok()?, number(wall.month())?, number(wall.day())?)
        .ok()?;
    Some(date.at(number(wall.hour())?, number(wall.minute())?, 0, 0))
}

fn spelled_out(word: &str) -> Result<[&'static str; 5], ScheduleError> {
    match word.to_ascii_lowercase().as_str() {
        "@hourly" => Ok(["0", "*", "*", "*", "*"]),
        "@daily" | "@midnight" => Ok(["0", "0", "*", "*", "*"]),
        "@weekly" => Ok(["0", "0", "*", "*", "0"]),
        "@monthly" => Ok(["0", "0", "1", "*", "*"]),
        "@yearly" | "@annually" => Ok(["0", "0", "1", "1", "*"]),
        _ => Err(ScheduleError::Macro(short(word))),
    }
}

impl Field {
    fn read(&self, text: &str) -> Result<Values, ScheduleError> {
        let mut allowed = BTreeSet::new();
        for item in text.split(',') {
            let values = self.item(item).ok_or_else(|| self.refuse(item))?;
            allowed.extend(values);
        }
        Ok(Values { allowed, open: text.starts_with('*') })
    }

    /// `*`, `n`, `a-b`, and the latter two of the ranges with `/step`.
    fn item(&self, item: &str) -> Option<Vec<u32>> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0)?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last),
            Some((from, to)) => (self.value(from)?, self.end(self.value(from)?, to)?),
            // A step needs a range: the systems that take `5/10` do not agree on what it is.
            None if step.is_some() => return None,
            None => (self.value(range)?, self.value(range)?),
        };
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        (from <= to).then(|| (from..=to).step_by(step).collect())
    }

    fn value(&self, text: &str) -> Option<u32> {
        let name = self.names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let value = match name {
            Some(at) => self.first + u32::try_from(at).ok()?,
            None => number(text)?,
        };
        (self.first..=self.last).contains(&value).then_some(value)
    }

    /// The end of a range: `fri-sun` ends on the Sunday after Friday, not on the one before.
    fn end(&self, from: u32, text: &str) -> Option<u32> {
        let to = self.value(text)?;
        Some(if self.last == WEEKDAY.last && to == 0 && from > 0 { 7 } else { to })
    }

    fn refuse(&self, item: &str) -> ScheduleError {
        ScheduleError::Item { field: self.name, item: short(item), range: self.range }
    }
}

impl Values {
    /// In the crate's counting, from Sunday = 1.
    fn weekdays(&self) -> String {
        list(&self.allowed.iter().map(|day| day % 7 + 1).collect())
    }
}

/// Digits only: no sign, no more than fit.
fn number(text: &str) -> Option<u32> {
    if (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

fn list(values: &BTreeSet<u32>) -> String {
    values.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// As much of a text as fits into a sentence.
fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

#[cfg(test)]
mod tests;
