//! `user add|list|passwd|disable`.

use std::io::Read;
use std::path::Path;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::email::Email;
use crate::password;
use crate::password::Weakness;
use crate::store;
use crate::store::users::NewUser;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a person, or make an agent of a customer
    Add(Add),
    /// List everybody
    List(List),
    /// Set a password
    Passwd(Passwd),
    /// Let somebody act no more; what he wrote stays
    Disable(Named),
}

#[derive(Debug, Args)]
pub struct Add {
    /// Name to log in with
    #[arg(long)]
    username: Option<String>,
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
    /// Read a password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Take a short or common password, for the Jutda API and nothing else
    #[arg(long, requires = "password_stdin")]
    accept_weak_password: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct List {
    /// Agents and administrators only
    #[arg(long)]
    staff: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Passwd {
    /// User name or address
    user: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Take a short or common password, for the Jutda API and nothing else
    #[arg(long)]
    accept_weak_password: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// User name or address
    user: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArgument {
    Customer,
    Agent,
    Admin,
}

/// Even a weak password has so many characters.
const SHORTEST_WEAK: usize = 4;

/// A new password as it is kept.
#[derive(Debug)]
pub(crate) struct Hashed {
    pub(crate) hash: String,
    pub(crate) weakness: Option<Weakness>,
}

/// People read at a time.
const PAGE: i64 = 1000;

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = match command {
        Command::Add(_) => context::open_or_make(file).await?,
        _ => context::open(file).await?,
    };
    match command {
        Command::Add(add) => insert(&app, add).await,
        Command::List(list) => print(&app, &list).await,
        Command::Passwd(passwd) => {
            let user = find(&app, &passwd.user).await?;
            let about = [user.username.as_deref(), user.email.as_deref(), Some(&user.name)];
            let new = hashed(&app, &about, passwd.accept_weak_password)?;
            let mut tx = app.db.write().await?;
            store::users::update_password(&mut tx, user.id, &new.hash, new.weakness.is_some()).await?;
            tx.commit().await?;
            out::line("The password is set.");
            Ok(())
        }
        Command::Disable(named) => {
            let user = find(&app, &named.user).await?;
            let mut tx = app.db.write().await?;
            store::users::disable(&mut tx, user.id, app.now()).await?;
            tx.commit().await?;
            out::line("Disabled.");
            Ok(())
        }
    }
}

async fn insert(app: &App, add: Add) -> Result<(), Failure> {
    let about = [add.username.as_deref(), Some(&*add.email), add.name.as_deref()];
    let password =
        if add.password_stdin { Some(hashed(app, &about, add.accept_weak_password)?) } else { None };
    let new = NewUser {
        role: match add.role {
            RoleArgument::Customer => Role::Customer,
            RoleArgument::Agent => Role::Agent,
            RoleArgument::Admin => Role::Admin,
        },
        email: Some(&add.email),
        name: add.name.as_deref().unwrap_or(&add.email),
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
pub async fn put(app: &App, new: &NewUser<'_>) -> Result<User, Failure> {
    let desk = app.desk();
    let email = new.email.filter(|email| Email::of(email).is_deliverable());
    let email = email.ok_or_else(|| Failure::data("the person's address is none that can be mailed"))?;
    if desk.directory.is_own(email) {
        return Err(Failure::data(format!(
            "{email} is an address of a queue: mail to it would come back as a request"
        )));
    }
    let mut tx = app.db.write().await?;
    let by_name = match new.username {
        Some(username) => store::users::find_by_username(&mut tx, username).await?,
        None => None,
    };
    let by_email = store::users::find_by_email(&mut tx, email).await?;
    let user = match (by_name, by_email) {
        (Some(_), _) => return Err(Failure::data("that user name is taken")),
        (None, Some(known)) if known.role.is_staff() => return Err(Failure::data("that address is taken")),
        (None, Some(known)) => store::users::promote(&mut tx, known.id, new, app.now()).await?,
        (None, None) => Some(store::users::insert(&mut tx, new, app.now()).await?),
    };
    tx.commit().await?;
    user.ok_or_else(|| Failure::data("that person is gone"))
}

async fn print(app: &App, list: &List) -> Result<(), Failure> {
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
                if user.disabled_at.is_some() { "disabled" } else { "active" }.to_owned(),
            ]
        })
        .collect();
    out::table(&["ID", "ROLE", "USER NAME", "NAME", "ADDRESS", "STATE"], &rows);
    Ok(())
}

async fn find(app: &App, name: &str) -> Result<User, Failure> {
    let mut tx = app.db.read().await?;
    let user = match store::users::find_by_username(&mut tx, name).await? {
        Some(user) => Some(user),
        None => store::users::find_by_email(&mut tx, name).await?,
    };
    user.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no user {name}")))
}

/// Reads a password of somebody about whom these words are known.
fn hashed(app: &App, about: &[Option<&str>], accept_weak: bool) -> Result<Hashed, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().take(4096).read_to_string(&mut text)?;
    let password = text.lines().next().unwrap_or_default();
    let about: Vec<&str> = about.iter().flatten().copied().collect();
    let new = hash(app, password, &about)?;
    if let Some(weakness) = new.weakness.filter(|_| !accept_weak) {
        out::note(&format!(
            "{weakness}. This one opens the Jutda API and nothing else (--accept-weak-password)"
        ));
    }
    Ok(new)
}

/// What is weak in a password that is taken all the same; an error is none.
pub(crate) fn judge(password: &str, about: &[&str]) -> Result<Option<Weakness>, Failure> {
    if password.chars().count() < SHORTEST_WEAK {
        return Err(Failure::data(Weakness::Short.to_string()));
    }
    Ok(password::weakness(password, about))
}

/// A new password of somebody about whom these words are known, as it is kept.
pub(crate) fn hash(app: &App, password: &str, about: &[&str]) -> Result<Hashed, Failure> {
    let weakness = judge(password, about)?;
    let hash = password::hash(password, &app.desk().ids.bytes())
        .map_err(|error| Failure::system(error.to_string()))?;
    Ok(Hashed { hash, weakness })
}
