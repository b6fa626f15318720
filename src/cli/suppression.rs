//! `suppression list|add|remove`: addresses that are not written to.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::desk::suppress;
use crate::mail::parse::copied::Copied;
use crate::store;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the addresses that are not written to now, and why
    List(JsonSwitch),
    /// Write to an address no more
    Add(Add),
    /// Write to an address again
    Remove(Remove),
}

#[derive(Debug, Args)]
pub struct Add {
    address: Copied,
    /// Why, for those who look later
    #[arg(long, default_value = "")]
    reason: String,
    /// For so many days [default: until it is removed]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=3650))]
    days: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Remove {
    address: Copied,
}

/// Rows that are read together.
const PAGE: i64 = 1000;

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(json) => list(&app, json.form()).await,
        Command::Add(add) => {
            let rest = add.days.map(|days| Duration::from_hours(24 * days));
            let mut tx = app.db.write().await?;
            suppress::add(&mut tx, (&add.address.address, &add.reason), rest, app.now()).await?;
            tx.commit().await?;
            out::line("It is not written to any more.");
            Ok(())
        }
        Command::Remove(remove) => {
            let mut tx = app.db.write().await?;
            if !suppress::remove(&mut tx, &remove.address.address).await? {
                return Err(Failure::data("that address is not suppressed"));
            }
            tx.commit().await?;
            out::line("It is written to again.");
            Ok(())
        }
    }
}

async fn list(app: &App, form: Form) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let mut rows = Vec::new();
    loop {
        let after = rows.last().map(|row: &store::suppressions::Suppression| row.address_key.clone());
        let page =
            store::suppressions::list(&mut tx, after.as_deref().unwrap_or_default(), app.now(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    if form == Form::Json {
        return out::json(&rows);
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.address.clone(),
                row.reason.clone(),
                row.created_at.to_string(),
                row.expires_at.map_or_else(|| "removed".to_owned(), |at| at.to_string()),
                row.detail.clone(),
            ]
        })
        .collect();
    out::table(&["ADDRESS", "REASON", "SINCE", "UNTIL", "DETAIL"], &rows);
    Ok(())
}
