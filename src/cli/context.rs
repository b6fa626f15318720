//! What a command works on: configuration, database, desk.

use std::path::Path;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::failure::Origin;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::app::App;
use crate::desk::app::Declared;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::ids::Ids;
use crate::store;
use crate::store::database_file;
use crate::store::db::Db;
use crate::store::migrate;
use crate::ticket::person::User;

/// Opens the desk for one command, beside a running daemon or without one. Makes and migrates nothing.
pub async fn open(file: Option<&Path>) -> Result<App, Failure> {
    let config = Arc::new(Config::load(file)?);
    let url = config.database_url().await?;
    let db = Db::open_there(url.expose_secret(), config.database.connections).await?;
    build(db, config).await
}

/// As [`open`], for the command that adds the first person: makes the desk where there is none yet.
pub async fn open_or_make(file: Option<&Path>) -> Result<App, Failure> {
    let config = Arc::new(Config::load(file)?);
    let url = config.database_url().await?;
    let url = url.expose_secret();
    let db = Db::open(url, config.database.connections).await?;
    if migrate::version(&db).await? == 0 {
        // Only for this: a daemon that starts meanwhile must not find it taken.
        let _lock = migrate::lock(url)?;
        migrate::apply(&db).await?;
    }
    build(db, config).await
}

/// Says which file it is about where the embedded database failed a command, and what is wrong with it.
pub async fn named(failure: Failure, file: Option<&Path>) -> Failure {
    if failure.origin != Origin::Database {
        return failure;
    }
    let Ok(config) = Config::load(file) else { return failure };
    let Ok(url) = config.database_url().await else { return failure };
    let Some(path) = database_file::of_url(url.expose_secret()) else { return failure };
    let shown = path.display().to_string();
    match database_file::wrong(&path) {
        Some(why) => {
            Failure::new(Code::Unavailable, format!("the database {shown} cannot be written: {why}"))
        }
        None if failure.sentence.contains(&shown) => failure,
        None => Failure { sentence: format!("{} ({shown})", failure.sentence), ..failure },
    }
}

async fn build(db: Db, config: Arc<Config>) -> Result<App, Failure> {
    migrate::require_current(&db).await?;
    let parts = (Clock::System, Ids::System);
    let app = App::build(db.clone(), Arc::clone(&config), parts, Declared::Read).await?;
    let desk = app.desk();
    if desk.directory.queues().len() == config.queues.len() {
        return Ok(app);
    }
    Ok(App::build(db, config, (Clock::System, Ids::System), Declared::Written).await?)
}

/// Whoever acts by the command line: the operator, or the agent he names.
pub async fn actor(app: &App, name: Option<&str>) -> Result<Actor, Failure> {
    Ok(match name {
        Some(name) => Actor::person(staff(app, name).await?, Door::Cli),
        None => Actor::operator(),
    })
}

/// An active agent by user name or address.
pub async fn staff(app: &App, name: &str) -> Result<User, Failure> {
    let mut tx = app.db.read().await?;
    let by_name = store::users::find_by_username(&mut tx, name).await?;
    let user = match by_name {
        Some(user) => Some(user),
        None => store::users::find_by_email(&mut tx, name).await?,
    };
    let agent = |user: &User| authority::standing(user, Proof::Account, Aim::Change) == Standing::Agent;
    let user = user.filter(agent);
    user.ok_or_else(|| Failure::data(format!("there is no active agent {name}")))
}
