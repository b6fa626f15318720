//! `ticket split`.

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args::By;
use crate::cli::ticket_args::no_queue;
use crate::desk::app::App;
use crate::desk::split;
use crate::desk::split::Splitting;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

#[derive(Debug, Args)]
pub struct Split {
    id: TicketId,
    /// The entries' numbers, as `ticket show --json` has them
    #[arg(value_name = "ENTRY", required = true)]
    entries: Vec<i64>,
    /// The new ticket's queue, by its slug [default: the ticket's]
    #[arg(long, value_name = "SLUG")]
    queue: Option<String>,
    /// The new ticket's subject [default: the ticket's]
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn split(app: &App, arguments: Split) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let (desk, now) = (app.desk(), app.now());
    let queue = match &arguments.queue {
        Some(slug) => Some(desk.directory.queue_by_slug(slug).ok_or_else(|| no_queue(slug))?),
        None => None,
    };
    let entries: Vec<FollowupId> = arguments.entries.into_iter().map(FollowupId).collect();
    let what = Splitting {
        id: arguments.id,
        entries: &entries,
        queue: queue.map(AsRef::as_ref),
        title: arguments.title.as_deref(),
    };
    let mut tx = app.db.write().await?;
    let done = split::split(&desk, &mut tx, &actor, &what, now).await?;
    tx.commit().await?;
    match arguments.json.form() {
        Form::Json => out::json(&done),
        Form::Human => {
            out::line(&format!(
                "Split: {} of its entries are ticket {} now.",
                done.entries.len(),
                done.ticket_id
            ));
            Ok(())
        }
    }
}
