//! `user passwd|rename|role|locale|enable|disable`: one thing of one person.

use clap::Args;
use clap::ValueEnum;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::new_password;
use crate::cli::new_password::Source;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::user::add::RoleArgument;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::morning;
use crate::desk::morning::Wish;
use crate::desk::person;
use crate::desk::person::Password;
use crate::desk::person::merge;
use crate::store;
use crate::template;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

#[derive(Debug, Args)]
pub struct Passwd {
    /// User name, address or number
    user: String,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Rename {
    /// User name, address or number
    user: String,
    /// Name that others see
    name: String,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct SetRole {
    /// User name, address or number
    user: String,
    #[arg(value_enum)]
    role: RoleArgument,
    /// Name to log in with [default: the one of before]
    #[arg(long)]
    username: Option<String>,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct SetLocale {
    /// User name, address or number
    user: String,
    /// A language, such as de or de-AT; `none`: the one of each ticket
    locale: String,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct SetDigest {
    /// User name, address or number
    user: String,
    #[arg(value_enum)]
    wants: WishArgument,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum WishArgument {
    On,
    Off,
}

#[derive(Debug, Args)]
pub struct Merge {
    /// Who is somebody else: user name, address or number
    user: String,
    /// Who they are
    into: String,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Named {
    /// User name, address or number
    user: String,
    #[command(flatten)]
    json: JsonSwitch,
}

/// Whom a word on the command line names.
pub(super) async fn find(app: &App, word: &str) -> Result<User, Failure> {
    let mut tx = app.db.read().await?;
    let user = person::find(&mut tx, word).await?;
    user.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no user {word}")))
}

pub(super) async fn passwd(app: &App, arguments: &Passwd) -> Result<(), Failure> {
    let user = find(app, &arguments.user).await?;
    let about = [user.username.as_deref(), user.email.as_deref(), Some(&user.name)];
    let new = new_password::read(app, &about, &arguments.source)?;
    let password = Password { hash: &new.hash, is_weak: new.weakness.is_some() };
    let mut tx = app.db.write().await?;
    let user = person::set_password(&mut tx, &Actor::operator(), user.id, password, app.now()).await?;
    tx.commit().await?;
    done(arguments.json, &user, "The password is set.")
}

pub(super) async fn rename(app: &App, arguments: &Rename) -> Result<(), Failure> {
    let user = find(app, &arguments.user).await?;
    let mut tx = app.db.write().await?;
    let user = person::rename(&mut tx, &Actor::operator(), user.id, &arguments.name, app.now()).await?;
    tx.commit().await?;
    done(arguments.json, &user, "Renamed.")
}

pub(super) async fn locale(app: &App, arguments: &SetLocale) -> Result<(), Failure> {
    let locale = match arguments.locale.as_str() {
        "none" => None,
        text => Some(
            template::locale::canonical(text)
                .ok_or_else(|| Failure::data("a language is such as de or de-AT"))?,
        ),
    };
    let user = find(app, &arguments.user).await?;
    let mut tx = app.db.write().await?;
    let user = person::set_locale(&mut tx, &Actor::operator(), user.id, locale.as_deref(), app.now()).await?;
    tx.commit().await?;
    done(arguments.json, &user, "Set.")
}

pub(super) async fn digest(app: &App, arguments: &SetDigest) -> Result<(), Failure> {
    let wants = match arguments.wants {
        WishArgument::On => Wish::On,
        WishArgument::Off => Wish::Off,
    };
    let user = find(app, &arguments.user).await?;
    let mut tx = app.db.write().await?;
    let changed = morning::set(&mut tx, &Actor::operator(), &user, wants, app.now()).await?;
    tx.commit().await?;
    done(arguments.json, &user, if changed { "Set." } else { "It was so already." })
}

pub(super) async fn role(app: &App, arguments: &SetRole) -> Result<(), Failure> {
    let user = find(app, &arguments.user).await?;
    let (role, username) = (Role::from(arguments.role), arguments.username.as_deref());
    let mut tx = app.db.write().await?;
    let user = person::set_role(&mut tx, &Actor::operator(), user.id, (role, username), app.now()).await?;
    tx.commit().await?;
    let tickets = if role.is_staff() { Vec::new() } else { hand_back(app, user.id).await? };
    handed_back(arguments.json, &user, &format!("Now {role}."), &tickets)
}

pub(super) async fn merge(app: &App, arguments: &Merge) -> Result<(), Failure> {
    let (user, into) = (find(app, &arguments.user).await?, find(app, &arguments.into).await?);
    let mut tx = app.db.write().await?;
    let user = merge::merge(&mut tx, &Actor::operator(), (user.id, into.id), app.now()).await?;
    tx.commit().await?;
    done(arguments.json, &user, &format!("Merged into person {}.", user.id))
}

pub(super) async fn enable(app: &App, arguments: &Named) -> Result<(), Failure> {
    let user = find(app, &arguments.user).await?;
    let mut tx = app.db.write().await?;
    let was_disabled = person::enable(&mut tx, &Actor::operator(), user.id, app.now()).await?;
    tx.commit().await?;
    let user = found(app, user.id).await?;
    done(arguments.json, &user, if was_disabled { "Enabled." } else { "They could act already." })
}

/// Again for somebody who is disabled: their tickets may not all have been handed back when the first one ended.
pub(super) async fn disable(app: &App, arguments: &Named) -> Result<(), Failure> {
    let user = find(app, &arguments.user).await?;
    let mut tx = app.db.write().await?;
    person::disable(&mut tx, &Actor::operator(), user.id, app.now()).await?;
    tx.commit().await?;
    let tickets = hand_back(app, user.id).await?;
    let user = found(app, user.id).await?;
    handed_back(arguments.json, &user, "Disabled.", &tickets)
}

/// Hands back all tickets of somebody who acts no more, some at a time.
pub(super) async fn hand_back(app: &App, id: UserId) -> Result<Vec<TicketId>, Failure> {
    let mut all = Vec::new();
    loop {
        let mut tx = app.db.write().await?;
        let some = person::hand_back(&app.desk(), &mut tx, &Actor::operator(), id, app.now()).await?;
        tx.commit().await?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend(some);
    }
}

async fn found(app: &App, id: UserId) -> Result<User, Failure> {
    let mut tx = app.db.read().await?;
    store::users::find(&mut tx, id).await?.ok_or_else(|| Failure::data("that person is gone"))
}

pub(super) fn done(json: JsonSwitch, user: &User, said: &str) -> Result<(), Failure> {
    match json.form() {
        Form::Json => out::json(user),
        Form::Human => {
            out::line(said);
            Ok(())
        }
    }
}

fn handed_back(json: JsonSwitch, user: &User, said: &str, tickets: &[TicketId]) -> Result<(), Failure> {
    if json.form() == Form::Json {
        return out::json(&json!({ "user": user, "handed_back": tickets }));
    }
    out::line(said);
    if !tickets.is_empty() {
        let numbers: Vec<String> = tickets.iter().map(ToString::to_string).collect();
        out::line(&format!("Nobody has these tickets now: {}.", numbers.join(", ")));
    }
    Ok(())
}
