//! `user list|show`.

use clap::Args;
use serde_json::json;

use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::user::change;
use crate::desk::app::App;
use crate::email::Email;
use crate::store;
use crate::store::events::Logged;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

#[derive(Debug, Args)]
pub struct List {
    /// Agents and administrators only
    #[arg(long)]
    staff: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Show {
    /// User name, address or number
    user: String,
    #[command(flatten)]
    json: JsonSwitch,
}

/// People read at a time.
const PAGE: i64 = 1000;

pub(super) async fn list(app: &App, list: &List) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let mut users: Vec<User> = Vec::new();
    loop {
        let after = users.last().map_or(UserId(0), |user| user.id);
        let page = store::users::list(&mut tx, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        users.extend(page);
    }
    users.retain(|user| !list.staff || user.role.is_staff());
    if list.json.form() == Form::Json {
        return out::json(&users);
    }
    let rows: Vec<_> = users
        .iter()
        .map(|user| {
            vec![
                user.id.to_string(),
                user.role.to_string(),
                user.username.clone().unwrap_or_default(),
                user.name.clone(),
                user.email.clone().unwrap_or_default(),
                state(user).to_owned(),
            ]
        })
        .collect();
    out::table(&["ID", "ROLE", "USER NAME", "NAME", "ADDRESS", "STATE"], &rows);
    Ok(())
}

pub(super) async fn show(app: &App, show: &Show) -> Result<(), Failure> {
    let user = change::find(app, &show.user).await?;
    let mut tx = app.db.read().await?;
    let log = store::events::list_of_user(&mut tx, user.id).await?;
    if show.json.form() == Form::Json {
        return out::json(&json!({ "user": user, "log": log }));
    }
    out::line(&out::clean(&format!("{} {}: {}", user.role, user.id, user.name)));
    out::line(&out::clean(&format!("  addresses  {}", addresses(&user))));
    if let Some(username) = &user.username {
        out::line(&out::clean(&format!("  user name  {username}")));
    }
    if let Some(locale) = &user.locale {
        out::line(&out::clean(&format!("  language   {locale}")));
    }
    match user.merged_into {
        Some(other) => out::line(&format!("  state      merged into person {other}")),
        None => out::line(&format!("  state      {}", state(&user))),
    }
    out::line(&format!("  since      {}", user.created_at));
    for event in &log {
        out::line(&out::clean(&format!("  {}  {}", event.at, said(event))));
    }
    Ok(())
}

fn state(user: &User) -> &'static str {
    match (user.merged_into, user.disabled_at) {
        (Some(_), _) => "merged",
        (None, Some(_)) => "disabled",
        (None, None) => "active",
    }
}

fn addresses(user: &User) -> String {
    let first = user.email.iter().cloned();
    let others = user
        .keys()
        .into_iter()
        .filter(|key| user.email.as_deref().is_none_or(|email| Email::key_of(email) != *key));
    first.chain(others).collect::<Vec<_>>().join(", ")
}

fn said(event: &Logged) -> String {
    match (&event.old, &event.new) {
        (Some(old), Some(new)) => format!("{}: {old} -> {new}", event.field),
        (None, Some(new)) => format!("{}: {new}", event.field),
        (Some(old), None) => format!("{}: {old} ->", event.field),
        (None, None) => event.field.clone(),
    }
}
