//! `ingest`: one message from a file or standard input.

use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::mail::journal::Became;
use crate::store;
use crate::store::inbox::Received;
use crate::ticket::id::InboxId;
use crate::worker::handle;
use crate::worker::outside::Outside;
use crate::worker::record;
use crate::worker::rules::Rules;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The queue's slug
    #[arg(long)]
    queue: String,
    /// A file, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    json: JsonSwitch,
}

/// Exits with success once the message is recorded: from then on it cannot be lost.
pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let queue = desk.directory.queue_by_slug(&arguments.queue);
    let queue_id =
        queue.ok_or_else(|| Failure::new(Code::Usage, format!("there is no queue {}", arguments.queue)))?.id;
    let raw = read(&arguments.file, desk.config.intake.max_message_size)?;
    let Some(item) = record::record_ingested(&app, queue_id, raw).await? else {
        return Err(Failure::new(Code::TryAgain, "the message was not recorded"));
    };
    let id = item.received.id;
    let rules = Rules { authenticator: Outside::of(&desk.config).authenticator, ..Rules::default() };
    if let Err(error) = handle::handle(&app, vec![item], &rules).await {
        out::line(&format!("Recorded as message {id}; it is handled later: {error}"));
        return Ok(());
    }
    report(&app, id, arguments.json.form()).await
}

/// Prints what became of a message.
pub async fn report(app: &App, id: InboxId, form: Form) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let Some(row) = store::inbox::find(&mut tx, id).await? else { return Ok(()) };
    match form {
        Form::Json => out::json(&json!({
            "id": row.id, "outcome": row.outcome, "reason": row.reason, "ticket": row.ticket_id,
        })),
        Form::Human => {
            out::line(&sentence(&row));
            Ok(())
        }
    }
}

/// What became of a message, as a sentence.
pub fn sentence(row: &Received) -> String {
    let outcome = row.outcome.map_or("waiting", Became::as_str);
    let reason = row.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let ticket = row.ticket_id.map(|id| format!(", ticket {id}")).unwrap_or_default();
    format!("Message {}: {outcome}{reason}{ticket}.", row.id)
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut raw = Vec::new();
    let unreadable =
        |error: std::io::Error| Failure::new(Code::NoInput, format!("{}: {error}", path.display()));
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit + 1).read_to_end(&mut raw).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(limit + 1).read_to_end(&mut raw).map_err(unreadable)?;
    }
    if raw.len() as u64 > limit {
        return Err(Failure::data("the message is larger than `intake.max_message_size`"));
    }
    Ok(raw)
}
