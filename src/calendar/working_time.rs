//! Time as a desk works: hours of the week in a zone, without excluded days.
//!
//! Counts real time on the wall clock's working hours: an hour that a change of the clock repeats counts
//! twice, one that it skips not at all. Knows nothing of tickets.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;

mod hours;

/// How far ahead is looked for the end of a limit: a calendar may have hardly any working time.
const FARTHEST: i64 = 3_653 * Timestamp::DAY;

/// The working hours of a week. By default all day, every day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// From Monday on: spans of microseconds since midnight, in order, apart from each other.
    days: [Vec<(i64, i64)>; 7],
}

/// Why a text names no working hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("working hours need days and times, like `mon-fri 09:00-17:00`")]
    Incomplete,
    #[error("`{0}` is neither a day like `mon` or `mon-fri` nor a time like `09:00-17:00`")]
    Word(String),
    #[error("`{0}` has no length; write 00:00-24:00 for a whole day")]
    NoLength(String),
}

/// Working hours in a zone, less the days that are excluded.
#[derive(Clone, Debug)]
pub struct Calendar {
    hours: WorkingHours,
    zone: TimeZone,
    /// As days since 1970-01-01.
    excluded: BTreeSet<i64>,
}

/// A stretch of time in which the clock is not changed.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: i64,
    to: i64,
    /// What the wall clock shows beyond UTC, in microseconds.
    offset: i64,
}

impl Calendar {
    /// `excluded` are dates as people in `zone` have them.
    pub fn new(hours: WorkingHours, zone: TimeZone, excluded: impl IntoIterator<Item = Date>) -> Self {
        Self { hours, zone, excluded: excluded.into_iter().map(day_number).collect() }
    }

    /// The working time between two moments; nothing if `to` is not later.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Duration {
        let worked: i64 = self.working(from, to).map(|(from, to)| to - from).sum();
        Duration::from_micros(worked.unsigned_abs())
    }

    /// The moment at which the working time since `from` reaches `limit`; none if that takes over ten years.
    pub fn due(&self, from: Timestamp, limit: Duration) -> Option<Timestamp> {
        let mut left = i64::try_from(limit.as_micros()).ok()?;
        if left == 0 {
            return Some(from);
        }
        let end = Timestamp(from.0.saturating_add(FARTHEST));
        self.working(from, end).find_map(|(from, to)| {
            let reached = to - from >= left;
            let at = from + left;
            left -= to - from;
            reached.then_some(Timestamp(at))
        })
    }

    /// `at`, if that is working time, or when work begins next; none if it does not within ten years.
    pub(crate) fn opens(&self, at: Timestamp) -> Option<Timestamp> {
        let end = Timestamp(at.0.saturating_add(FARTHEST));
        self.working(at, end).next().map(|(from, _)| Timestamp(from))
    }

    /// Whose days these are.
    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether a moment falls on an excluded day.
    pub(crate) fn excludes(&self, at: Timestamp) -> bool {
        self.stretches(at, Timestamp(at.0.saturating_add(1)))
            .any(|one| self.excluded.contains(&one.first_day()))
    }

    /// `at`, or the beginning of the next day that is not excluded; none if there is none within ten years.
    pub(crate) fn allowed_from(&self, at: Timestamp) -> Option<Timestamp> {
        let days = self.days(at, Timestamp(at.0.saturating_add(FARTHEST)));
        let mut allowed = days.filter(|(_, day)| !self.excluded.contains(day));
        allowed.next().map(|(stretch, day)| Timestamp(stretch.moment(day, 0).max(stretch.from)))
    }

    /// Spans of working time, in order.
    fn working(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (i64, i64)> {
        let days = self.days(from, to).filter(|(_, day)| !self.excluded.contains(day));
        days.flat_map(|(stretch, day)| {
            // 1970-01-01 was a Thursday.
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
            self.hours.days[weekday].iter().map(move |(start, end)| {
                (stretch.moment(day, *start).max(stretch.from), stretch.moment(day, *end).min(stretch.to))
            })
        })
        .filter(|(from, to)| from < to)
    }

    /// Every day on the wall of every stretch; a day on which the clock changes comes once for each part.
    fn days(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (Stretch, i64)> {
        self.stretches(from, to).flat_map(|stretch| {
            let last = (stretch.to - 1 + stretch.offset).div_euclid(Timestamp::DAY);
            (stretch.first_day()..=last).map(move |day| (stretch, day))
        })
    }

    fn stretches(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Stretch> {
        let to = within_calendar(to.0);
        let mut at = within_calendar(from.0);
        std::iter::from_fn(move || {
            if at >= to {
                return None;
            }
            let moment = jiff::Timestamp::from_microsecond(at).ok()?;
            let change =
                self.zone.following(moment).next().map_or(to, |change| change.timestamp().as_microsecond());
            let offset = i64::from(self.zone.to_offset(moment).seconds()) * Timestamp::SECOND;
            let stretch = Stretch { from: at, to: to.min(change), offset };
            at = stretch.to;
            Some(stretch)
        })
    }
}

impl Stretch {
    fn first_day(self) -> i64 {
        (self.from + self.offset).div_euclid(Timestamp::DAY)
    }

    /// The moment at which the wall clock shows this time of this day.
    fn moment(self, day: i64, time: i64) -> i64 {
        day * Timestamp::DAY + time - self.offset
    }
}

fn day_number(date: Date) -> i64 {
    let midnight = date.at(0, 0, 0, 0);
    let since = TimeZone::UTC.to_timestamp(midnight).map_or(0, jiff::Timestamp::as_second);
    since.div_euclid(86_400)
}

/// Moments that no calendar has are taken as its ends.
fn within_calendar(at: i64) -> i64 {
    at.clamp(jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond())
}

#[cfg(test)]
pub(crate) mod tests;
