//! `/stats`: the desk's numbers, as `helpdeskd report` has them.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::desk::report;
use crate::desk::report::By;
use crate::desk::report::days::Period;
use crate::desk::report::line::Line;
use crate::desk::report::line::Times;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Params;
use crate::http::desk_api::reply::Reply;

/// Longest report, in days: a line each is still quick.
const MOST_DAYS: i32 = 3_660;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The first day, in the desk's time zone; 29 days before the last if not given.
    from: Option<String>,
    /// The last day; today if not given.
    to: Option<String>,
    /// `queue`, `agent`, `tag`, `type` or `day`; `queue` if not given.
    by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stats {
    from: String,
    to: String,
    by: &'static str,
    items: Vec<StatsLine>,
    total: StatsLine,
}

/// The numbers of one queue, agent, tag, type or day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatsLine {
    /// Empty: of nobody, or of no type.
    name: String,
    opened: i64,
    /// Answers that somebody waited for.
    answered: i64,
    resolved: i64,
    /// Open at the end.
    backlog: i64,
    first_answer: StatsTimes,
    next_answer: StatsTimes,
    resolution: StatsTimes,
    targets_met: i64,
    targets_missed: i64,
    ratings: i64,
    /// In hundredths; none without ratings.
    rating_mean: Option<i64>,
}

/// How long something took, in whole minutes of working time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatsTimes {
    count: i64,
    median: Option<i64>,
    p90: Option<i64>,
}

/// Counts what was done, and how long it took.
#[utoipa::path(get, path = "/stats", params(Wanted), responses(
    (status = 200, description = "The numbers.", body = Stats), Problems))]
pub(crate) async fn stats(look: Look, Params(wanted): Params<Wanted>) -> Result<Reply, Problem> {
    let by = wanted.by.as_deref().map_or(Some(By::Queue), By::parse);
    let by = by.ok_or_else(|| Problem::field("by", "is queue, agent, tag, type or day"))?;
    let now = jiff::Timestamp::from_microsecond(look.now().0).unwrap_or_default();
    let today = now.to_zoned(look.desk.config.desk.timezone.clone()).date();
    let to = wanted.to.as_deref().map(|text| day("to", text)).transpose()?.unwrap_or(today);
    let from = wanted.from.as_deref().map(|text| day("from", text)).transpose()?;
    let from = from.unwrap_or_else(|| to.saturating_sub(29.days()));
    let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
    if !(0..MOST_DAYS).contains(&days) {
        return Err(Problem::field("from", "must be no later than `to`, and within ten years"));
    }
    let mut tx = look.read().await?;
    let report = report::report(&look.desk, &mut tx, by, Period { from, to }).await?;
    Ok(Reply::of(&Stats {
        from: from.to_string(),
        to: to.to_string(),
        by: by.as_str(),
        items: report.lines.into_iter().map(StatsLine::of).collect(),
        total: StatsLine::of(report.total),
    }))
}

fn day(field: &str, text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| Problem::field(field, "a day is written as 2026-12-24"))
}

impl StatsLine {
    fn of(line: Line) -> Self {
        Self {
            name: line.name,
            opened: line.opened,
            answered: line.answered,
            resolved: line.resolved,
            backlog: line.backlog,
            first_answer: StatsTimes::of(line.first_answer),
            next_answer: StatsTimes::of(line.next_answer),
            resolution: StatsTimes::of(line.resolution),
            targets_met: line.targets_met,
            targets_missed: line.targets_missed,
            ratings: line.ratings,
            rating_mean: line.rating_mean,
        }
    }
}

impl StatsTimes {
    fn of(times: Times) -> Self {
        Self { count: times.count, median: times.median, p90: times.p90 }
    }
}
