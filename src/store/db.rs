//! The two databases behind one type, and the little in which they differ.
//!
//! SQLite has one writing connection, so that commits queue instead of failing; PostgreSQL has a pool.
//! Every file of `store` that is not below this one has the same text for both.

pub mod entry_words;
pub mod integrity;
pub mod open;
pub mod positions;
pub mod scrub;
pub mod ticket_numbers;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::ops::DerefMut;
use std::path::Path;

use sqlx::Database;
use sqlx::PgPool;
use sqlx::Postgres;
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::Transaction;
use sqlx::pool::PoolConnection;

use crate::clock::Timestamp;
use crate::store::database_file;
use crate::store::database_file::DatabaseFile;
use crate::store::database_file::Lost;

/// Runs one expression on the connection of either database.
macro_rules! on {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
            $crate::store::db::Tx::Postgres(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
        }
    };
}
pub(crate) use on;

/// A text in which the two databases differ.
#[derive(Clone, Copy, Debug)]
pub struct ByDatabase {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// The text that takes rows: PostgreSQL passes over those that another process is taking, SQLite has one writer.
///
/// Its select is a `with` of its own: as part of `in (…)` PostgreSQL may run it once for each row, which takes more
/// than its limit.
macro_rules! unclaimed {
    ($head:expr, $tail:expr) => {
        $crate::store::db::ByDatabase {
            sqlite: concat!($head, $tail),
            postgres: concat!($head, " for update skip locked", $tail),
        }
    };
}
pub(crate) use unclaimed;

/// The text of a claim for the database of a transaction.
macro_rules! claim {
    ($tx:expr, $head:literal, $tail:literal) => {
        $crate::store::db::unclaimed!($head, $tail).of($tx)
    };
}
pub(crate) use claim;

/// The text of a read that keeps others from writing: PostgreSQL must be told, SQLite has one writer.
macro_rules! locked {
    ($tx:expr, $text:literal) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(_) => $text,
            $crate::store::db::Tx::Postgres(_) => concat!($text, " for update"),
        }
    };
}
pub(crate) use locked;

/// The text of a read that keeps others from deleting what is found, but not from reading it in the same way.
macro_rules! kept {
    ($tx:expr, $text:literal) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(_) => $text,
            $crate::store::db::Tx::Postgres(_) => concat!($text, " for key share"),
        }
    };
}
pub(crate) use kept;

/// The text of a query for the rows whose numbers stand in the JSON list `$1`.
macro_rules! listed {
    ($tx:expr, $head:literal, $tail:literal) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(_) => {
                concat!($head, " in (select value from json_each($1))", $tail)
            }
            $crate::store::db::Tx::Postgres(_) => {
                concat!($head, " in (select json_array_elements_text($1::json)::bigint)", $tail)
            }
        }
    };
}
pub(crate) use listed;

/// Numbers as the JSON list that `listed!` reads.
pub(crate) fn json_list(ids: &[impl ToString]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ["[", &ids.join(","), "]"].concat()
}

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { write: SqlitePool, read: SqlitePool, file: Option<DatabaseFile> },
    Postgres(PgPool),
}

/// A transaction on either database. Dropping it rolls back.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Open<Sqlite>),
    Postgres(Open<Postgres>),
}

/// A connection in a transaction, or one whose statements each stand alone.
#[derive(Debug)]
pub enum Open<D: Database> {
    Transaction(Transaction<'static, D>),
    Single(PoolConnection<D>),
}

/// How a transaction holds a number that others may want to hold too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    Shared,
    Alone,
}

impl Db {
    /// Begins a transaction that may write. Fails if the database's file is not where it was.
    pub async fn write(&self) -> Result<Tx, sqlx::Error> {
        self.require_in_place()?;
        Ok(match self {
            Self::Sqlite { write, .. } => {
                Tx::Sqlite(Open::Transaction(write.begin_with("begin immediate").await?))
            }
            Self::Postgres(pool) => Tx::Postgres(Open::Transaction(begun(pool, "begin").await?)),
        })
    }

    /// Begins a transaction that only reads, from one snapshot.
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Open::Transaction(read.begin().await?)),
            Self::Postgres(pool) => {
                let text = "begin isolation level repeatable read read only";
                Tx::Postgres(Open::Transaction(begun(pool, text).await?))
            }
        })
    }

    /// A connection for reading one thing, or several that need not be of the same instant: without the two
    /// further round trips of a transaction.
    pub async fn look(&self) -> Result<Tx, sqlx::Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Open::Single(read.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Open::Single(pool.acquire().await?)),
        })
    }

    /// A connection for one statement that writes; it is durable by itself, and there is no way back.
    pub async fn write_one(&self) -> Result<Tx, sqlx::Error> {
        self.require_in_place()?;
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(Open::Single(write.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Open::Single(pool.acquire().await?)),
        })
    }

    /// Fails if what was written is in no file that anybody will open again.
    pub fn require_in_place(&self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite { file: Some(file), .. } => Ok(file.require_in_place()?),
            Self::Sqlite { .. } | Self::Postgres(_) => Ok(()),
        }
    }

    /// The file of an embedded database.
    pub(crate) fn file(&self) -> Option<&DatabaseFile> {
        match self {
            Self::Sqlite { file, .. } => file.as_ref(),
            Self::Postgres(_) => None,
        }
    }

    /// What became of the database's file, if it is not where and what it was.
    pub(crate) fn lost(&self) -> Option<Lost> {
        let error = self.file()?.require_in_place().err()?;
        error.into_inner()?.downcast().ok().map(|lost| *lost)
    }

    /// Why an embedded database cannot be written, where the file system tells.
    pub(crate) fn wrong(&self) -> Option<String> {
        let path = self.file()?.path();
        let why = database_file::wrong(path)?;
        Some(format!("the database {} cannot be written: {why}", path.display()))
    }

    /// Moves what the log beside the file has into the file itself.
    pub(crate) async fn settle_log(&self) -> Result<(), sqlx::Error> {
        let Self::Sqlite { write, .. } = self else { return Ok(()) };
        sqlx::query("pragma wal_checkpoint(truncate)").execute(write).await.map(drop)
    }

    /// Whether several processes may serve this database at the same time.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Writes a complete copy to a new or empty file; false for PostgreSQL, which has its own tools.
    pub async fn backup(&self, file: &str) -> Result<bool, sqlx::Error> {
        let Self::Sqlite { write, .. } = self else { return Ok(false) };
        sqlx::query("vacuum into $1").bind(file).execute(write).await?;
        database_file::unmark(Path::new(file))?;
        Ok(true)
    }
}

impl Tx {
    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(Open::Transaction(transaction)) => transaction.commit().await,
            Self::Postgres(Open::Transaction(transaction)) => transaction.commit().await,
            Self::Sqlite(Open::Single(_)) | Self::Postgres(Open::Single(_)) => Ok(()),
        }
    }

    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(Open::Transaction(transaction)) => transaction.rollback().await,
            Self::Postgres(Open::Transaction(transaction)) => transaction.rollback().await,
            Self::Sqlite(Open::Single(_)) | Self::Postgres(Open::Single(_)) => Ok(()),
        }
    }
}

impl ByDatabase {
    pub(crate) fn of(self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(_) => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}

impl<D: Database> Deref for Open<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match self {
            Self::Transaction(transaction) => transaction,
            Self::Single(connection) => connection,
        }
    }
}

impl<D: Database> DerefMut for Open<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match self {
            Self::Transaction(transaction) => transaction,
            Self::Single(connection) => connection,
        }
    }
}

/// Begins on PostgreSQL, to the end even when the caller is gone: a call whose client hung up in the middle of
/// `begin` would leave the next one on that connection inside a transaction that nobody ends.
#[expect(clippy::disallowed_methods, reason = "one statement; shutdown need not wait for it")]
async fn begun(pool: &PgPool, text: &'static str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    // Boxed: the runtime moves what it is given four times, and this is fifteen kilobytes.
    let task = tokio::spawn(Box::pin(async move { pool.begin_with(text).await }));
    task.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// The database's own time, which processes on several machines share.
///
/// SQLite runs on this machine, so its time is `here`.
pub async fn now(tx: &mut Tx, here: Timestamp) -> Result<Timestamp, sqlx::Error> {
    match tx {
        Tx::Sqlite(_) => Ok(here),
        Tx::Postgres(transaction) => {
            let sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
            sqlx::query_scalar(sql).fetch_one(&mut **transaction).await.map(Timestamp)
        }
    }
}

/// Waits until nobody else holds these numbers, and holds them until the transaction ends.
///
/// They are taken in their order, so that two who want several never wait for each other. SQLite has one writer.
pub async fn hold(tx: &mut Tx, numbers: &BTreeMap<i64, Hold>) -> Result<(), sqlx::Error> {
    let Tx::Postgres(transaction) = tx else { return Ok(()) };
    let sql = "select case when alone then pg_advisory_xact_lock(number)
            else pg_advisory_xact_lock_shared(number) end
        from unnest($1::bigint[], $2::boolean[]) as wanted (number, alone)";
    let alone: Vec<bool> = numbers.values().map(|&hold| hold == Hold::Alone).collect();
    let numbers: Vec<i64> = numbers.keys().copied().collect();
    sqlx::query(sql).bind(numbers).bind(alone).execute(&mut **transaction).await.map(drop)
}
