//! `token add|list|revoke`: what programs log in with at the Jaze Tickets API.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::token;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token and its key; the key is shown this once
    Add(Add),
    /// List the tokens, revoked ones too
    List(JsonSwitch),
    /// End a token, by name or by itself
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub struct Add {
    /// What it is for
    #[arg(long)]
    name: String,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Revoke {
    /// The token or its name
    token: String,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    match command {
        Command::Add(add) => {
            let mut tx = app.db.write().await?;
            let made = token::add(&mut tx, &desk.ids, &add.name, app.now()).await?;
            tx.commit().await?;
            if add.json.form() == Form::Json {
                return out::json(&json!({ "token": made.token, "key": made.key }));
            }
            out::line(&format!("Token: {}", made.token));
            out::line(&format!("Key:   {}", made.key));
            out::line("The key is not stored and cannot be shown again.");
        }
        Command::List(json) => {
            let mut tx = app.db.read().await?;
            let tokens = token::list(&mut tx).await?;
            let state = |valid: bool| if valid { "valid" } else { "revoked" };
            if json.form() == Form::Json {
                let rows = tokens.iter().map(
                    |row| json!({ "name": row.name, "token": row.token, "state": state(row.is_valid()) }),
                );
                return out::json(&rows.collect::<Vec<_>>());
            }
            let rows = tokens
                .iter()
                .map(|row| vec![row.name.clone(), row.token.clone(), state(row.is_valid()).to_owned()]);
            out::table(&["NAME", "TOKEN", "STATE"], &rows.collect::<Vec<_>>());
        }
        Command::Revoke(revoke) => {
            let mut tx = app.db.write().await?;
            token::revoke(&mut tx, &revoke.token, app.now()).await?;
            tx.commit().await?;
            out::line("Revoked.");
        }
    }
    Ok(())
}
