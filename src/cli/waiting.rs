//! `quarantine` and `suspended`: messages that wait for a person.

use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::ingest;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::receive::RELEASED;
use crate::mail::journal::Became;
use crate::mail::report;
use crate::private;
use crate::private::Existing;
use crate::store;
use crate::store::inbox::Received;
use crate::ticket::id::InboxId;
use crate::worker::handle;
use crate::worker::outside::Outside;
use crate::worker::rules::Rules;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List them, newest first
    List(JsonSwitch),
    /// Show one as it is understood
    Show(One),
    /// Write one as it came to a file, or to standard output
    Export(Export),
    /// Handle one again
    Release(One),
    /// Forget one
    Delete(Id),
}

#[derive(Debug, Subcommand)]
pub enum SuspendedCommand {
    /// List them, newest first
    List(SuspendedList),
    /// Show one as it is understood
    Show(One),
    /// Let one through: it becomes a ticket or a follow-up
    Release(One),
    /// Forget one
    Delete(Id),
}

#[derive(Debug, Args)]
pub struct SuspendedList {
    /// Also those that are older than `retention.suspended_days`
    #[arg(long)]
    expired: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct One {
    id: InboxId,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Id {
    id: InboxId,
}

#[derive(Debug, Args)]
pub struct Export {
    id: InboxId,
    /// [default: standard output]
    file: Option<PathBuf>,
}

/// Most rows of one listing.
const MOST: i64 = 10_000;

pub async fn quarantine(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let was = Became::Quarantined;
    match command {
        Command::List(json) => list(&app, was, Timestamp(0), json.form()).await,
        Command::Show(one) => show(&app, &one).await,
        Command::Export(export) => write(&app, &export).await,
        Command::Release(one) => release(&app, was, &one).await,
        Command::Delete(id) => delete(&app, was, id.id).await,
    }
}

pub async fn suspended(file: Option<&Path>, command: SuspendedCommand) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let was = Became::Suspended;
    match command {
        SuspendedCommand::List(arguments) => {
            let recent = app.now().minus(desk.config.retention.suspended);
            let since = if arguments.expired { Timestamp(0) } else { recent };
            list(&app, was, since, arguments.json.form()).await
        }
        SuspendedCommand::Show(one) => show(&app, &one).await,
        SuspendedCommand::Release(one) => release(&app, was, &one).await,
        SuspendedCommand::Delete(id) => delete(&app, was, id.id).await,
    }
}

async fn list(app: &App, was: Became, since: Timestamp, form: Form) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let rows = store::inbox::list_waiting(&mut tx, was, since, MOST).await?;
    if form == Form::Json {
        return out::json(&rows);
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                row.received_at.to_string(),
                row.reason.clone().unwrap_or_default(),
                row.class.clone().unwrap_or_default(),
                row.size.to_string(),
                row.message_id.clone().unwrap_or_default(),
            ]
        })
        .collect();
    out::table(&["ID", "RECEIVED", "REASON", "CLASS", "BYTES", "MESSAGE-ID"], &rows);
    Ok(())
}

async fn show(app: &App, one: &One) -> Result<(), Failure> {
    let desk = app.desk();
    let row = find(app, one.id).await?;
    let raw = handle::read_raw(app, &row).await?;
    let seen = report::report(&format!("message {}", row.id), &raw, desk.directory.own());
    if one.json.form() == Form::Json {
        return out::json(&seen);
    }
    out::line(&ingest::sentence(&row));
    for key in ["from", "subject", "class", "message_id"] {
        let value = seen.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        out::line(&format!("  {key}: {}", out::clean(value)));
    }
    let text = seen.get("text_full").and_then(serde_json::Value::as_str).unwrap_or_default();
    out::line(&out::clean_text(text));
    Ok(())
}

async fn write(app: &App, export: &Export) -> Result<(), Failure> {
    let row = find(app, export.id).await?;
    let raw = handle::read_raw(app, &row).await?;
    match &export.file {
        Some(path) => private::write(path, &raw, Existing::Refused)
            .map_err(|error| Failure::data(format!("cannot write {}: {error}", path.display())))?,
        None => std::io::stdout().lock().write_all(&raw)?,
    }
    Ok(())
}

async fn release(app: &App, was: Became, one: &One) -> Result<(), Failure> {
    let desk = app.desk();
    let mut tx = app.db.write().await?;
    if !store::inbox::reopen(&mut tx, one.id, was, RELEASED).await? {
        return Err(Failure::data(format!("message {} is not {was}", one.id)));
    }
    let row = store::inbox::claim_one(&mut tx, one.id).await?;
    tx.commit().await?;
    if let Some(row) = row {
        let rules = Rules { authenticator: Outside::of(&desk.config).authenticator, ..Rules::default() };
        handle::handle_begun(app, row, &rules).await.map_err(|error| {
            Failure::new(
                Code::TryAgain,
                format!("message {} is released and will be handled later: {error}", one.id),
            )
        })?;
    }
    ingest::report(app, one.id, one.json.form()).await
}

async fn delete(app: &App, was: Became, id: InboxId) -> Result<(), Failure> {
    let mut tx = app.db.write().await?;
    if !store::inbox::discard(&mut tx, id, was, app.now()).await? {
        return Err(Failure::data(format!("message {id} is not {was}")));
    }
    tx.commit().await?;
    out::line("Deleted.");
    Ok(())
}

async fn find(app: &App, id: InboxId) -> Result<Received, Failure> {
    let mut tx = app.db.read().await?;
    let row = store::inbox::find(&mut tx, id).await?;
    row.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no message {id}")))
}
