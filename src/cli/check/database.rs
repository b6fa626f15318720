//! The database: which one, whether it can be written, how much room it has, and whether its clock is ours.
//!
//! Makes and migrates nothing.

use std::path::Path;
use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::cli::check::report::Section;
use crate::clock::Clock;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::private;
use crate::store;
use crate::store::database_file;
use crate::store::db;
use crate::store::db::Db;
use crate::store::db::integrity;
use crate::store::db::open::OpenError;
use crate::store::migrate;
use crate::store::migrate::MigrateError;

/// Also prepares a database that is missing or empty.
pub(crate) const ADD_AGENT: &str =
    "printf 'PASSWORD\\n' | helpdeskd user add --email ADDRESS --name NAME --username NAME --password-stdin";

/// Less room than this ends in a full disk soon.
const LEAST_ROOM: u64 = 100 << 20;
const LITTLE_ROOM: u64 = 1 << 30;

/// The facts, and the database if its schema is this program's.
pub async fn look(config: &Config, now: Timestamp) -> (Section, Option<Db>) {
    let mut section = Section::new("database");
    let url = match config.database_url().await {
        Ok(url) => url,
        Err(error) => {
            section.bad(error.to_string(), "set `database.url`, or the place that it names");
            return (section, None);
        }
    };
    let url = url.expose_secret();
    let file = database_file::of_url(url);
    if let Some(file) = &file {
        room(&mut section, file);
        if !file.exists() {
            section.bad(format!("{} does not exist yet, so there is no agent", file.display()), ADD_AGENT);
            return (section, None);
        }
        exposed(&mut section, file);
    }
    let db = match Db::open_there(url, 2).await {
        Ok(db) => db,
        Err(error @ (OpenError::NotThere(_) | OpenError::Empty(_))) => {
            section.bad(error.to_string(), ADD_AGENT);
            return (section, None);
        }
        Err(error) => {
            let why = file.as_deref().and_then(database_file::wrong);
            let told = why.map_or(error.to_string(), |why| format!("{error}; {why}"));
            let fix = match &file {
                Some(_) if why.is_some() => "mend that: the system's own log may say more",
                Some(_) => "run this as the user that the daemon runs as, and see that the file is its own",
                None => {
                    "is PostgreSQL up, and are host, database, user and password in `database.url` right?"
                }
            };
            section.bad(told, fix);
            return (section, None);
        }
    };
    match facts(&mut section, &db, (url, file.as_deref()), now).await {
        Ok(true) => (section, Some(db)),
        Ok(false) => (section, None),
        Err(error) => {
            section.bad(format!("the database fails: {error}"), "see the database's own log");
            (section, None)
        }
    }
}

/// Returns whether the schema is this program's.
async fn facts(
    section: &mut Section,
    db: &Db,
    (url, file): (&str, Option<&Path>),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let mut tx = db.read().await?;
    let version = integrity::version(&mut tx).await?;
    let there = db::now(&mut tx, Clock::System.now()).await?;
    drop(tx);
    match file {
        Some(file) => section.ok(format!("SQLite {version}, {}", file.display())),
        None => section.ok(format!("PostgreSQL {version}")),
    }
    if matches!(migrate::lock(url), Err(MigrateError::InUse(_))) {
        section.ok("a helpdeskd serves it now");
    }
    let current = schema(section, db).await?;
    if current {
        writable(section, db).await;
    }
    if db.is_shared() {
        skew(section, there, now);
    }
    Ok(current)
}

async fn schema(section: &mut Section, db: &Db) -> Result<bool, sqlx::Error> {
    match migrate::require_current(db).await {
        Ok(()) => {
            section.ok(format!("schema {} is this version's", migrate::latest()));
            return Ok(true);
        }
        Err(MigrateError::Database(error)) => return Err(error),
        Err(MigrateError::Empty) => {
            section.bad("it is empty, so there is no agent", ADD_AGENT);
        }
        Err(MigrateError::Behind { found, wanted }) => section.note(
            format!("its schema is {found}, this version's is {wanted}"),
            "`helpdeskd serve` or `helpdeskd migrate` brings it up to date; make a backup before",
        ),
        Err(error) => section.bad(error.to_string(), "install the newer helpdeskd here too"),
    }
    Ok(false)
}

async fn writable(section: &mut Section, db: &Db) {
    let tried = async {
        let mut tx = db.write().await?;
        store::queues::touch(&mut tx).await?;
        tx.rollback().await
    };
    match tried.await {
        Ok(()) => section.ok("it can be written"),
        Err(error) => section.bad(
            db.wrong().unwrap_or_else(|| format!("it cannot be written: {error}")),
            "see that the disk is well, and that the daemon's user owns file and directory, or has its rights in PostgreSQL",
        ),
    }
}

/// Whether other people on this machine can read the mails and keys in it.
fn exposed(section: &mut Section, file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        let path = PathBuf::from(path);
        if private::others_can_read(&path) {
            let path = path.display();
            section.note(
                format!("{path} holds mails and keys, and others on this machine can read it"),
                format!("chmod 600 {path}"),
            );
        }
    }
}

fn skew(section: &mut Section, there: Timestamp, now: Timestamp) {
    let off = there.0.saturating_sub(now.0).saturating_abs();
    let seconds = off / Timestamp::SECOND;
    // The look itself takes a moment.
    if off < Timestamp::SECOND * 5 {
        section.ok("its clock and this machine's agree");
    } else {
        section.bad(
            format!("its clock and this machine's are {seconds} s apart"),
            "run a time service (chrony, systemd-timesyncd) on both machines",
        );
    }
}

fn room(section: &mut Section, file: &Path) {
    let directory = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = directory.display();
    match rustix::fs::statvfs(directory) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let text = if free >> 30 >= 10 {
                format!("{} GB are free in {shown}", free >> 30)
            } else {
                format!("{} MB are free in {shown}", free >> 20)
            };
            if free < LEAST_ROOM {
                section.bad(text, "make room: without it no mail can be recorded");
            } else if free < LITTLE_ROOM {
                section.note(text, "make room before it is less");
            } else {
                section.ok(text);
            }
        }
        Err(error) => {
            section.bad(
                format!("the directory {shown} cannot be used: {error}"),
                "make it, for the daemon's user",
            );
        }
    }
}
