//! `reload`: the daemons of this desk read their configuration anew, and say what came of it.
//!
//! Speaks to them through the database, so that it works from any machine that reaches it, as any user who may.

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::store;
use crate::store::processes::Known;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(200);

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await.map_err(|failure| match failure.code {
        Code::Config => {
            let sentence =
                format!("the new configuration is refused, and the old one stays: {}", failure.sentence);
            Failure::new(Code::Config, sentence)
        }
        _ => failure,
    })?;
    let asked_at = ask(&app).await?;
    let answers = wait(&app, asked_at).await?;
    match arguments.json.form() {
        Form::Json => out::json(&answers)?,
        Form::Human => {
            for known in &answers {
                let text = if has_answered(known, asked_at) { known.answer.as_deref() } else { None };
                out::line(&format!("process {}: {}", known.pid, text.unwrap_or("no answer")));
            }
        }
    }
    if answers.is_empty() {
        return Err(Failure::new(Code::Unavailable, "no daemon serves this desk"));
    }
    if answers.iter().any(|known| has_answered(known, asked_at) && known.refused != 0) {
        return Err(Failure::new(Code::Config, "the old configuration stays"));
    }
    if !answers.iter().all(|known| has_answered(known, asked_at)) {
        return Err(Failure::new(Code::TryAgain, "not every daemon has answered"));
    }
    Ok(())
}

async fn ask(app: &App) -> Result<Timestamp, sqlx::Error> {
    let mut tx = app.db.write().await?;
    let now = store::db::now(&mut tx, app.now()).await?;
    store::processes::ask(&mut tx, now).await?;
    tx.commit().await?;
    Ok(now)
}

/// The daemons, once all of them have answered, or after a while.
async fn wait(app: &App, asked_at: Timestamp) -> Result<Vec<Known>, sqlx::Error> {
    let begun = tokio::time::Instant::now();
    loop {
        let known = store::processes::list(&mut app.db.look().await?).await?;
        if known.iter().all(|known| has_answered(known, asked_at)) || begun.elapsed() > PATIENCE {
            return Ok(known);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn has_answered(known: &Known, asked_at: Timestamp) -> bool {
    known.answered_at.is_some_and(|at| at >= asked_at)
}
