//! `user add`.

use clap::Args;
use clap::ValueEnum;
use serde_json::json;

use crate::cli::failure::Failure;
use crate::cli::new_password;
use crate::cli::new_password::Source;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::person;
use crate::mail::parse::copied::Copied;
use crate::store::users::NewUser;
use crate::ticket::person::Role;
use crate::ticket::person::User;

#[derive(Debug, Args)]
pub struct Add {
    /// Name to log in with
    #[arg(long)]
    username: Option<String>,
    /// Address; `Name <address>` gives the name, too
    #[arg(long)]
    email: String,
    /// Name that others see [default: the address]
    #[arg(long)]
    name: Option<String>,
    #[arg(long, value_enum, default_value = "agent")]
    role: RoleArgument,
    /// Language of mails to this person
    #[arg(long)]
    locale: Option<String>,
    /// Ask for a password at the terminal
    #[arg(long, conflicts_with = "password_stdin")]
    password: bool,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleArgument {
    Customer,
    Agent,
    Admin,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Customer => Self::Customer,
            RoleArgument::Agent => Self::Agent,
            RoleArgument::Admin => Self::Admin,
        }
    }
}

pub(super) async fn run(app: &App, add: Add) -> Result<(), Failure> {
    let copied = Copied::of(&add.email);
    let (email, name) = (&*copied.address, add.name.as_deref().or(copied.name.as_deref()));
    let about = [add.username.as_deref(), Some(email), name];
    let asks = add.password || add.source.password_stdin;
    let password = if asks { Some(new_password::read(app, &about, &add.source)?) } else { None };
    let new = NewUser {
        role: add.role.into(),
        email: Some(email),
        name: name.unwrap_or(email),
        username: add.username.as_deref(),
        password_hash: password.as_ref().map(|new| &*new.hash),
        weak_password: password.as_ref().is_some_and(|new| new.weakness.is_some()),
        locale: add.locale.as_deref(),
    };
    let user = put(app, &new).await?;
    match add.json.form() {
        Form::Json => out::json(&json!({ "id": user.id })),
        Form::Human => {
            out::line(&format!("Added {} {}.", user.role, user.id));
            Ok(())
        }
    }
}

/// Adds a person, or gives a known customer a new role.
pub(crate) async fn put(app: &App, new: &NewUser<'_>) -> Result<User, Failure> {
    let mut tx = app.db.write().await?;
    let user = person::add(&app.desk(), &mut tx, &Actor::operator(), new, app.now()).await?;
    tx.commit().await?;
    Ok(user)
}
