//! The ground that commands and the daemon stand on: no database where there is none, and one that cannot be written
//! or is another's by now is named.

use std::fs;
use std::process::Command;

use rstest::rstest;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::loop_disk::LoopDisk;
use crate::support::pg::PgDatabase;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::small_disk::SmallDisk;
use crate::support::until::until;

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
            let mut conn = SqliteConnection::connect(&site.url).await.expect("it opens");
            sqlx::raw_sql(sql).execute(&mut conn).await.expect("it is done");
            sqlx::query_scalar(count).fetch_one(&mut conn).await.expect("it is counted")
        }
        Engine::Postgres => {
            let mut conn = PgConnection::connect(&site.url).await.expect("it opens");
            sqlx::raw_sql(sql).execute(&mut conn).await.expect("it is done");
            sqlx::query_scalar(count).fetch_one(&mut conn).await.expect("it is counted")
        }
    }
}

/// Commands that only look, which they can do on a read-only disk, and those that find nothing to do there.
const LOOKS: [&str; 14] = [
    "list",
    "show",
    "disable",
    "explain",
    "verify",
    "share",
    "retry",
    "escalate",
    "backup",
    "quarantine",
    "suspended",
    "draft",
    "token",
    "key",
];

#[test]
fn every_command_on_a_read_only_disk_names_the_file_and_what_is_wrong() {
    let disk = SmallDisk::mount(8);
    let file = disk.path("desk.db");
    let site = Site::at(&format!("sqlite:{}", file.display()));
    plain(&site);
    site.run(&["migrate"]);
    site.run(&["ticket", "open", "--queue", "support", "--subject", "Help"]);
    disk.read_only();
    let person: &[&str] = &["user", "add", "--email", "alex@staff.test"];
    for arguments in COMMANDS.iter().copied().chain([person, &["migrate"], &["serve"]]) {
        let (code, said) = refused(&site, arguments);
        let named = said.contains(&file.display().to_string()) && said.contains("read-only");
        let looks = arguments.iter().any(|word| LOOKS.contains(word));
        assert!(
            code == Some(69) && named || looks && !said.contains("database"),
            "{arguments:?}: {code:?} {said}"
        );
    }
    let check = site.output(&["check"]);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.contains("BAD") && said.contains("read-only"), "{said}");
    disk.writable();
    assert_eq!(site.list(&["ticket", "list"]).len(), 1);
}

/// A disk that failed under ext4 is read-only from then on, whoever has files of it open.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_becomes_read_only_is_named_by_the_running_daemon_and_nothing_is_lost() {
    let disk = LoopDisk::mount(32);
    let file = disk.path("desk.db");
    let site = Site::at(&format!("sqlite:{}", file.display()));
    let user = servers::fresh_address("readonly");
    let mailbox = Mailbox::of(&user).set("after", "delete").set("delete_after_days", 0);
    site.configure(&Settings::new().directory(&site.path("out")).queue("support", &mailbox));
    let daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    client.append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the first mail to be taken", || client.uids("INBOX").len(), |count| *count == 0);
    disk.fail();
    client.append("INBOX", &letters::letter(1, &user, "Please help."));
    let named = format!("the database {} cannot be written: its file system is read-only", file.display());
    daemon.until_logged(&named);
    assert_eq!(super::starting::ready(&daemon).await, 503);
    let refused = site.output(&["ticket", "open", "--queue", "support", "--subject", "Help"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(69) && said.contains("read-only"), "{said}");
    assert_eq!(client.uids("INBOX").len(), 1, "it is where it was");
    drop(daemon);
    let disk = disk.mended();
    let daemon = site.start();
    until("the second mail to be taken", || client.uids("INBOX").len(), |count| *count == 0);
    daemon.stop();
    assert_eq!(site.list(&["ticket", "list"]).len(), 2);
    drop(disk);
}

/// How one file comes into the place of another without a new file being there.
fn cp(from: &std::path::Path, to: &std::path::Path) {
    let status = Command::new("cp").arg(from).arg(to).status().expect("cp exists");
    assert!(status.success());
}

#[rstest]
#[case::another_desk(|site: &Site| {
    let other = Site::at(&format!("sqlite:{}", site.path("other.db").display()));
    plain(&other);
    other.run(&["migrate"]);
    other.run(&["ticket", "open", "--queue", "support", "--subject", "Another desk's"]);
    cp(&site.path("other.db"), &site.path("desk.db"));
})]
#[case::a_backup_of_itself(|site: &Site| {
    let copy = site.path("copy.db");
    site.run(&["backup", copy.to_str().unwrap()]);
    cp(&copy, &site.path("desk.db"));
})]
#[case::a_copy_of_before_the_start(|site: &Site| cp(&site.path("before.db"), &site.path("desk.db")))]
#[case::what_is_no_database(|site: &Site| fs::write(site.path("desk.db"), vec![b'x'; 9000]).unwrap())]
#[case::nothing(|site: &Site| fs::write(site.path("desk.db"), "").unwrap())]
#[tokio::test(flavor = "multi_thread")]
async fn another_content_in_the_database_file_ends_the_daemon_and_is_not_touched(#[case] spoil: fn(&Site)) {
    let site = Site::sqlite();
    let user = servers::fresh_address("overwritten");
    let mailbox = Mailbox::of(&user).set("after", "delete").set("delete_after_days", 0);
    site.configure(&Settings::new().directory(&site.path("out")).queue("support", &mailbox));
    site.run(&["migrate"]);
    fs::copy(site.path("desk.db"), site.path("before.db")).unwrap();
    let mut daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    client.append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the first mail to be taken", || client.uids("INBOX").len(), |count| *count == 0);
    spoil(&site);
    let put = fs::read(site.path("desk.db")).unwrap();
    client.append("INBOX", &letters::letter(1, &user, "Please help."));
    let status = daemon.until_ended("the end of a daemon without its database");
    assert_eq!(status.code(), Some(74), "{}", daemon.log());
    let named = format!("the database's file {} was overwritten", site.path("desk.db").display());
    assert!(daemon.logged(&named) > 0, "{}", daemon.log());
    assert_eq!(client.uids("INBOX").len(), 1, "it is where it was");
    assert!(fs::read(site.path("desk.db")).unwrap() == put, "not a byte of it was changed");
    assert!(!site.path("desk.db-wal").exists(), "nothing of the old one gets into it later");
}

/// What stands beside a file of another name must not get into it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_put_in_the_databases_place_ends_the_daemon_and_is_not_touched() {
    let site = Site::sqlite();
    plain(&site);
    let mut daemon: Daemon = site.start();
    site.run(&["ticket", "open", "--queue", "support", "--subject", "Help"]);
    let copy = site.path("copy.db");
    site.run(&["backup", copy.to_str().unwrap()]);
    let put = fs::read(&copy).unwrap();
    fs::rename(site.path("desk.db"), site.path("moved.db")).unwrap();
    fs::rename(copy, site.path("desk.db")).unwrap();
    assert_eq!(daemon.until_ended("the end of a daemon without its database").code(), Some(74));
    let named = format!("the database's file {} was replaced", site.path("desk.db").display());
    assert!(daemon.logged(&named) > 0, "{}", daemon.log());
    assert!(fs::read(site.path("desk.db")).unwrap() == put, "not a byte of it was changed");
    assert!(!site.path("desk.db-wal").exists(), "nothing of the old one gets into it later");
    site.start().stop();
    assert_eq!(site.list(&["ticket", "list"]).len(), 1);
}

/// Its content can still be had from the process, as long as that lives.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_file_that_was_deleted_is_kept_by_the_process_which_says_where() {
    let site = Site::sqlite();
    plain(&site);
    let mut daemon = site.start();
    site.run(&["ticket", "open", "--queue", "support", "--subject", "Help"]);
    fs::remove_file(site.path("desk.db")).unwrap();
    let named =
        format!("the database's file {} was deleted: nothing is taken", site.path("desk.db").display());
    daemon.until_logged(&named);
    let log = daemon.log();
    let place = log.split_whitespace().find(|word| word.starts_with("/proc/")).expect("it says where it is");
    assert!(fs::metadata(place.trim_end_matches(':')).unwrap().len() > 0, "{place}");
    daemon.signal("TERM");
    assert_eq!(daemon.until_ended("the end after SIGTERM").code(), Some(74), "{}", daemon.log());
}
