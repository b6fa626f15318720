//! `escalate`: what is and will be due and why; and a run by hand.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::escalate::Escalated;
use crate::ticket::escalation::Verdict;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::priority::Priority;
use crate::worker::escalation;
use crate::worker::escalation::Judged;
use crate::worker::recount;
use crate::worker::recount::Which;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this queue
    #[arg(long, value_name = "SLUG")]
    queue: Option<String>,
    /// Change nothing; show every open ticket, what would happen to it and why
    #[arg(long)]
    dry_run: bool,
    /// Send the mails of what is due, and change nothing else
    #[arg(long)]
    notify_only: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

/// An open ticket as it is shown.
#[derive(Debug, Serialize)]
struct Row {
    ticket: TicketId,
    queue: String,
    priority: Priority,
    /// `due`, `later` or `never`.
    state: &'static str,
    /// Due since then, or due then.
    at: Option<Timestamp>,
    /// From when the limit counts.
    since: Timestamp,
    limit: Option<String>,
    why: String,
}

/// A ticket to which it happened.
#[derive(Debug, Serialize)]
struct Done {
    ticket: TicketId,
    was: Priority,
    is: Priority,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let queue = match &arguments.queue {
        Some(slug) => {
            let queue = desk.directory.queue_by_slug(slug);
            Some(queue.ok_or_else(|| Failure::data(format!("there is no queue {slug}")))?.id)
        }
        None => None,
    };
    let form = arguments.json.form();
    if arguments.dry_run {
        return preview(&app, queue, form).await;
    }
    let done = if arguments.notify_only {
        escalation::notify_only(&app, queue).await?
    } else {
        // An edited configuration counts here before the daemon is started with it.
        recount::recount(&app, Which::Changed).await?;
        escalation::run(&app, queue).await?
    };
    report(&done, arguments.notify_only, form)
}

async fn preview(app: &App, queue: Option<QueueId>, form: Form) -> Result<(), Failure> {
    let mut rows: Vec<Row> =
        escalation::judge(app, queue).await?.iter().map(|judged| row(app, judged)).collect();
    rows.sort_by_key(|row| (row.at.is_none(), row.at, row.ticket));
    if form == Form::Json {
        return out::json(&rows);
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.ticket.to_string(),
                row.queue.clone(),
                row.priority.to_string(),
                row.since.to_string(),
                row.limit.clone().unwrap_or_else(|| "-".to_owned()),
                row.why.clone(),
            ]
        })
        .collect();
    out::table(&["TICKET", "QUEUE", "PRIO", "WAITS SINCE", "LIMIT", "WHY"], &cells);
    let due = rows.iter().filter(|row| row.state == "due").count();
    out::line(&format!("{due} due of {} open", rows.len()));
    Ok(())
}

fn row(app: &App, judged: &Judged) -> Row {
    let desk = app.desk();
    let (state, at) = match judged.verdict {
        Verdict::Due(at) => ("due", Some(at)),
        Verdict::Later(at) => ("later", Some(at)),
        Verdict::Excluded => ("later", None),
        _ => ("never", None),
    };
    let queue = desk.directory.queue(judged.queue_id);
    Row {
        ticket: judged.ticket_id,
        queue: queue.map_or_else(|| "?".to_owned(), |queue| queue.config.slug.clone()),
        priority: judged.priority,
        state,
        at,
        since: judged.since,
        limit: judged.limit.map(|limit| limit.to_string()),
        why: judged.verdict.to_string(),
    }
}

fn report(done: &[Escalated], notify_only: bool, form: Form) -> Result<(), Failure> {
    let done: Vec<Done> =
        done.iter().map(|one| Done { ticket: one.ticket_id, was: one.was, is: one.is }).collect();
    if form == Form::Json {
        return out::json(&done);
    }
    let rows: Vec<_> = done
        .iter()
        .map(|done| vec![done.ticket.to_string(), done.was.to_string(), done.is.to_string()])
        .collect();
    out::table(&["TICKET", "WAS", "IS"], &rows);
    let plural = if done.len() == 1 { "ticket" } else { "tickets" };
    let word = if notify_only { "told of, not raised" } else { "escalated" };
    out::line(&format!("{} {plural} {word}", done.len()));
    Ok(())
}
