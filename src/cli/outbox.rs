//! `outbox list|show|retry|cancel`: outgoing mail.

use std::path::Path;

use clap::Args;
use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::desk::outgoing;
use crate::desk::relay;
use crate::mail::compose::ComposeError;
use crate::mail::compose::Draft;
use crate::store;
use crate::store::outbox::Outgoing;
use crate::ticket::id::OutboxId;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List mail that is not settled; with --all the newest in any state
    List(List),
    /// Show one mail and how its delivery went
    Show(One),
    /// Send once more what is not sent
    Retry(Id),
    /// Never send what is not sent yet
    Cancel(Id),
}

#[derive(Debug, Args)]
pub struct List {
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct One {
    id: OutboxId,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Id {
    id: OutboxId,
}

/// Most rows of one listing.
const MOST: i64 = 1000;

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(arguments) => list(&app, &arguments).await,
        Command::Show(one) => show(&app, &one).await,
        Command::Retry(id) => {
            let mut tx = app.db.write().await?;
            let done = store::outbox::retry(&mut tx, id.id, app.now()).await?;
            tx.commit().await?;
            said(done, "It is sent again.", "that mail is sent, or there is none")
        }
        Command::Cancel(id) => {
            let mut tx = app.db.write().await?;
            let done = store::outbox::cancel(&mut tx, id.id, app.now()).await?;
            tx.commit().await?;
            said(done, "It is not sent.", "that mail is settled, or there is none")
        }
    }
}

fn said(done: bool, yes: &str, no: &str) -> Result<(), Failure> {
    if !done {
        return Err(Failure::data(no));
    }
    out::line(yes);
    Ok(())
}

async fn list(app: &App, arguments: &List) -> Result<(), Failure> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    let rows = if arguments.all {
        store::outbox::list(&mut tx, MOST).await?
    } else {
        store::outbox::list_unsettled(&mut tx, MOST).await?
    };
    let channels = store::channels::list(&mut tx).await?;
    if arguments.json.form() == Form::Json {
        return out::json(&rows);
    }
    for channel in channels.iter().filter(|channel| channel.paused_until > app.now()) {
        let why = channel.last_error.clone().unwrap_or_default();
        out::line(&format!(
            "Account {} rests until {}: {}",
            channel.account,
            channel.paused_until,
            out::clean(&why)
        ));
    }
    for pause in relay::paused(&desk, &mut tx).await? {
        out::line(&format!(
            "Mail from {} by account {} waits, one tries at {}: {}",
            relay::sender(&desk, pause.queue_id),
            pause.account,
            pause.paused_until,
            out::clean(&pause.answer)
        ));
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                row.state.to_string(),
                row.template.clone(),
                row.ticket_id.map(|id| id.to_string()).unwrap_or_default(),
                row.recipient.clone(),
                row.attempts.to_string(),
                row.due_at.to_string(),
                row.answer.clone().unwrap_or_default(),
            ]
        })
        .collect();
    out::table(&["ID", "STATE", "MAIL", "TICKET", "TO", "TRIES", "DUE", "LAST ANSWER"], &rows);
    Ok(())
}

async fn show(app: &App, one: &One) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let row = store::outbox::find(&mut tx, one.id).await?;
    let row: Outgoing =
        row.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no mail {}", one.id)))?;
    if one.json.form() == Form::Json {
        return out::json(&row);
    }
    let draft = Draft::thaw(&row.content).map_err(|error| Failure::system(error.to_string()))?;
    let bodies = outgoing::bodies(&mut tx, &draft).await?;
    let draft = draft.filled(&bodies.ok_or_else(|| Failure::system(ComposeError::Incomplete.to_string()))?);
    out::line(&format!("Mail {}: {}, {} attempts, {}", row.id, row.state, row.attempts, row.template));
    if let Some(answer) = &row.answer {
        out::line(&format!("  last answer: {}", out::clean(answer)));
    }
    for (name, value) in [
        ("From", &draft.from),
        ("To", &draft.to),
        ("Subject", &draft.subject),
        ("Message-ID", &draft.message_id),
    ] {
        out::line(&format!("{name}: {}", out::clean(value)));
    }
    out::line("");
    out::line(&out::clean_text(&draft.text));
    Ok(())
}
