//! `explain`: why a message became what it became.

use std::path::Path;

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::ingest;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::store;
use crate::store::inbox::Received;
use crate::store::message_ids;
use crate::ticket::id::InboxId;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A Message-ID, QUEUE/UID, or the number of a message
    message: String,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let rows = find(&app, arguments.message.trim()).await?;
    if rows.is_empty() {
        return Err(Failure::new(Code::NoInput, "no such message was recorded"));
    }
    let steps = |row: &Received| -> Value {
        row.trace.as_deref().and_then(|trace| serde_json::from_str(trace).ok()).unwrap_or(Value::Null)
    };
    if arguments.json.form() == Form::Json {
        let all: Vec<Value> = rows.iter().map(|row| json!({ "message": row, "trace": steps(row) })).collect();
        return out::json(&all);
    }
    for row in &rows {
        print(row, &steps(row));
    }
    Ok(())
}

fn print(row: &Received, steps: &Value) {
    out::line(&ingest::sentence(row));
    let place = row.uid.map(|uid| format!(", UID {uid}")).unwrap_or_default();
    out::line(&format!(
        "  received {} by {}{place}, {} bytes, {}",
        row.received_at, row.door, row.size, row.extent
    ));
    if row.message_id.as_deref().is_some_and(|id| id.starts_with(message_ids::ERASED)) {
        out::line("  erased: its author was erased, with what it said and why it was decided so");
    }
    if row.attempts > 1 {
        out::line(&format!("  begun {} times", row.attempts));
    }
    for step in steps.as_array().into_iter().flatten() {
        let text = |key: &str| out::clean(step.get(key).and_then(Value::as_str).unwrap_or_default());
        out::line(&format!("  {}: {}", text("rule"), text("evidence")));
    }
}

async fn find(app: &App, text: &str) -> Result<Vec<Received>, Failure> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    if let Ok(id) = text.parse::<i64>() {
        return Ok(store::inbox::find(&mut tx, InboxId(id)).await?.into_iter().collect());
    }
    if let Some((slug, uid)) = text.rsplit_once('/')
        && let (Some(queue), Ok(uid)) = (desk.directory.queue_by_slug(slug), uid.parse::<i64>())
    {
        let mut rows = Vec::new();
        for mailbox in store::mailboxes::list(&mut tx).await?.iter().filter(|row| row.queue_id == queue.id) {
            let uid_validity = mailbox.uid_validity.unwrap_or_default();
            rows.extend(store::inbox::find_by_uid(&mut tx, mailbox.id, uid_validity, uid).await?);
        }
        return Ok(rows);
    }
    let id = text.trim_start_matches('<').trim_end_matches('>');
    let rows = store::inbox::list_by_message_id(&mut tx, id).await?;
    if !rows.is_empty() {
        return Ok(rows);
    }
    // Whoever has the mail finds it also when its author was erased.
    Ok(store::inbox::list_by_message_id(&mut tx, &message_ids::erased(&[id])).await?)
}
