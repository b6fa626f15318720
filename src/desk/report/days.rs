//! The days of a report as spans of time: a day on which the clock is changed is longer or shorter than others.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::store::measures::report::Span;

/// The days of a report, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

/// Days of one length, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) span: Span,
    /// Of each day, in microseconds.
    pub(super) length: i64,
    pub(super) days: Vec<Date>,
}

pub(super) fn span(period: Period, zone: &TimeZone) -> Span {
    let after = period.to.tomorrow().unwrap_or(Date::MAX);
    Span { from: begins(period.from, zone), until: begins(after, zone) }
}

/// The days of a period, as few stretches as there are changes of the clock.
pub(super) fn stretches(period: Period, zone: &TimeZone) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut date = period.from;
    while date <= period.to {
        let Ok(next) = date.tomorrow() else { break };
        let (from, until) = (begins(date, zone), begins(next, zone));
        let length = until.0 - from.0;
        match stretches.last_mut() {
            Some(last) if last.length == length => {
                last.span.until = until;
                last.days.push(date);
            }
            // A day that a zone left out has no length.
            _ if length > 0 => {
                stretches.push(Stretch { span: Span { from, until }, length, days: vec![date] });
            }
            _ => {}
        }
        date = next;
    }
    stretches
}

fn begins(date: Date, zone: &TimeZone) -> Timestamp {
    let begins = date.to_zoned(zone.clone()).map_or(i64::MAX, |at| at.timestamp().as_microsecond());
    Timestamp(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_five_stretches_where_the_clock_is_changed_twice() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let period = Period { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
        let found = stretches(period, &zone);
        let hours: Vec<_> = found.iter().map(|one| (one.length / Timestamp::HOUR, one.days.len())).collect();
        assert_eq!(hours, [(24, 87), (23, 1), (24, 209), (25, 1), (24, 67)]);
        assert!(found.windows(2).all(|two| two[0].span.until == two[1].span.from));
        let all = span(period, &zone);
        assert_eq!((found[0].span.from, found[4].span.until), (all.from, all.until));
    }
}
