//! The ground that commands and the daemon stand on: no database where there is none, and one that cannot be written
//! or is another's by now is named.

use std::fs;

use rstest::rstest;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;

use crate::support::pg::PgDatabase;
use crate::support::site::Engine;
use crate::support::site::Site;

const QUEUE: &str = "[http]\nlisten = \"127.0.0.1:0\"\n[[smtp]]\nname = \"default\"\ndirectory = \"out\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n";

/// Commands that look at a desk or work on it, and make none.
const COMMANDS: [&[&str]; 29] = [
    &["ticket", "list"],
    &["ticket", "show", "1"],
    &["ticket", "open", "--queue", "support", "--subject", "Help"],
    &["ticket", "comment", "1", "Use water."],
    &["queue", "list"],
    &["user", "list"],
    &["user", "disable", "alex"],
    &["ingest", "--queue", "support", "config.toml"],
    &["explain", "1"],
    &["verify"],
    &["quarantine", "list"],
    &["suspended", "list"],
    &["ignore", "list"],
    &["ignore", "add", "*@spam.test"],
    &["draft", "list"],
    &["suppression", "list"],
    &["suppression", "add", "ann@customer.test"],
    &["agreement", "list"],
    &["share", "1", "1"],
    &["outbox", "list"],
    &["outbox", "retry", "--all"],
    &["exclusion", "list"],
    &["exclusion", "add", "2026-12-25"],
    &["escalate", "--dry-run"],
    &["escalate"],
    &["token", "list"],
    &["key", "list"],
    &["backup", "copy.db"],
    &["reload"],
];

fn plain(site: &Site) {
    site.configure_as_text(&format!("[database]\nurl = \"{}\"\n{QUEUE}", site.url));
}

/// The exit code, and what is said in one line.
fn refused(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = site.command(arguments);
    let output = command.current_dir(site.path("")).output().expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_command_beside_a_configuration_without_a_database_makes_none() {
    let site = Site::sqlite();
    plain(&site);
    let file = site.path("desk.db");
    for arguments in COMMANDS.iter().copied().chain([&["check", "--probe"][..]]) {
        let (code, said) = refused(&site, arguments);
        let named = said.contains(&file.display().to_string()) && said.contains("helpdeskd migrate");
        let is_check = arguments[0] == "check";
        assert!(is_check || (code == Some(69) && named), "{arguments:?}: {code:?} {said}");
        assert_ne!(code, Some(0), "{arguments:?}");
        let left: Vec<_> =
            fs::read_dir(site.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["config.toml"], "{arguments:?}");
    }
}

#[test]
fn the_first_person_and_the_migration_make_a_database() {
    for arguments in [&["migrate"][..], &["user", "add", "--email", "alex@staff.test", "--username", "alex"]]
    {
        let site = Site::sqlite();
        plain(&site);
        site.run(arguments);
        assert_eq!(site.list(&["ticket", "list"]).len(), 0, "{arguments:?}");
        assert!(site.path("desk.db").exists());
    }
}

#[test]
fn an_empty_file_is_no_database_that_a_command_fills() {
    let site = Site::sqlite();
    plain(&site);
    fs::write(site.path("desk.db"), "").unwrap();
    for arguments in COMMANDS {
        let (code, said) = refused(&site, arguments);
        let named = said.contains("no desk here yet") && said.contains("helpdeskd migrate");
        assert!(code == Some(69) && named, "{arguments:?}: {code:?} {said}");
    }
    assert_eq!(fs::metadata(site.path("desk.db")).unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_schema_is_no_database_that_a_command_fills() {
    let postgres = PgDatabase::empty().await;
    let site = Site::at(&postgres.url);
    plain(&site);
    for arguments in COMMANDS {
        let (code, said) = refused(&site, arguments);
        let named = said.contains("no desk here yet") && said.contains("helpdeskd migrate");
        let names_nothing_secret = !said.contains("postgres://");
        assert!(code == Some(69) && named && names_nothing_secret, "{arguments:?}: {code:?} {said}");
    }
    let mut conn = PgConnection::connect(&postgres.url).await.unwrap();
    let sql = "select count(*) from pg_tables where schemaname = 'public'";
    assert_eq!(sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut conn).await.unwrap(), 0);
    site.run(&["user", "add", "--email", "alex@staff.test", "--username", "alex"]);
    assert_eq!(site.list(&["user", "list"]).len(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_older_schema_is_left_as_it_is_by_all_but_the_migration(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = Site::new(engine).await;
    plain(&site);
    site.run(&["migrate"]);
    let sql = "delete from _sqlx_migrations where version > 1";
    steps(&site, engine, sql).await;
    let person = ["user", "add", "--email", "alex@staff.test"];
    for arguments in COMMANDS.iter().copied().chain([&person[..]]) {
        let (code, said) = refused(&site, arguments);
        let named = said.contains("not of this version") && said.contains("helpdeskd migrate");
        assert!(code == Some(69) && named, "{arguments:?}: {code:?} {said}");
    }
    assert_eq!(steps(&site, engine, "select 1").await, 1, "nothing was migrated");
}

/// Runs a statement, and counts the steps of the schema.
async fn steps(site: &Site, engine: Engine, sql: &str) -> i64 {
    let (sql, count) = (AssertSqlSafe(sql.to_owned()), "select count(*) from _sqlx_migrations");
    match engine {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::connect(&site.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
            sqlx::query_scalar(count).fetch_one(&mut conn).await.unwrap()
        }
        Engine::Postgres => {
            let mut conn = PgConnection::connect(&site.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
            sqlx::query_scalar(count).fetch_one(&mut conn).await.unwrap()
        }
    }
}
