//! Opening a database: how each of the two is spoken to, and why it cannot be.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;

use crate::store::database_file;
use crate::store::database_file::DatabaseFile;
use crate::store::database_file::KeptOpen;
use crate::store::db::Db;

/// Statements that one connection keeps prepared; above the number that `store` has.
const PREPARED: usize = 512;
/// How long a connection waits for a lock before it says so.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that is idle for less is not tried before it is used.
const SURELY_ALIVE: Duration = Duration::from_secs(1);

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`database.url` must begin with `sqlite:` or `postgres:`")]
    UnknownKind,
    #[error("there is no desk here yet: the database {0} does not exist; run `helpdeskd migrate`")]
    NotThere(PathBuf),
    #[error("there is no desk here yet: the database {0} is empty; run `helpdeskd migrate`")]
    Empty(PathBuf),
    #[error("cannot open the database {0}: {1}")]
    File(PathBuf, sqlx::Error),
    #[error("cannot open the database: {0}")]
    Database(#[from] sqlx::Error),
}

/// Which database an address names, without what nobody should read.
pub fn shown(url: &str) -> String {
    if let Ok(options) = PgConnectOptions::from_str(url)
        && url.starts_with("postgres")
    {
        let name = options.get_database().unwrap_or_else(|| options.get_username());
        return format!("the PostgreSQL database {name} on {}", options.get_host());
    }
    url.to_owned()
}

impl Db {
    /// Opens `url` (`sqlite:PATH` or `postgres://…`). Creates a SQLite file that is missing.
    ///
    /// `connections` is the size of the pool, for SQLite of its readers.
    pub async fn open(url: &str, connections: u32) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?;
            let file = options.get_filename().to_path_buf();
            let opened = Self::open_sqlite(options, connections).await;
            return opened.map_err(|error| OpenError::File(file, error));
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self::open_postgres(PgConnectOptions::from_str(url)?, connections).await?);
        }
        Err(OpenError::UnknownKind)
    }

    /// As [`Db::open`], but makes nothing.
    pub async fn open_there(url: &str, connections: u32) -> Result<Self, OpenError> {
        let Some(path) = database_file::of_url(url) else { return Self::open(url, connections).await };
        match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::NotThere(path)),
            Ok(found) if found.len() == 0 => Err(OpenError::Empty(path)),
            // Whatever else is wrong is said by SQLite.
            _ => Self::open(url, connections).await,
        }
    }

    /// Marks the embedded database's file, which stays open: from now on nothing is written once it has another content.
    pub async fn mark(&mut self, held: &KeptOpen, mark: u32) -> Result<(), sqlx::Error> {
        let Self::Sqlite { file: Some(file), .. } = self else { return Ok(()) };
        let before = database_file::mark_of(held)?;
        // On a connection of its own: one of the pool that is opened anew must not mark another file.
        let options = SqliteConnectOptions::new()
            .filename(file.path())
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(PATIENCE)
            .pragma("user_version", mark.to_string())
            .disable_statement_logging();
        let mut conn = options.connect().await?;
        let moved = sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut conn).await;
        conn.close().await?;
        moved?;
        file.expect(KeptOpen::clone(held), mark, before);
        Ok(())
    }

    async fn open_sqlite(options: SqliteConnectOptions, connections: u32) -> Result<Self, sqlx::Error> {
        database_file::make_private(options.get_filename());
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut must not undo a commit whose mail has already left.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .statement_cache_capacity(PREPARED)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-16000")
            .disable_statement_logging();
        let patient = SqlitePoolOptions::new()
            .acquire_timeout(PATIENCE + Duration::from_secs(10))
            // There is no server that could be gone.
            .test_before_acquire(false)
            // A full disk ends a transaction without sqlx's knowledge; such a connection never begins one again.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }));
        let file = options.get_filename().to_path_buf();
        let write = patient.clone().max_connections(1).connect_with(options.clone()).await?;
        database_file::keep_private(&file);
        let readers = options.read_only(true).create_if_missing(false).pragma("cache_size", "-4000");
        let read = patient.max_connections(connections).connect_with(readers).await?;
        let file = DatabaseFile::of(&file);
        Ok(Self::Sqlite { write, read, file })
    }

    async fn open_postgres(options: PgConnectOptions, connections: u32) -> Result<Self, sqlx::Error> {
        let options = options
            .application_name("helpdeskd")
            .statement_cache_capacity(PREPARED)
            // A query whose caller gave up goes on in the server; these end it. A process that sleeps in the
            // middle of a transaction loses it before those who wait for its locks give up.
            .options([
                ("statement_timeout", "60s"),
                ("lock_timeout", "20s"),
                ("idle_in_transaction_session_timeout", "15s"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            // A connection that was used a moment ago still works; asking would double the time of a short read.
            .test_before_acquire(false)
            .before_acquire(|connection, state| {
                Box::pin(async move {
                    if state.idle_for >= SURELY_ALIVE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }
}
