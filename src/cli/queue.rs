//! `queue list`.

use std::path::Path;

use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::store;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the queues, disabled ones too
    List(JsonSwitch),
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let Command::List(json) = command;
    let app = context::open(file).await?;
    let mut tx = app.db.read().await?;
    let queues = store::queues::list(&mut tx).await?;
    if json.form() == Form::Json {
        return out::json(&queues);
    }
    let rows: Vec<_> = queues
        .iter()
        .map(|queue| {
            let state = if queue.disabled_at.is_some() { "disabled" } else { "active" };
            vec![
                queue.id.to_string(),
                queue.slug.clone(),
                queue.title.clone(),
                queue.address.clone(),
                state.to_owned(),
            ]
        })
        .collect();
    out::table(&["ID", "SLUG", "TITLE", "ADDRESS", "STATE"], &rows);
    Ok(())
}
