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

pub(super) fn span(period: Period, zone: &TimeZone) -> Span {
    let after = period.to.tomorrow().unwrap_or(Date::MAX);
    Span { from: begins(period.from, zone), until: begins(after, zone) }
}

/// The days of a period, each with its span. A day that a zone left out is none.
pub(super) fn days(period: Period, zone: &TimeZone) -> Vec<(Date, Span)> {
    let mut days = Vec::new();
    let mut date = period.from;
    while date <= period.to {
        let Ok(next) = date.tomorrow() else { break };
        let span = Span { from: begins(date, zone), until: begins(next, zone) };
        if span.from < span.until {
            days.push((date, span));
        }
        date = next;
    }
    days
}

fn begins(date: Date, zone: &TimeZone) -> Timestamp {
    let begins = date.to_zoned(zone.clone()).map_or(i64::MAX, |at| at.timestamp().as_microsecond());
    Timestamp(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_a_year_follow_each_other_also_where_the_clock_is_changed() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let period = Period { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
        let found = days(period, &zone);
        let of =
            |hours| found.iter().filter(move |(_, day)| day.until.0 - day.from.0 == hours * Timestamp::HOUR);
        assert_eq!([23, 24, 25].map(|hours| of(hours).count()), [1, 363, 1]);
        assert!(found.windows(2).all(|two| two[0].1.until == two[1].1.from));
        let all = span(period, &zone);
        assert_eq!((found[0].1.from, found[364].1.until), (all.from, all.until));
    }

    #[test]
    fn a_day_that_a_zone_left_out_is_none() {
        let zone = TimeZone::get("Pacific/Apia").unwrap();
        let period = Period { from: "2011-12-29".parse().unwrap(), to: "2011-12-31".parse().unwrap() };
        let found: Vec<_> = days(period, &zone).iter().map(|(date, _)| date.to_string()).collect();
        assert_eq!(found, ["2011-12-29", "2011-12-31"]);
    }
}
