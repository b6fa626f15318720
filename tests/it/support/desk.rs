//! A desk with its HTTP server, on either database, with a clock that only the test moves.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::config::Config;
use helpdeskd::desk::app::App;
use helpdeskd::desk::app::Declared;
use helpdeskd::http;
use helpdeskd::ids::Ids;
use helpdeskd::store::db::Db;
use helpdeskd::store::migrate;
use helpdeskd::ticket::id::OutboxId;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::http_client;
use crate::support::http_client::Reply;
use crate::support::pg::PgDatabase;

/// Runs one story on both databases: `both! { a_sentence(desk) { … } }` makes two tests of it.
///
/// `a_sentence(desk, "old" => "new")` runs on the usual configuration with one text in place of another.
macro_rules! both {
    ($($(#[$meta:meta])* $name:ident($desk:ident $(, $old:literal => $new:literal)*) $body:block)*) => {$(
        #[cfg(test)]
        async fn $name($desk: $crate::support::desk::TestDesk) $body

        mod $name {
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::support::desk::TestDesk::sqlite_with(&[$(($old, $new)),*]).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name($crate::support::desk::TestDesk::postgres_with(&[$(($old, $new)),*]).await).await;
            }
        }
    )*};
}
pub(crate) use both;

/// 2026-03-02 10:00:00 UTC, a Monday.
pub const START: Timestamp = Timestamp(1_772_445_600_000_000);

const CONFIG: &str = r#"
[desk]
name = "Example Support"
[http]
request_timeout_seconds = 90
max_body_size = "12 MB"
trusted_proxies = ["127.0.0.0/8"]
[jaze]
account = "jazenetworks"
timezone = "Asia/Kolkata"
[[smtp]]
name = "default"
directory = "outgoing"
[[queues]]
slug = "support"
title = "Support"
address = "support@desk.test"
new_ticket_cc = ["new@staff.test"]
updated_ticket_cc = ["updates@staff.test"]
[[queues.types]]
name = "Payment"
due_hours = 12
priority = 2
[[queues.types]]
name = "Question"
due_hours = 0
[[queues]]
slug = "bare"
title = "Bare"
address = "bare@desk.test"
"#;

/// A running desk. Ends with the test.
pub struct TestDesk {
    pub app: App,
    pub address: SocketAddr,
    /// Mails that a test has looked at.
    pub seen: Mutex<HashSet<OutboxId>>,
    _files: TempDir,
    _postgres: Option<PgDatabase>,
}

impl TestDesk {
    pub async fn sqlite() -> Self {
        Self::sqlite_with(&[]).await
    }

    pub async fn postgres() -> Self {
        Self::postgres_with(&[]).await
    }

    /// With other texts in the usual configuration.
    pub async fn sqlite_with(changes: &[(&str, &str)]) -> Self {
        let files = tempfile::tempdir().expect("a directory is made");
        let url = format!("sqlite:{}", files.path().join("desk.db").display());
        let db = Db::open(&url, 4).await.expect("the database opens");
        migrate::apply(&db).await.expect("the schema applies");
        Self::over(db, &changed(changes), (files, None)).await
    }

    pub async fn postgres_with(changes: &[(&str, &str)]) -> Self {
        let postgres = PgDatabase::migrated().await;
        let db = Db::open(&postgres.url, 4).await.expect("the database opens");
        let files = tempfile::tempdir().expect("a directory is made");
        Self::over(db, &changed(changes), (files, Some(postgres))).await
    }

    async fn over(db: Db, config: &str, (files, postgres): (TempDir, Option<PgDatabase>)) -> Self {
        let config = Config::parse(config, Path::new("config.toml")).expect("the configuration is right");
        let parts = (Clock::manual(START), Ids::seeded(1));
        let app =
            App::build(db, Arc::new(config), parts, Declared::Written).await.expect("the desk is built");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("the socket is bound");
        let router = http::router(app.clone(), Arc::new(|| "metrics\n".to_owned()));
        let server = app.clone();
        app.tasks.spawn(async move { http::serve::serve(listener, router, &server).await });
        Self { app, address, seen: Mutex::default(), _files: files, _postgres: postgres }
    }

    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    pub async fn send(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.raw(&http_client::request(verb, path, headers, body)).await
    }

    /// Sends bytes that need not be a proper request.
    pub async fn raw(&self, bytes: &[u8]) -> Reply {
        http_client::exchange(self.address, bytes).await.expect("the server answers")
    }
}

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(CONFIG.to_owned(), |config, (old, new)| {
        assert!(config.contains(old), "{old}");
        config.replace(old, new)
    })
}

impl Drop for TestDesk {
    fn drop(&mut self) {
        self.app.tasks.drain();
    }
}
