//! Opening the database at the start: with its lock, its schema brought up to date, and patience.
//!
//! What is not there yet is waited for, with a word; what a person must mend ends the start.

use std::time::Duration;

use secrecy::ExposeSecret;
use tracing::warn;

use crate::config::Config;
use crate::ids::Ids;
use crate::store::db::Db;
use crate::store::db::open::OpenError;
use crate::store::faults;
use crate::store::migrate;
use crate::store::migrate::Lock;
use crate::store::migrate::MigrateError;
use crate::store::reach;

/// A command that brings the schema up to date has the lock for a moment; another daemon keeps it.
const LOCKED: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_secs(2);

/// An open database of the right version, and the lock that says so.
#[derive(Debug)]
pub struct Opened {
    pub db: Db,
    pub lock: Lock,
}

/// Opens the database, takes its lock and brings its schema up to date.
pub async fn open(config: &Config) -> anyhow::Result<Opened> {
    let url = config.database_url().await?;
    let url = url.expose_secret();
    let lock = lock(url).await?;
    reach::server(url).await.map_err(OpenError::Database)?;
    let db = Db::open(url, config.database.connections).await?;
    migrate::apply(&db).await?;
    Ok(Opened { db, lock })
}

/// As [`open`], but waits for a database that is not there yet.
pub(super) async fn wait(config: &Config) -> anyhow::Result<Opened> {
    loop {
        match open_to_write(config).await {
            Err(error) if is_waiting(&error) => {
                warn!("the database is waited for: {error:#}");
                tokio::time::sleep(AGAIN).await;
            }
            other => return other,
        }
    }
}

/// As [`open`], of a database that is not another's to write just now.
async fn open_to_write(config: &Config) -> anyhow::Result<Opened> {
    let mut opened = open(config).await?;
    if let Some(file) = opened.lock.file() {
        opened.db.mark(file, new_mark()).await.map_err(OpenError::Database)?;
    }
    let tx = opened.db.write().await.map_err(OpenError::Database)?;
    tx.rollback().await.map_err(OpenError::Database)?;
    Ok(opened)
}

/// Another one at each start, so that a copy of before is known as one. A signed number above 0, in SQLite's eyes.
fn new_mark() -> u32 {
    u32::from_be_bytes(Ids::System.bytes()) >> 1 | 1
}

async fn lock(url: &str) -> Result<Lock, MigrateError> {
    let begun = tokio::time::Instant::now();
    loop {
        match migrate::lock(url) {
            Err(MigrateError::InUse(_)) if begun.elapsed() < LOCKED => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            other => return other,
        }
    }
}

fn is_waiting(error: &anyhow::Error) -> bool {
    let opening = error.downcast_ref().is_some_and(|error| match error {
        OpenError::File(_, error) | OpenError::Database(error) => faults::is_waiting(error),
        OpenError::UnknownKind | OpenError::NotThere(_) | OpenError::Empty(_) => false,
    });
    let migrating = error.downcast_ref().is_some_and(|error| match error {
        MigrateError::Database(error) | MigrateError::Schema(sqlx::migrate::MigrateError::Execute(error)) => {
            faults::is_waiting(error)
        }
        _ => false,
    });
    opening || migrating
}
