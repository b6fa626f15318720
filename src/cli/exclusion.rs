//! `exclusion`: days on which nothing escalates and that do not count.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::app::App;
use crate::desk::directory::Queue;
use crate::desk::exclude;
use crate::store;
use crate::worker::recount;
use crate::worker::recount::Which;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List excluded days, from today on
    List(List),
    /// Exclude days, for all queues or for some
    Add(Days),
    /// Make days count again that were excluded in the same way
    Remove(Days),
}

#[derive(Debug, Args)]
pub struct List {
    /// Also those that are over
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Days {
    /// Days such as 2026-12-24
    #[arg(value_name = "DATE", required_unless_present = "weekdays")]
    dates: Vec<Date>,
    /// Days of the coming weeks, such as sat,sun
    #[arg(long, value_delimiter = ',', value_parser = weekday)]
    weekdays: Vec<Weekday>,
    /// How many weeks, from today on
    #[arg(long, default_value_t = 52, value_parser = clap::value_parser!(i64).range(1..=520), requires = "weekdays")]
    weeks: i64,
    /// Only for this queue; may be given several times
    #[arg(long, value_name = "SLUG")]
    queue: Vec<String>,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(arguments) => list(&app, &arguments).await,
        Command::Add(days) => change(&app, &days, Change::Add).await,
        Command::Remove(days) => change(&app, &days, Change::Remove).await,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Add,
    Remove,
}

async fn change(app: &App, days: &Days, change: Change) -> Result<(), Failure> {
    let desk = app.desk();
    let queues = queues(&desk, &days.queue)?;
    let mut changed = 0;
    let mut tx = app.db.write().await?;
    for queue in queues {
        let zone = queue.map_or(&desk.config.desk.timezone, |queue| &queue.zone);
        for date in days.dates(today(app.now(), zone)) {
            changed += u32::from(match change {
                Change::Add => exclude::add(&desk, &mut tx, (date, queue), app.now()).await?,
                Change::Remove => exclude::remove(&desk, &mut tx, (date, queue)).await?,
            });
        }
    }
    tx.commit().await?;
    recount::recount(app, Which::Stale).await?;
    let plural = if changed == 1 { "day" } else { "days" };
    let sentence = match (change, changed) {
        (Change::Remove, 0) => return Err(Failure::data("no such day was excluded in this way")),
        (Change::Add, 0) => "All of them were excluded already.".to_owned(),
        (Change::Add, _) => format!("Excluded {changed} {plural}."),
        (Change::Remove, _) => format!("Removed {changed} {plural}."),
    };
    out::line(&sentence);
    Ok(())
}

async fn list(app: &App, arguments: &List) -> Result<(), Failure> {
    let desk = app.desk();
    let since =
        if arguments.all { String::new() } else { today(app.now(), &desk.config.desk.timezone).to_string() };
    let mut tx = app.db.read().await?;
    let days = store::exclusions::list(&mut tx, &since).await?;
    let directory = &desk.directory;
    let slug = move |id| directory.queue(id).map_or("?", |queue| queue.config.slug.as_str());
    if arguments.json.form() == Form::Json {
        let rows = days.iter().map(|day| json!({ "date": day.date, "queue": day.queue_id.map(slug) }));
        return out::json(&rows.collect::<Vec<_>>());
    }
    let weekday =
        |date: &str| date.parse::<Date>().map(|date| date.strftime("%A").to_string()).unwrap_or_default();
    let rows: Vec<_> = days
        .iter()
        .map(|day| vec![day.date.clone(), weekday(&day.date), day.queue_id.map_or("all", slug).to_owned()])
        .collect();
    out::table(&["DATE", "WEEKDAY", "QUEUE"], &rows);
    Ok(())
}

/// The named queues; without names one entry that stands for all.
fn queues<'a>(desk: &'a Desk, slugs: &[String]) -> Result<Vec<Option<&'a Queue>>, Failure> {
    if slugs.is_empty() {
        return Ok(vec![None]);
    }
    let find = |slug: &String| match desk.directory.queue_by_slug(slug) {
        Some(queue) => Ok(Some(&**queue)),
        None => Err(Failure::data(format!("there is no queue {slug}"))),
    };
    slugs.iter().map(find).collect()
}

impl Days {
    fn dates(&self, today: Date) -> Vec<Date> {
        let coming = (0..7 * self.weeks).filter_map(|days| today.checked_add(days.days()).ok());
        let coming = coming.filter(|date| self.weekdays.contains(&date.weekday()));
        self.dates.iter().copied().chain(coming).collect()
    }
}

fn today(now: Timestamp, zone: &TimeZone) -> Date {
    let now = jiff::Timestamp::from_microsecond(now.0).unwrap_or(jiff::Timestamp::MIN);
    now.to_zoned(zone.clone()).date()
}

/// An English name of at least three letters.
fn weekday(text: &str) -> Result<Weekday, String> {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let text = text.trim().to_lowercase();
    let at = names.iter().position(|name| text.len() >= 3 && name.starts_with(&text));
    at.and_then(|at| Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok())
        .ok_or_else(|| "write days as mon, tue, wed, thu, fri, sat, sun".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_those_of_the_coming_weeks_from_today_on() {
        let days = |weekdays: &[&str], weeks| Days {
            dates: vec![],
            weekdays: weekdays.iter().map(|text| weekday(text).unwrap()).collect(),
            weeks,
            queue: vec![],
        };
        // A Saturday.
        let today: Date = "2026-11-21".parse().unwrap();
        let texts = |days: Days| days.dates(today).iter().map(Date::to_string).collect::<Vec<_>>();
        assert_eq!(texts(days(&["sat", "Sunday"], 1)), ["2026-11-21", "2026-11-22"]);
        assert_eq!(texts(days(&["fri"], 2)), ["2026-11-27", "2026-12-04"]);
        assert_eq!(texts(days(&["sat", "sun"], 8)).len(), 16);
        assert!(weekday("sa").is_err() && weekday("").is_err() && weekday("saturdays").is_err());
    }
}
