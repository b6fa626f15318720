//! The classic system's rule with its mistakes, to show that the stories of the defects would tell them apart.
//!
//! It counts whole days in UTC: it takes as many days from today as the limit has days that are not excluded, and
//! raises every ticket of that day or before.

use std::collections::HashSet;

use helpdeskd::clock::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;

/// A ticket, as far as the rule looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub customer: &'static str,
    pub since: Timestamp,
    pub priority: i64,
}

/// One desk: a limit in days, and the excluded days of all queues in one heap.
#[derive(Debug, Default)]
pub struct Naive {
    pub limit: i64,
    pub excluded: HashSet<Date>,
    pub tickets: Vec<Waiting>,
    /// Whose mail cannot be sent.
    pub refused: Option<&'static str>,
}

impl Naive {
    pub fn new(limit: i64, excluded: &[&str]) -> Self {
        let excluded = excluded.iter().map(|date| date.parse().expect("it is a date")).collect();
        Self { limit, excluded, ..Self::default() }
    }

    #[must_use]
    pub fn with(mut self, customer: &'static str, since: Timestamp) -> Self {
        self.tickets.push(Waiting { customer, since, priority: 3 });
        self
    }

    /// A run; who is mailed. That it was to notify only makes no difference.
    pub fn run(&mut self, now: Timestamp) -> Vec<&'static str> {
        let last = self.last_day(date(now));
        let mut mailed = Vec::new();
        for ticket in self.tickets.iter_mut().filter(|ticket| ticket.priority > 1) {
            if date(ticket.since) > last {
                continue;
            }
            (ticket.since, ticket.priority) = (now, ticket.priority - 1);
            if self.refused == Some(ticket.customer) {
                break;
            }
            mailed.push(ticket.customer);
        }
        mailed
    }

    /// The moments at which hourly runs mail anybody.
    pub fn hourly(&mut self, from: Timestamp, hours: i64) -> Vec<Timestamp> {
        let moments = (0..hours).map(|hour| Timestamp(from.0 + hour * Timestamp::HOUR));
        moments.filter(|now| !self.run(*now).is_empty()).collect()
    }

    fn last_day(&self, today: Date) -> Date {
        let days = (1..=self.limit).map(|days| today - days.days());
        let counted = days.filter(|day| !self.excluded.contains(day)).count();
        today - i64::try_from(counted).expect("a limit has few days").days()
    }
}

fn date(at: Timestamp) -> Date {
    let at = jiff::Timestamp::from_microsecond(at.0).expect("it is in the calendar");
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}
