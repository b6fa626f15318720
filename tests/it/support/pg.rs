//! A PostgreSQL database of its own for a test, dropped at its end.
//!
//! The schema is made once a run and then copied, which takes a fraction of the time.

use std::process;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use helpdeskd::store::db::Db;
use helpdeskd::store::migrate;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use tokio::runtime;
use tokio::sync::OnceCell;

use crate::support::servers;

/// A database that nobody else uses.
#[derive(Debug)]
pub struct PgDatabase {
    pub url: String,
    name: String,
}

impl PgDatabase {
    /// Without any table.
    pub async fn empty() -> Self {
        Self::copy_of("template0").await
    }

    /// With the current schema, and no rows.
    pub async fn migrated() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        Self::copy_of(TEMPLATE.get_or_init(make_template).await).await
    }

    /// With all that is in this one, to which nobody may be connected.
    pub async fn copy(&self) -> Self {
        Self::copy_of(&self.name).await
    }

    async fn copy_of(template: &str) -> Self {
        let name = fresh_name("test");
        administer(&format!("create database {name} template {template}")).await;
        Self { url: url_of(&name), name }
    }
}

impl Drop for PgDatabase {
    /// On a thread of its own: the runtime of the test may be ending, or stand still.
    fn drop(&mut self) {
        let statement = format!("drop database {} with (force)", self.name);
        let dropped = thread::spawn(move || {
            let runtime =
                runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
            runtime.block_on(administer(&statement));
        });
        // A second panic while a test fails would hide the first.
        let _ = dropped.join();
    }
}

async fn make_template() -> String {
    let name = fresh_name("template");
    administer(&format!("create database {name}")).await;
    let db = Db::open(&url_of(&name), 4).await.expect("the new database opens");
    migrate::apply(&db).await.expect("the schema applies");
    // A database with open connections cannot be copied.
    db.close().await;
    name
}

async fn administer(statement: &str) {
    let mut server = PgConnection::connect(&servers::postgres_url()).await.expect("PostgreSQL listens");
    let outcome = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await;
    outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
    server.close().await.expect("the connection closes");
}

/// Several test processes may share one server.
fn fresh_name(word: &str) -> String {
    static USED: AtomicUsize = AtomicUsize::new(0);
    format!("{word}_{}_{}", process::id(), USED.fetch_add(1, Ordering::Relaxed))
}

fn url_of(name: &str) -> String {
    let mut url = url::Url::parse(&servers::postgres_url()).expect("TEST_PG_URL is a URL");
    url.set_path(name);
    url.into()
}
