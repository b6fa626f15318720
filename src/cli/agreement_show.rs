//! `agreement list`, `show` and `log`. No secret is printed.

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::desk::share::request;
use crate::sharing::Side;
use crate::sharing::redact;
use crate::sharing::token::WireId;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::partner_outbox::Request;

/// Events that are shown.
const EVENTS: i64 = 100;

#[derive(Debug, Args)]
pub struct Log {
    uuid: String,
    /// The newest so many requests
    #[arg(long, default_value_t = 50)]
    limit: i64,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn list(app: &App, json: JsonSwitch) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let agreements = store::agreements::list(&mut tx).await?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for agreement in &agreements {
        let value = value(app, &mut tx, agreement).await?;
        rows.push(vec![
            agreement.uuid.to_string(),
            state(agreement),
            role(agreement).to_owned(),
            agreement.partner_name.clone(),
            agreement.judged().partner_url().to_string(),
            value["shared_tickets"].to_string(),
            value["waiting"].to_string(),
        ]);
        values.push(value);
    }
    if json.form() == Form::Json {
        return out::json(&values);
    }
    out::table(&["UUID", "STATUS", "WE ARE", "PARTNER", "URL", "TICKETS", "WAITING"], &rows);
    Ok(())
}

pub async fn show(app: &App, id: &WireId, json: JsonSwitch) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let agreement = find(&mut tx, id).await?;
    let mut shown = value(app, &mut tx, &agreement).await?;
    let events = store::agreement_events::list(&mut tx, agreement.id, EVENTS).await?;
    if json.form() == Form::Json {
        shown["events"] = json!(events);
        return out::json(&shown);
    }
    out::line(&format!("agreement {} with {}", agreement.uuid, out::clean(&agreement.partner_name)));
    for (label, key) in [
        ("status", "status"),
        ("we are the", "side"),
        ("partner", "partner_url"),
        ("ourselves", "our_url"),
        ("tags travel", "sync_tags"),
        ("custom fields travel", "sync_custom_fields"),
        ("public comments, status travels", "public_comments"),
        ("queue", "queue"),
        ("private notes", "notes"),
        ("status map", "status_map"),
        ("tickets shared now", "shared_tickets"),
        ("requests waiting", "waiting"),
        ("waiting since", "waiting_since"),
        ("cannot be reached since", "failing_since"),
        ("trouble", "trouble"),
    ] {
        let text = match &shown[key] {
            Value::Null => continue,
            Value::String(text) => out::clean(text),
            other => other.to_string(),
        };
        out::line(&format!("  {label}: {text}"));
    }
    for event in events {
        let by = event.actor.map(|name| format!(" by {}", out::clean(&name))).unwrap_or_default();
        let detail = event.detail.map(|text| format!(": {}", out::clean(&text))).unwrap_or_default();
        out::line(&format!("{}  {}{by} ({}){detail}", event.at, event.event, event.door));
    }
    Ok(())
}

pub async fn log(app: &App, log: &Log) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let agreement = find(&mut tx, &uuid(&log.uuid)?).await?;
    let requests = store::partner_outbox::list(&mut tx, agreement.id, log.limit.clamp(1, 10_000)).await?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for row in requests.iter().rev() {
        let value = entry(&mut tx, row).await?;
        let answer = match (row.code, row.answer.as_deref()) {
            (Some(code), text) => format!("{code} {}", text.unwrap_or_default()),
            (None, text) => text.unwrap_or_default().to_owned(),
        };
        rows.push(vec![
            row.id.to_string(),
            row.created_at.to_string(),
            row.about.to_string(),
            value["ticket"].as_i64().map(|id| id.to_string()).unwrap_or_default(),
            row.state.to_string(),
            row.attempts.to_string(),
            answer,
        ]);
        values.push(value);
    }
    if log.json.form() == Form::Json {
        return out::json(&values);
    }
    out::table(&["ID", "AT", "ABOUT", "TICKET", "STATE", "TRIES", "ANSWER"], &rows);
    Ok(())
}

async fn entry(tx: &mut Tx, row: &Request) -> Result<Value, sqlx::Error> {
    let mut value = json!(row);
    let share = request::share(tx, row).await?;
    value["ticket"] = json!(share.as_ref().and_then(|share| share.ticket_id));
    value["ticket_uuid"] = json!(share.map(|share| share.uuid));
    let body = redact::redact(&row.body);
    value["request"] = serde_json::from_str(&body).unwrap_or(Value::String(body));
    Ok(value)
}

async fn find(tx: &mut Tx, id: &WireId) -> Result<Agreement, Failure> {
    let agreement = store::agreements::find_by_uuid(tx, id).await?;
    agreement.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no agreement {id}")))
}

async fn value(app: &App, tx: &mut Tx, agreement: &Agreement) -> Result<Value, sqlx::Error> {
    let desk = app.desk();
    let (waiting, since) = store::partner_outbox::backlog(tx, agreement.id).await?;
    let queue = agreement.queue_id.and_then(|id| desk.directory.queue(id));
    let judged = agreement.judged();
    let ours = match agreement.side {
        Side::Sender => &agreement.sender_url,
        Side::Receiver => &agreement.receiver_url,
    };
    let mut value = json!(agreement);
    value["partner_url"] = json!(judged.partner_url());
    value["our_url"] = json!(ours);
    value["queue"] = json!(queue.map(|queue| queue.config.slug.as_str()));
    value["status_map"] = json!(agreement.words());
    value["shared_tickets"] = json!(store::shared_tickets::count_shared(tx, agreement.id).await?);
    value["waiting"] = json!(waiting);
    value["waiting_since"] = json!(since);
    Ok(value)
}

/// The id of an agreement as somebody typed it.
pub fn uuid(text: &str) -> Result<WireId, Failure> {
    WireId::parse(text.trim()).ok_or_else(|| Failure::data(format!("`{text}` is no uuid of an agreement")))
}

fn role(agreement: &Agreement) -> &'static str {
    agreement.side.as_str()
}

fn state(agreement: &Agreement) -> String {
    match agreement.broken_at {
        Some(_) => format!("{}, broken", agreement.status),
        None => agreement.status.to_string(),
    }
}
