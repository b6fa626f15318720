//! Bringing a database to the schema of this program, once, by one process.
//!
//! Applied files are never edited: a change is a new file with the next number in both folders.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::SqlSafeStr;
use sqlx::migrate::Migration;
use sqlx::migrate::MigrationType;
use sqlx::migrate::Migrator;

use crate::store::database_file;
use crate::store::database_file::KeptOpen;
use crate::store::db::Db;
use crate::store::db::Tx;
use crate::store::db::on;

/// Number, name, SQLite text, PostgreSQL text.
type Step = (i64, &'static str, &'static str, &'static str);

macro_rules! step {
    ($number:literal, $name:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        )
    };
}

const STEPS: &[Step] = &[
    step!(1, "0001_desk"),
    step!(2, "0002_api"),
    step!(3, "0003_probes"),
    step!(4, "0004_contact"),
    step!(5, "0005_escalation"),
    step!(6, "0006_sharing"),
    step!(7, "0007_oauth"),
    step!(8, "0008_traffic"),
    step!(9, "0009_relay"),
    step!(10, "0010_trust"),
    step!(11, "0011_lists"),
    step!(12, "0012_events"),
    step!(13, "0013_bodies"),
    step!(14, "0014_relays"),
    step!(15, "0015_old_mail"),
    step!(16, "0016_faults"),
    step!(17, "0017_hearing"),
    step!(18, "0018_drafts"),
    step!(21, "0021_passwords"),
    step!(22, "0022_caps"),
    step!(25, "0025_people"),
    step!(26, "0026_erasures"),
    step!(27, "0027_snooze"),
    step!(28, "0028_replies"),
    step!(29, "0029_rules"),
    step!(31, "0031_counted"),
    step!(34, "0034_split"),
    step!(35, "0035_morning"),
    step!(37, "0037_measures"),
    step!(38, "0038_ratings"),
    step!(40, "0040_plain"),
    step!(41, "0041_written"),
    step!(42, "0042_words"),
    step!(45, "0045_scopes"),
    step!(50, "0050_positions"),
];

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("another helpdeskd serves this database ({0}): stop it first")]
    InUse(PathBuf),
    #[error("cannot lock {0}: {1}")]
    Lock(PathBuf, std::io::Error),
    #[error("there is no desk here yet: the database is empty; run `helpdeskd migrate`")]
    Empty,
    #[error("the database is not of this version ({found} of {wanted} steps): run `helpdeskd migrate`")]
    Behind { found: i64, wanted: i64 },
    #[error("the database is newer than this helpdeskd ({found} of {wanted} steps): install the newer one")]
    Ahead { found: i64, wanted: i64 },
    #[error("cannot change the schema: {0}")]
    Schema(#[from] sqlx::migrate::MigrateError),
    #[error("cannot read the schema's version: {0}")]
    Database(#[from] sqlx::Error),
}

/// Held by the one process that serves or migrates a SQLite file.
///
/// The file itself is locked, whatever name it was opened by, and the one beside it that earlier versions know.
#[derive(Debug)]
pub struct Lock {
    file: Option<KeptOpen>,
    _beside: Option<File>,
}

impl Lock {
    /// The locked file, for whoever looks into it beside SQLite.
    pub(crate) fn file(&self) -> Option<&KeptOpen> {
        self.file.as_ref()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // It ends with the process in any case.
            let _ = file.unlock();
        }
    }
}

/// Locks a SQLite database for serving or migrating it. PostgreSQL needs none.
pub fn lock(url: &str) -> Result<Lock, MigrateError> {
    let Some(path) = database_file::of_url(url) else { return Ok(Lock { file: None, _beside: None }) };
    database_file::make_private(&path);
    // Only what SQLite can open, too: it says what is wrong.
    let file = File::open(&path).ok().map(|file| Arc::new(ManuallyDrop::new(file)));
    let path = path.canonicalize().unwrap_or(path);
    if let Some(file) = &file {
        taken(file, &path)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let beside = File::options().create(true).truncate(false).write(true).open(&name);
    let beside = beside.map_err(|error| MigrateError::Lock(name.clone(), error))?;
    taken(&beside, &path)?;
    Ok(Lock { file, _beside: Some(beside) })
}

fn taken(file: &File, path: &Path) -> Result<(), MigrateError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(std::fs::TryLockError::WouldBlock) => Err(MigrateError::InUse(path.to_path_buf())),
        Err(std::fs::TryLockError::Error(error)) => Err(MigrateError::Lock(path.to_path_buf(), error)),
    }
}

/// Applies every step that is missing. On SQLite the caller holds the [`Lock`].
pub async fn apply(db: &Db) -> Result<(), MigrateError> {
    let (found, wanted) = (version(db).await?, latest());
    if found > wanted {
        return Err(MigrateError::Ahead { found, wanted });
    }
    let migrator = migrator(db);
    match db {
        Db::Sqlite { write, .. } => migrator.run(write).await?,
        Db::Postgres(pool) => migrator.run(pool).await?,
    }
    Ok(())
}

/// The number of this program's last step.
pub fn latest() -> i64 {
    STEPS.last().map_or(0, |step| step.0)
}

/// Refuses a database of another version than this program's.
pub async fn require_current(db: &Db) -> Result<(), MigrateError> {
    let wanted = latest();
    let found = version(db).await?;
    match found.cmp(&wanted) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less if found == 0 => Err(MigrateError::Empty),
        std::cmp::Ordering::Less => Err(MigrateError::Behind { found, wanted }),
        std::cmp::Ordering::Greater => Err(MigrateError::Ahead { found, wanted }),
    }
}

/// The number of the last applied step; 0 for an empty database.
pub async fn version(db: &Db) -> Result<i64, sqlx::Error> {
    let mut tx = db.read().await?;
    let known = match &mut tx {
        Tx::Sqlite(transaction) => {
            let sql = "select count(*) from sqlite_master where name = '_sqlx_migrations'";
            sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut **transaction).await?
        }
        Tx::Postgres(transaction) => {
            let sql = "select count(*) from pg_tables where tablename = '_sqlx_migrations' and schemaname = any (current_schemas(false))";
            sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut **transaction).await?
        }
    };
    if known == 0 {
        return Ok(0);
    }
    let sql = "select coalesce(max(version), 0) from _sqlx_migrations";
    on!(&mut tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

fn migrator(db: &Db) -> Migrator {
    let steps = STEPS.iter().map(|&(number, name, sqlite, postgres)| {
        let text = if db.is_shared() { postgres } else { sqlite };
        Migration::new(number, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}
