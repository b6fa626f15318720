//! The numbers of a desk: what was opened, answered and resolved in a time, how long that took, and what customers said.
//!
//! Counts are the database's; here they get their names and stand beside each other. Days are those of the desk's zone.

pub mod days;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::report::days::Period;
use crate::desk::report::days::Stretch;
use crate::store;
use crate::store::db::Tx;
use crate::store::measures::report;
use crate::store::measures::report::Counted;
use crate::store::measures::report::Measured;
use crate::store::measures::report::Place;
use crate::store::measures::report::Span;
use crate::ticket::measure::MeasureKind;
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

/// The numbers of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is of; empty: of nobody, or of no type.
    pub name: String,
    pub opened: i64,
    /// Answers that somebody waited for.
    pub answered: i64,
    pub resolved: i64,
    /// Open at the end.
    pub backlog: i64,
    pub first_answer: Times,
    pub next_answer: Times,
    pub resolution: Times,
    pub targets_met: i64,
    pub targets_missed: i64,
    pub ratings: i64,
    /// In hundredths; none without ratings.
    pub rating_mean: Option<i64>,
}

/// How long something took, in whole minutes of working time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    pub count: i64,
    pub median: Option<i64>,
    pub p90: Option<i64>,
}

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub lines: Vec<Line>,
    pub total: Line,
}

/// The numbers of a period.
pub async fn report(desk: &Desk, tx: &mut Tx, by: By, period: Period) -> Result<Report, sqlx::Error> {
    let zone = &desk.config.desk.timezone;
    let span = days::span(period, zone);
    let total = lines(tx, Place::Whole, Place::Whole, span).await?;
    let total = Line { name: "total".to_owned(), ..total.into_values().next().unwrap_or_default() };
    let lines = match by {
        By::Day => {
            return Ok(Report {
                lines: by_day(tx, days::stretches(period, zone), total.backlog).await?,
                total,
            });
        }
        By::Queue => lines(tx, Place::Queue, Place::Queue, span).await?,
        By::Agent => lines(tx, Place::Agent, Place::Owner, span).await?,
        By::Type => lines(tx, Place::Type, Place::Type, span).await?,
        By::Tag => lines(tx, Place::Tag, Place::Tag, span).await?,
    };
    Ok(Report { lines: named(tx, by, lines).await?, total })
}

type Lines = BTreeMap<Option<String>, Line>;

/// By place: those of what is done, and those of what stands.
async fn lines(tx: &mut Tx, done: Place, stands: Place, span: Span) -> Result<Lines, sqlx::Error> {
    let mut lines = moved(tx, done, stands, span).await?;
    let after = Span { from: span.until, until: Timestamp(i64::MAX) };
    let mut add = |counted: Vec<Counted>, sign: i64| {
        for one in counted {
            lines.entry(one.place).or_default().backlog += sign * one.count;
        }
    };
    add(report::open(tx, stands).await?, 1);
    add(report::opened(tx, stands, after).await?, -1);
    add(report::ended(tx, stands, after).await?, 1);
    lines.retain(|_, line| *line != Line::default());
    Ok(lines)
}

/// All but how many are open.
async fn moved(tx: &mut Tx, done: Place, stands: Place, span: Span) -> Result<Lines, sqlx::Error> {
    let mut lines = Lines::new();
    for one in report::measured(tx, done, span).await? {
        lines.entry(one.place.clone()).or_default().take(&one);
    }
    for one in report::opened(tx, stands, span).await? {
        lines.entry(one.place).or_default().opened = one.count;
    }
    for one in report::rated(tx, stands, span).await? {
        let line = lines.entry(one.place).or_default();
        line.ratings = one.count;
        line.rating_mean = Some((one.total * 100 + one.count / 2) / one.count.max(1));
    }
    Ok(lines)
}

/// One line a day, also of days without any. `backlog` is what is open after the last.
async fn by_day(tx: &mut Tx, stretches: Vec<Stretch>, mut backlog: i64) -> Result<Vec<Line>, sqlx::Error> {
    let mut days = Vec::new();
    for stretch in stretches {
        let place = Place::Part(stretch.length);
        let mut found = moved(tx, place, place, stretch.span).await?;
        let ended = report::ended(tx, place, stretch.span).await?;
        for (n, date) in stretch.days.iter().enumerate() {
            let key = Some(n.to_string());
            let ended = ended.iter().find(|one| one.place == key).map_or(0, |one| one.count);
            let line = found.remove(&key).unwrap_or_default();
            days.push((Line { name: date.to_string(), ..line }, ended));
        }
    }
    for (line, ended) in days.iter_mut().rev() {
        line.backlog = backlog;
        backlog += *ended - line.opened;
    }
    Ok(days.into_iter().map(|(line, _)| line).collect())
}

/// The lines with what their numbers stand for, in the order of names; what has none stands last.
async fn named(tx: &mut Tx, by: By, lines: Lines) -> Result<Vec<Line>, sqlx::Error> {
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

impl Line {
    fn take(&mut self, one: &Measured) {
        let times = Times { count: one.count, median: one.median, p90: one.p90 };
        match one.kind {
            MeasureKind::FirstAnswer => self.first_answer = times,
            MeasureKind::NextAnswer => self.next_answer = times,
            MeasureKind::Resolved => (self.resolved, self.resolution) = (one.count, times),
            MeasureKind::Merged | MeasureKind::Reopened => {}
        }
        if matches!(one.kind, MeasureKind::FirstAnswer | MeasureKind::NextAnswer) {
            self.answered += one.count;
        }
        self.targets_met += one.met;
        self.targets_missed += one.aimed - one.met;
    }
}
