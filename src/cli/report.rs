//! `report`: the numbers of the desk, as a table, as CSV or as JSON.

use std::path::Path;

use clap::Args;
use clap::ValueEnum;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::desk::report;
use crate::desk::report::By;
use crate::desk::report::Report;
use crate::desk::report::days::Period;
use crate::desk::report::line::Line;
use crate::desk::report::line::Times;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The first day, in the desk's time zone [default: 29 days before the last]
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day [default: today]
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// One line for each queue, agent, tag, type or day
    #[arg(long, value_name = "WHAT", default_value = "queue", value_parser = by)]
    by: By,
    /// How it is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

const COLUMNS: [&str; 19] = [
    "name",
    "opened",
    "answered",
    "resolved",
    "backlog",
    "first_answers",
    "first_answer_median",
    "first_answer_p90",
    "next_answers",
    "next_answer_median",
    "next_answer_p90",
    "resolutions",
    "resolution_median",
    "resolution_p90",
    "targets_met",
    "targets_missed",
    "ratings",
    "rating_mean",
    "unit",
];

/// Longest report: a line a day for a hundred years.
const MOST_DAYS: i32 = 36_600;

fn by(text: &str) -> Result<By, String> {
    By::parse(text).ok_or_else(|| "must be queue, agent, tag, type or day".to_owned())
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let now = jiff::Timestamp::from_microsecond(app.now().0).unwrap_or_default();
    let to = arguments.to.unwrap_or_else(|| now.to_zoned(desk.config.desk.timezone.clone()).date());
    let from = arguments.from.unwrap_or_else(|| to.saturating_sub(29.days()));
    let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
    if !(0..MOST_DAYS).contains(&days) {
        let wrong = format!("the last day, {to}, must be {from} or later, and within a hundred years");
        return Err(Failure::new(Code::Usage, wrong));
    }
    let mut tx = app.db.read().await?;
    let report = report::report(&desk, &mut tx, arguments.by, Period { from, to }).await?;
    match arguments.format {
        Format::Table => table(arguments.by, &report),
        Format::Csv => csv(&report),
        Format::Json => {
            let lines: Vec<_> = report.lines.iter().map(as_json).collect();
            let by = arguments.by.as_str();
            let total = as_json(&report.total);
            let (from, to) = (from.to_string(), to.to_string());
            out::json(&json!({ "from": from, "to": to, "by": by, "lines": lines, "total": total }))?;
        }
    }
    Ok(())
}

fn as_json(line: &Line) -> serde_json::Value {
    let mut value = json!(line);
    let mean = line.rating_mean.and_then(|mean| i32::try_from(mean).ok());
    value["rating_mean"] = json!(mean.map(|mean| f64::from(mean) / 100.0));
    value
}

fn table(by: By, report: &Report) {
    let name = by.as_str().to_uppercase();
    let headings = [
        &name,
        "OPENED",
        "ANSWERED",
        "RESOLVED",
        "BACKLOG",
        "FIRST",
        "90%",
        "NEXT",
        "90%",
        "RESOLUTION",
        "90%",
        "MET",
        "RATING",
    ];
    let rows: Vec<Vec<String>> = report.lines.iter().chain([&report.total]).map(cells).collect();
    out::table(&headings, &rows);
    out::line(
        "FIRST, NEXT and RESOLUTION: median and ninth tenth of working time. MET: targets that were met.",
    );
}

fn cells(line: &Line) -> Vec<String> {
    let mut cells = vec![if line.name.is_empty() { "-".to_owned() } else { line.name.clone() }];
    cells.extend([line.opened, line.answered, line.resolved, line.backlog].map(|n| n.to_string()));
    for Times { median, p90, .. } in [line.first_answer, line.next_answer, line.resolution] {
        cells.extend([median, p90].map(|minutes| minutes.map_or_else(|| "-".to_owned(), span)));
    }
    let aimed = line.targets_met + line.targets_missed;
    cells.push(if aimed == 0 { "-".to_owned() } else { format!("{} of {aimed}", line.targets_met) });
    cells.push(match line.rating_mean {
        Some(mean) => format!("{} ({})", hundredths(mean), line.ratings),
        None => "-".to_owned(),
    });
    cells
}

/// `45m`, `3h 05m`: a day of work has as many hours as it has.
fn span(minutes: i64) -> String {
    if minutes < 60 { format!("{minutes}m") } else { format!("{}h {:02}m", minutes / 60, minutes % 60) }
}

fn hundredths(value: i64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn csv(report: &Report) {
    out::line(&COLUMNS.join(","));
    for line in report.lines.iter().chain([&report.total]) {
        let mut cells = vec![field(&line.name)];
        cells.extend([line.opened, line.answered, line.resolved, line.backlog].map(|n| n.to_string()));
        for Times { count, median, p90 } in [line.first_answer, line.next_answer, line.resolution] {
            cells.push(count.to_string());
            cells.extend([median, p90].map(|minutes| minutes.map(|n| n.to_string()).unwrap_or_default()));
        }
        cells.extend([line.targets_met, line.targets_missed, line.ratings].map(|n| n.to_string()));
        cells.push(line.rating_mean.map(hundredths).unwrap_or_default());
        cells.push("minutes".to_owned());
        out::line(&cells.join(","));
    }
}

/// A text as RFC 4180 has it, in quotation marks. What a table calculator would take for a formula is text by an
/// apostrophe before it.
fn field(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula_and_none_breaks_its_line() {
        for (text, written) in [
            ("printer", "\"printer\""),
            ("=1+1", "\"'=1+1\""),
            (" @sum(a1)", "\"' @sum(a1)\""),
            ("-2", "\"'-2\""),
            ("a \"b\", c\r\nd", "\"a \"\"b\"\", c  d\""),
        ] {
            assert_eq!(field(text), written);
        }
    }

    #[test]
    fn spans_are_hours_and_minutes() {
        assert_eq!([0, 59, 60, 125, 6_000].map(span), ["0m", "59m", "1h 00m", "2h 05m", "100h 00m"]);
    }
}
