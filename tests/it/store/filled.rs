//! A desk that an earlier version filled, upgraded in place: nothing is lost, and everything is told as it was.
//!
//! `tests/upgrade` holds each database as the earlier version left it, and what it said of each ticket.

use std::fs;
use std::path::Path;

use rstest::rstest;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;

use crate::support::pg::PgDatabase;
use crate::support::site::Engine;
use crate::support::site::Site;

fn kept(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade").join(name);
    fs::read_to_string(path).expect("it is part of the project")
}

/// A place with the earlier version's database, and the PostgreSQL database that must outlive it.
async fn filled(engine: Engine) -> (Site, Option<PgDatabase>) {
    match engine {
        Engine::Sqlite => {
            let site = Site::sqlite();
            let url = format!("{}?mode=rwc", site.url);
            let mut conn = SqliteConnection::connect(&url).await.expect("the file is made");
            let dump = AssertSqlSafe(kept("sqlite.sql"));
            sqlx::raw_sql(dump).execute(&mut conn).await.expect("it is filled");
            conn.close().await.expect("it closes");
            (site, None)
        }
        Engine::Postgres => {
            let database = PgDatabase::empty().await;
            let mut conn = PgConnection::connect(&database.url).await.expect("it is there");
            let dump = AssertSqlSafe(kept("postgres.sql"));
            sqlx::raw_sql(dump).execute(&mut conn).await.expect("it is filled");
            conn.close().await.expect("it closes");
            (Site::at(&database.url), Some(database))
        }
    }
}

/// Everything that was said is said still; new keys may stand beside.
fn is_within(place: &str, old: &Value, new: &Value, missing: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                let place = format!("{place}.{key}");
                match new.get(key) {
                    Some(now) => is_within(&place, value, now, missing),
                    None => missing.push(format!("{place} is gone")),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (n, (old, new)) in old.iter().zip(new).enumerate() {
                is_within(&format!("{place}[{n}]"), old, new, missing);
            }
        }
        (old, new) if old == new => {}
        (old, new) => missing.push(format!("{place} was {old} and is {new}")),
    }
}

#[rstest]
#[tokio::test]
async fn a_filled_desk_of_an_earlier_version_loses_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (site, _database) = filled(engine).await;
    site.configure_as_text(&format!(
        "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"default\"\ndirectory = \"{}\"\n\
         [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"help@desk.test\"\n\
         [[queues.types]]\nname = \"Payment\"\ndue_hours = 24\n\
         [[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n",
        site.url,
        site.path("out").display(),
    ));
    site.run(&["migrate"]);
    let name = if engine == Engine::Sqlite { "sqlite.json" } else { "postgres.json" };
    let before: Value = serde_json::from_str(&kept(name)).expect("it is JSON");
    let before = before.as_object().expect("it has each ticket by its number");
    assert_eq!(site.list(&["ticket", "list", "--limit", "1000"]).len(), before.len());
    let mut missing = Vec::new();
    for (id, old) in before {
        let new = site.json(&["ticket", "show", id, "--log"]);
        is_within(&format!("ticket {id}"), old, &new, &mut missing);
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}
