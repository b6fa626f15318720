//! The numbers of a desk: what was opened, answered and resolved in a time, how long that took, and what customers said.
//!
//! The database counts, a page at a time; here that is put together and gets its names. Days are those of the desk's zone.

pub mod days;
pub mod line;
mod pages;
mod tally;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::report::days::Period;
use crate::desk::report::line::Line;
use crate::desk::report::pages::Pages;
use crate::desk::report::tally::Tally;
use crate::store;
use crate::store::db::Tx;
use crate::store::measures::report;
use crate::store::measures::report::Counted;
use crate::store::measures::report::Moments;
use crate::store::measures::report::Place;
use crate::store::measures::report::Span;
use crate::ticket::id::TicketId;
use crate::ticket::word::words;

words! {
    /// By what is counted.
    pub enum By {
        Queue = "queue",
        /// Who answered and resolved; what was opened, what is open and what was rated: whose the tickets are.
        Agent = "agent",
        Tag = "tag",
        Type = "type",
        Day = "day",
    }
}

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub lines: Vec<Line>,
    pub total: Line,
}

type Tallies = BTreeMap<Option<String>, Tally>;

/// By what is counted: what is done, and what stands.
#[derive(Clone, Copy)]
struct Places {
    done: Place,
    stands: Place,
}

/// The numbers of a period.
pub async fn report(desk: &Desk, tx: &mut Tx, by: By, period: Period) -> Result<Report, sqlx::Error> {
    let zone = &desk.config.desk.timezone;
    let span = days::span(period, zone);
    let places = match by {
        By::Day => return by_day(tx, days::days(period, zone), span).await,
        By::Queue => Places::one(Place::Queue),
        By::Agent => Places { done: Place::Agent, stands: Place::Owner },
        By::Type => Places::one(Place::Type),
        By::Tag => Places::one(Place::Tag),
    };
    let mut tallies = tallies(tx, places, span).await?;
    let total = if by == By::Tag { tallies.remove(&None).unwrap_or_default() } else { sum(tallies.values()) };
    let mut lines: BTreeMap<_, _> =
        tallies.iter().map(|(place, tally)| (place.clone(), tally.line(String::new()))).collect();
    lines.retain(|_, line| *line != Line::default());
    Ok(Report { lines: named(tx, by, lines).await?, total: total.line("total".to_owned()) })
}

fn sum<'a>(tallies: impl Iterator<Item = &'a Tally>) -> Tally {
    tallies.fold(Tally::default(), |mut sum, tally| {
        sum.add(tally);
        sum
    })
}

async fn tallies(tx: &mut Tx, places: Places, span: Span) -> Result<Tallies, sqlx::Error> {
    let mut tallies = Walk::of(span).upto(tx, places, span.until).await?;
    for (place, open) in backlog(tx, places.stands, span.until).await? {
        tallies.entry(place).or_default().backlog = open;
    }
    Ok(tallies)
}

/// How many were open at a moment: those that are now, without what was later.
async fn backlog(
    tx: &mut Tx,
    place: Place,
    at: Timestamp,
) -> Result<BTreeMap<Option<String>, i64>, sqlx::Error> {
    let mut backlog = BTreeMap::new();
    let mut add = |counted: Vec<Counted>, sign: i64| {
        for one in counted {
            for place in place.each(one.place.as_deref()) {
                *backlog.entry(place).or_default() += sign * one.count;
            }
        }
    };
    let mut after = TicketId(0);
    loop {
        let upto = report::open_upto(tx, after, pages::PAGE).await?;
        add(report::open(tx, place, after, upto.unwrap_or(TicketId(i64::MAX))).await?, 1);
        match upto {
            Some(upto) => after = upto,
            None => break,
        }
    }
    let later = Span { from: at, until: Timestamp(i64::MAX) };
    let mut opened = Pages::of(Moments::Opened, later);
    while let Some(page) = opened.next(tx, later.until).await? {
        add(report::opened(tx, place, page).await?, -1);
    }
    let mut measured = Pages::of(Moments::Measured, later);
    while let Some(page) = measured.next(tx, later.until).await? {
        add(report::ended(tx, place, page).await?, 1);
    }
    Ok(backlog)
}

/// The way through a span.
struct Walk {
    measured: Pages,
    opened: Pages,
    rated: Pages,
}

impl Walk {
    fn of(span: Span) -> Self {
        let of = |moments| Pages::of(moments, span);
        Self { measured: of(Moments::Measured), opened: of(Moments::Opened), rated: of(Moments::Rated) }
    }

    /// All that is not counted yet but how many are open, up to a moment.
    async fn upto(&mut self, tx: &mut Tx, places: Places, until: Timestamp) -> Result<Tallies, sqlx::Error> {
        let mut tallies = Tallies::new();
        while let Some(page) = self.measured.next(tx, until).await? {
            for one in report::measured(tx, places.done, page).await? {
                for place in places.done.each(one.place.as_deref()) {
                    tallies.entry(place).or_default().take(&one);
                }
            }
        }
        while let Some(page) = self.opened.next(tx, until).await? {
            for one in report::opened(tx, places.stands, page).await? {
                for place in places.stands.each(one.place.as_deref()) {
                    tallies.entry(place).or_default().opened += one.count;
                }
            }
        }
        while let Some(page) = self.rated.next(tx, until).await? {
            for one in report::rated(tx, places.stands, page).await? {
                for place in places.stands.each(one.place.as_deref()) {
                    let tally = tallies.entry(place).or_default();
                    (tally.ratings, tally.rated) = (tally.ratings + one.count, tally.rated + one.total);
                }
            }
        }
        Ok(tallies)
    }
}

/// One line a day, also of days without any. Of the times of a day nothing is kept but what its line says, and what
/// they add to all.
async fn by_day(tx: &mut Tx, days: Vec<(Date, Span)>, span: Span) -> Result<Report, sqlx::Error> {
    let mut walk = Walk::of(span);
    let mut total = Tally::default();
    let mut lines = Vec::with_capacity(days.len());
    for (date, day) in days {
        let tally = sum(walk.upto(tx, Places::one(Place::Whole), day.until).await?.values());
        total.add(&tally);
        lines.push((tally.line(date.to_string()), tally.ended()));
    }
    total.backlog = backlog(tx, Place::Whole, span.until).await?.into_values().sum();
    let mut backlog = total.backlog;
    for (line, ended) in lines.iter_mut().rev() {
        line.backlog = backlog;
        backlog += *ended - line.opened;
    }
    let lines = lines.into_iter().map(|(line, _)| line).collect();
    Ok(Report { lines, total: total.line("total".to_owned()) })
}

/// The lines with what their numbers stand for, in the order of names; what has none stands last.
async fn named(tx: &mut Tx, by: By, lines: BTreeMap<Option<String>, Line>) -> Result<Vec<Line>, sqlx::Error> {
    let names: BTreeMap<String, String> = match by {
        By::Queue => {
            let queues = store::queues::list(tx).await?.into_iter();
            queues.map(|queue| (queue.id.to_string(), queue.slug)).collect()
        }
        By::Type => {
            let kinds = store::ticket_types::list(tx).await?.into_iter();
            kinds.map(|kind| (kind.id.to_string(), kind.name)).collect()
        }
        By::Agent => {
            let staff = store::users::list_all_staff(tx).await?.into_iter();
            staff.map(|user| (user.id.to_string(), user.username.unwrap_or(user.name))).collect()
        }
        By::Tag | By::Day => BTreeMap::new(),
    };
    let name = |place: Option<String>| match place {
        Some(place) => names.get(&place).cloned().unwrap_or(place),
        None => String::new(),
    };
    let mut lines: Vec<Line> =
        lines.into_iter().map(|(place, line)| Line { name: name(place), ..line }).collect();
    lines.sort_by(|a, b| (a.name.is_empty(), &a.name).cmp(&(b.name.is_empty(), &b.name)));
    Ok(lines)
}

impl Places {
    fn one(place: Place) -> Self {
        Self { done: place, stands: place }
    }
}
