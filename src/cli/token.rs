//! `token …`: what programs log in with at the Desk API and at the Jaze Tickets API.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::token;
use crate::desk::token::Grant;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::store::db::Tx;
use crate::ticket::id::UserId;
use crate::ticket::scope::Scopes;
use crate::ticket::until::Until;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token of the Desk API with --scope, or a token and a key for the Jaze Tickets API; shown this once
    Add(Add),
    /// List the tokens, revoked ones too
    List(JsonSwitch),
    /// End a token, by name or by itself
    Revoke(Named),
    /// Let nobody call with a token for now
    Disable(Named),
    /// Let programs call with a disabled token again
    Enable(Named),
}

#[derive(Debug, Args)]
pub struct Add {
    /// What it is for
    #[arg(long)]
    name: String,
    /// What it may do at the Desk API: some of read, write, customers and admin, with commas between them
    #[arg(long, value_name = "SCOPES")]
    scope: Option<Scopes>,
    /// The agent in whose name it acts: user name or address [default: its own]
    #[arg(long, value_name = "AGENT", requires = "scope")]
    user: Option<String>,
    /// When it ends by itself: 2026-12-24, 90d, 12w [default: never]
    #[arg(long, value_name = "TIME", requires = "scope", value_parser = Until::parse)]
    expires: Option<Until>,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Named {
    /// The token or its name
    token: String,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::Add(add) => match add.scope.clone() {
            Some(scopes) => grant(&app, &add, &scopes).await,
            None => pair(&app, &add).await,
        },
        Command::List(json) => list(&app, json.form()).await,
        Command::Revoke(named) => {
            let mut tx = app.db.write().await?;
            token::revoke(&mut tx, &named.token, app.now()).await?;
            done(tx, "Revoked.").await
        }
        Command::Disable(named) => {
            let mut tx = app.db.write().await?;
            token::disable(&mut tx, &named.token, app.now()).await?;
            done(tx, "Disabled.").await
        }
        Command::Enable(named) => {
            let mut tx = app.db.write().await?;
            token::enable(&mut tx, &named.token).await?;
            done(tx, "Enabled.").await
        }
    }
}

async fn done(tx: Tx, said: &str) -> Result<(), Failure> {
    tx.commit().await?;
    out::line(said);
    Ok(())
}

async fn pair(app: &App, add: &Add) -> Result<(), Failure> {
    let mut tx = app.db.write().await?;
    let made = token::add(&mut tx, &app.desk().ids, &add.name, app.now()).await?;
    tx.commit().await?;
    if add.json.form() == Form::Json {
        return out::json(&json!({ "token": made.token, "key": made.key }));
    }
    out::line(&format!("Token: {}", made.token));
    out::line(&format!("Key:   {}", made.key));
    out::line("The key is not stored and cannot be shown again.");
    Ok(())
}

async fn grant(app: &App, add: &Add, scopes: &Scopes) -> Result<(), Failure> {
    let (desk, now) = (app.desk(), app.now());
    let user = match &add.user {
        Some(name) => Some(context::staff(app, name).await?),
        None => None,
    };
    let expires_at = add.expires.map(|until| token::expiry(&desk, until, now)).transpose();
    let expires_at = expires_at.map_err(|why| Failure::data(why.to_string()))?;
    let wanted = Grant { scopes, user: user.as_ref(), expires_at };
    let mut tx = app.db.write().await?;
    let made = token::grant(&mut tx, &desk.ids, &add.name, wanted, now).await?;
    tx.commit().await?;
    if add.json.form() == Form::Json {
        return out::json(
            &json!({ "token": made.bearer(), "scopes": scopes.to_string(), "expires_at": expires_at }),
        );
    }
    out::line(&format!("Token: {}", made.bearer()));
    out::line("The token is not stored and cannot be shown again.");
    Ok(())
}

async fn list(app: &App, form: Form) -> Result<(), Failure> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let tokens = token::list(&mut tx).await?;
    let ids: Vec<UserId> = tokens.iter().filter_map(|token| token.user_id).collect();
    let users = store::users::list_of(&mut tx, &ids).await?;
    let user = |token: &ApiToken| {
        let found = users.iter().find(|user| Some(user.id) == token.user_id);
        found.map(|user| user.username.clone().unwrap_or_else(|| user.name.clone()))
    };
    let scopes = |token: &ApiToken| token.scopes.as_ref().map(Scopes::to_string);
    if form == Form::Json {
        let row = |row: &ApiToken| {
            json!({
                "name": row.name, "token": row.token, "state": row.state(now), "scopes": scopes(row),
                "user": user(row), "used_at": row.used_at, "expires_at": row.expires_at,
            })
        };
        return out::json(&tokens.iter().map(row).collect::<Vec<_>>());
    }
    let time = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let row = |row: &ApiToken| {
        vec![
            row.name.clone(),
            row.token.clone(),
            row.state(now).to_owned(),
            scopes(row).unwrap_or_else(|| "jaze".to_owned()),
            user(row).unwrap_or_else(|| "-".to_owned()),
            time(row.used_at),
            time(row.expires_at),
        ]
    };
    let headings = ["NAME", "TOKEN", "STATE", "SCOPES", "USER", "LAST USED", "EXPIRES"];
    out::table(&headings, &tokens.iter().map(row).collect::<Vec<_>>());
    Ok(())
}
