//! `key rotate|list|retire`: the keys that sign Message-IDs and reply addresses.
//!
//! Shows no key. A running daemon takes up a change within a minute.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::rotate;
use crate::store::keys::Key;
use crate::ticket::id::KeyId;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign with a new key from now on; what older ones signed is still believed
    Rotate(Rotate),
    /// List the keys, newest last
    List(JsonSwitch),
    /// Believe nothing any more that a key signed
    Retire(Retire),
}

#[derive(Debug, Args)]
pub struct Rotate {
    /// Also retire all older keys: answers to mails sent so far are then known by their Message-IDs only
    #[arg(long)]
    retire_older: bool,
}

#[derive(Debug, Args)]
pub struct Retire {
    id: KeyId,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    match command {
        Command::Rotate(rotate) => {
            let mut tx = app.db.write().await?;
            let id = rotate::rotate(&mut tx, &desk.ids, app.now()).await?;
            let retired =
                if rotate.retire_older { rotate::retire_older(&mut tx, id, app.now()).await? } else { 0 };
            tx.commit().await?;
            out::line(&format!("Key {id} signs from now on. {retired} older keys were retired."));
        }
        Command::List(json) => {
            let mut tx = app.db.read().await?;
            list(&rotate::list(&mut tx).await?, json.form())?;
        }
        Command::Retire(retire) => {
            let mut tx = app.db.write().await?;
            rotate::retire(&mut tx, retire.id, app.now()).await?;
            tx.commit().await?;
            out::line("Retired.");
        }
    }
    Ok(())
}

fn list(keys: &[Key], form: Form) -> Result<(), Failure> {
    let newest = keys.iter().rfind(|key| key.retired_at.is_none()).map(|key| key.id);
    let state = |key: &Key| match key.retired_at {
        Some(_) => "retired",
        None if Some(key.id) == newest => "signs",
        None => "accepted",
    };
    if form == Form::Json {
        let rows = keys.iter().map(|key| {
            json!({ "id": key.id, "state": state(key), "created_at": key.created_at, "retired_at": key.retired_at })
        });
        return out::json(&rows.collect::<Vec<_>>());
    }
    let rows = keys.iter().map(|key| {
        let retired = key.retired_at.map(|at| at.to_string()).unwrap_or_default();
        vec![key.id.to_string(), state(key).to_owned(), key.created_at.to_string(), retired]
    });
    out::table(&["KEY", "STATE", "MADE", "RETIRED"], &rows.collect::<Vec<_>>());
    Ok(())
}
