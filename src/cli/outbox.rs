//! `outbox list|show|retry|cancel`: outgoing mail.

use std::path::Path;
use std::time::Duration;

use clap::ArgGroup;
use clap::Args;
use clap::Subcommand;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::outgoing;
use crate::desk::relay;
use crate::mail::compose::ComposeError;
use crate::mail::compose::Draft;
use crate::mail::delivery::State;
use crate::store;
use crate::store::outbox::Outgoing;
use crate::ticket::id::OutboxId;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List mail that is not settled, and what was given up within a week; with --all the newest in any state
    List(List),
    /// Show one mail and how its delivery went
    Show(One),
    /// Send once more what was given up, is of unknown fate, or waits
    Retry(Retry),
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
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).multiple(true)))]
pub struct Retry {
    /// One mail, in whatever state it is, but sent
    #[arg(group = "which", conflicts_with_all = ["all", "account", "since"])]
    id: Option<OutboxId>,
    /// Every mail that was given up, is of unknown fate, or waits
    #[arg(long, group = "which")]
    all: bool,
    /// Of these, those that leave by one account
    #[arg(long, group = "which", value_name = "NAME")]
    account: Option<String>,
    /// Of these, those that were given up since then, such as 2h, 3d, 2026-03-02 or "2026-03-02 10:00"; and all that wait
    #[arg(long, group = "which", value_name = "TIME")]
    since: Option<String>,
    #[command(flatten)]
    json: JsonSwitch,
}

/// What was done to mails.
#[derive(Debug, Serialize)]
struct Done {
    /// Mails that are sent again after they were given up.
    again: u64,
    /// Mails that waited, and are tried now.
    hastened: u64,
}

/// Most rows of one listing.
const MOST: i64 = 1000;
/// How long what was given up is listed without being asked for.
const LATELY: Duration = Duration::from_hours(7 * 24);

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(arguments) => list(&app, &arguments).await,
        Command::Show(one) => show(&app, &one).await,
        Command::Retry(arguments) => retry(&app, &arguments).await,
        Command::Cancel(id) => {
            let mut tx = app.db.write().await?;
            let done = store::outbox::cancel(&mut tx, id.id, app.now()).await?;
            tx.commit().await?;
            if !done {
                return Err(Failure::data("that mail is settled, or there is none"));
            }
            if id.json.form() == Form::Json {
                return out::json(&serde_json::json!({ "cancelled": 1 }));
            }
            out::line("It is not sent.");
            Ok(())
        }
    }
}

/// Sends again what did not leave, and lets its accounts try at once.
async fn retry(app: &App, arguments: &Retry) -> Result<(), Failure> {
    let desk = app.desk();
    let now = app.now();
    let account = arguments.account.as_deref().unwrap_or_default();
    let known = desk.config.smtp.iter().any(|declared| declared.name == account);
    if arguments.account.is_some() && !known {
        return Err(Failure::data(format!("there is no account {account}")));
    }
    let since = match &arguments.since {
        Some(text) => moment(text, &desk.config.desk.timezone, now)
            .ok_or_else(|| Failure::data(format!("{text} is no time, such as 2h, 3d or 2026-03-02")))?,
        None => Timestamp(0),
    };
    let mut tx = app.db.write().await?;
    let done = match arguments.id {
        Some(id) => {
            if !store::outbox::retry(&mut tx, id, now).await? {
                return Err(Failure::data("that mail is sent, or there is none"));
            }
            Done { again: 1, hastened: 0 }
        }
        None => Done {
            again: store::outbox::turns::retry_lost(&mut tx, account, since, now).await?,
            hastened: store::outbox::turns::hasten(&mut tx, account, now).await?,
        },
    };
    store::channels::wake(&mut tx, account, now).await?;
    store::sender_pauses::hasten(&mut tx, account, now).await?;
    tx.commit().await?;
    match (arguments.json.form(), arguments.id) {
        (Form::Json, _) => out::json(&done),
        (Form::Human, Some(_)) => {
            out::line("It is sent again.");
            Ok(())
        }
        (Form::Human, None) => {
            out::line(&format!(
                "{} sent again, {} that waited tried now.",
                mails(done.again),
                mails(done.hastened)
            ));
            Ok(())
        }
    }
}

fn mails(count: u64) -> String {
    if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") }
}

/// A time ago (`90m`, `2h`, `3d`), a date or a time at the desk, or one with its zone.
fn moment(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(unit) = text.chars().last()
        && let Ok(count) = text[..text.len() - unit.len_utf8()].parse::<i64>()
    {
        let unit = match unit {
            'm' => Timestamp::MINUTE,
            'h' => Timestamp::HOUR,
            'd' => Timestamp::DAY,
            _ => return None,
        };
        return Some(Timestamp(now.0 - count.checked_mul(unit)?));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_microsecond()));
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(Timestamp(local.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond()))
}

async fn list(app: &App, arguments: &List) -> Result<(), Failure> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    let rows = if arguments.all {
        store::outbox::list(&mut tx, MOST).await?
    } else {
        let lost = store::outbox::turns::list_lost(&mut tx, app.now().minus(LATELY), MOST).await?;
        let mut rows = store::outbox::list_unsettled(&mut tx, MOST).await?;
        rows.extend(lost.into_iter().filter(|row| row.state == State::Rejected));
        rows
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
                if row.state == State::Rejected { "given up".to_owned() } else { row.state.to_string() },
                row.template.clone(),
                row.ticket_id.map(|id| id.to_string()).unwrap_or_default(),
                row.recipient.clone(),
                row.attempts.to_string(),
                row.settled_at.unwrap_or(row.due_at).to_string(),
                row.answer.clone().unwrap_or_default(),
            ]
        })
        .collect();
    out::table(&["ID", "STATE", "MAIL", "TICKET", "TO", "TRIES", "DUE OR SETTLED", "LAST ANSWER"], &rows);
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
