//! Working hours as an operator writes them: `mon-thu 09:00-12:30 13:30-18:00, fri 9-15`.
//!
//! English names of days only; the zone belongs to the calendar.

use std::str::FromStr;

use crate::calendar::working_time::HoursError;
use crate::calendar::working_time::WorkingHours;
use crate::clock::Timestamp;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// One word of the text.
enum Word {
    Days(Vec<usize>),
    /// From and to; the end may be on the next day.
    Times(i64, i64),
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { days: std::array::from_fn(|_| vec![(0, Timestamp::DAY)]) }
    }
}

impl FromStr for WorkingHours {
    type Err = HoursError;

    /// Reads groups of days and the times that hold for each of them, or `always`. A span that ends before
    /// it begins goes over midnight, and its second part belongs to the next day.
    fn from_str(text: &str) -> Result<Self, HoursError> {
        if text.trim().eq_ignore_ascii_case("always") {
            return Ok(Self::default());
        }
        let mut hours = Self { days: std::array::from_fn(|_| Vec::new()) };
        let (mut days, mut times) = (Vec::new(), 0);
        for word in words(text) {
            match read(&word)? {
                // Days after times begin a new group.
                Word::Days(more) if times > 0 => (days, times) = (more, 0),
                Word::Days(more) => days.extend(more),
                Word::Times(from, to) => {
                    times += 1;
                    if days.is_empty() {
                        return Err(HoursError::Incomplete);
                    }
                    for day in &days {
                        hours.add(*day, from, to);
                    }
                }
            }
        }
        hours.days.iter_mut().for_each(merge);
        if times == 0 { Err(HoursError::Incomplete) } else { Ok(hours) }
    }
}

impl WorkingHours {
    fn add(&mut self, day: usize, from: i64, to: i64) {
        if from < to {
            self.days[day].push((from, to));
        } else {
            self.days[day].push((from, Timestamp::DAY));
            self.days[(day + 1) % 7].push((0, to));
        }
    }
}

/// Words apart by commas, semicolons or space; space around a hyphen means nothing.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['–', '—'], "-");
    let parts: Vec<&str> = text.split('-').map(str::trim).collect();
    let joined = parts.join("-");
    joined.split([',', ';', ' ', '\t', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn read(word: &str) -> Result<Word, HoursError> {
    let unknown = || HoursError::Word(word.chars().take(30).collect());
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let (from, to) = word.split_once('-').ok_or_else(unknown)?;
        let (from, to) = (time(from).ok_or_else(unknown)?, time(to).ok_or_else(unknown)?);
        return match (from, to) {
            (from, to) if from == to => Err(HoursError::NoLength(word.to_owned())),
            (Timestamp::DAY, _) => Err(unknown()),
            (from, to) => Ok(Word::Times(from, to)),
        };
    }
    if word == "daily" {
        return Ok(Word::Days((0..7).collect()));
    }
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last) = (day(first).ok_or_else(unknown)?, day(last).ok_or_else(unknown)?);
    // `fri-mon` goes over the week's end.
    let length = (last + 7 - first) % 7;
    Ok(Word::Days((first..=first + length).map(|day| day % 7).collect()))
}

/// A name of at least three letters.
fn day(word: &str) -> Option<usize> {
    if word.len() < 3 { None } else { DAYS.iter().position(|day| day.starts_with(word)) }
}

/// `9`, `9:30`, `09:30`, up to `24:00`, in microseconds since midnight.
fn time(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let time = hour * Timestamp::HOUR + minute * Timestamp::MINUTE;
    (minute < 60 && time <= Timestamp::DAY).then_some(time)
}

/// In order, and spans that touch or overlap as one.
fn merge(spans: &mut Vec<(i64, i64)>) {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (from, to) in spans.drain(..) {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    *spans = merged;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> WorkingHours {
        text.parse().unwrap()
    }

    /// Minutes of each day, from Monday on.
    fn minutes(text: &str) -> [i64; 7] {
        hours(text).days.map(|day| day.iter().map(|(from, to)| (to - from) / Timestamp::MINUTE).sum())
    }

    #[test]
    fn hours_are_read_as_operators_write_them() {
        for (text, expected) in [
            ("mon-fri 09:00-17:00", [480, 480, 480, 480, 480, 0, 0]),
            ("Monday-Friday 9-17", [480, 480, 480, 480, 480, 0, 0]),
            ("mon-thu 9:00-12:00 13:00-17:00, fri 9:00-12:00", [420, 420, 420, 420, 180, 0, 0]),
            ("mon, wed; sun 10:00 – 11:30", [90, 0, 90, 0, 0, 0, 90]),
            ("fri-mon 00:00-24:00", [1440, 0, 0, 0, 1440, 1440, 1440]),
            ("daily 08:00-20:00", [720; 7]),
            ("always", [1440; 7]),
            ("fri 22:00-06:00", [0, 0, 0, 0, 120, 360, 0]),
            ("sun 20:00-24:00 20:00-00:00", [0, 0, 0, 0, 0, 0, 240]),
            ("mon 9-12 11-13 13-14 8:30-9", [330, 0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
        assert_eq!(hours("daily 0-24"), WorkingHours::default());
    }

    #[test]
    fn what_is_no_hours_is_refused_in_a_sentence() {
        for (text, sentence) in [
            ("", "working hours need days and times, like `mon-fri 09:00-17:00`"),
            ("mon-fri", "working hours need days and times, like `mon-fri 09:00-17:00`"),
            ("09:00-17:00", "working hours need days and times, like `mon-fri 09:00-17:00`"),
            ("mon 9-17, tue", "working hours need days and times, like `mon-fri 09:00-17:00`"),
            ("mon 09:00-09:00", "`09:00-09:00` has no length; write 00:00-24:00 for a whole day"),
            ("mo 9-17", "`mo` is neither a day like `mon` or `mon-fri` nor a time like `09:00-17:00`"),
        ] {
            assert_eq!(text.parse::<WorkingHours>().unwrap_err().to_string(), sentence, "{text}");
        }
        for text in [
            "mon 25:00-26:00",
            "mon 9:60-10",
            "mon 24:00-06:00",
            "mon 9:5-10",
            "mon 9",
            "mon -9",
            "mon 9-",
            "mon-xyz 9-17",
            "mondays 9-17",
            "mon 9-17-18",
            "mon 009-17",
            "é 9-17",
            "mon 24:01-24:02",
        ] {
            assert!(matches!(text.parse::<WorkingHours>(), Err(HoursError::Word(_))), "{text}");
        }
    }
}
