//! The start, and the ground that a running daemon stands on: one daemon a file, patience with what is not there yet,
//! and nothing let go of once the file is gone.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rstest::rstest;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;

use crate::support::daemon::Daemon;
use crate::support::http_client;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::private_pg::PrivatePg;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::small_disk::SmallDisk;
use crate::support::until::until;

const QUEUE: &str = "[http]\nlisten = \"127.0.0.1:0\"\n[[smtp]]\nname = \"default\"\ndirectory = \"out\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n";

/// Without any mailbox.
fn plain(site: &Site, url: &str) {
    site.configure_as_text(&format!("[database]\nurl = \"{url}\"\n{QUEUE}"));
}

/// What `/readyz` answers.
pub async fn ready(daemon: &Daemon) -> u16 {
    let line = daemon.lines("serving on").concat();
    let address = line.rsplit("serving on ").next().unwrap_or_default().trim();
    let address = address.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    let request = http_client::request("GET", "/readyz", &[], b"");
    http_client::exchange(address, &request).await.expect("it answers").status
}

#[rstest]
#[case::by_a_symbolic_link("-s")]
#[case::by_a_hard_link("-P")]
fn a_second_daemon_on_the_same_file_is_refused_by_whatever_name(#[case] kind: &str) {
    let (first, second) = (Site::sqlite(), Site::sqlite());
    plain(&first, &first.url);
    plain(&second, &second.url);
    let daemon = first.start();
    let (old, new) = (first.path("desk.db"), second.path("desk.db"));
    let made = Command::new("ln").arg(kind).args([old, new]).status().expect("ln exists");
    assert!(made.success());
    let refused = second.output(&["serve"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(75) && said.contains("another helpdeskd serves"), "{said}");
    if kind == "-s" {
        assert_eq!(second.list(&["ticket", "list"]).len(), 0, "a command works beside it");
    }
    daemon.stop();
    second.start().stop();
}

#[test]
fn a_daemon_starts_while_commands_run_beside_it() {
    let site = Site::sqlite();
    plain(&site, &site.url);
    site.run(&["migrate"]);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..12).for_each(|_| drop(site.run(&["ticket", "list"]))));
        }
        for _ in 0..4 {
            site.start().stop();
        }
    });
}

#[test]
fn a_postgres_that_is_not_there_yet_is_waited_for_with_a_word() {
    let mut postgres = PrivatePg::start();
    let site = Site::at(&postgres.url());
    plain(&site, &site.url);
    postgres.go_down();
    let mut daemon = Daemon::launch(&mut site.command(&["serve"]));
    daemon.until_logged("the database is waited for");
    let asked = Instant::now();
    daemon.signal("TERM");
    let status = daemon.until_ended("the end while it waits");
    assert!(status.success() && asked.elapsed() < Duration::from_secs(10), "{status}\n{}", daemon.log());
    let daemon = Daemon::launch(&mut site.command(&["serve"]));
    daemon.until_logged("the database is waited for");
    postgres.come_up();
    daemon.until_logged("serving on");
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sqlite_file_that_somebody_else_holds_is_waited_for_with_a_word() {
    let site = Site::sqlite();
    plain(&site, &site.url);
    site.run(&["migrate"]);
    let mut holder = SqliteConnection::connect(&site.url).await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut holder).await.unwrap();
    let daemon = Daemon::launch(&mut site.command(&["serve"]));
    daemon.until_logged("the database is waited for");
    sqlx::raw_sql("rollback").execute(&mut holder).await.unwrap();
    daemon.until_logged("serving on");
    daemon.stop();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_named_as_such(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let site = Site::new(engine).await;
    plain(&site, &site.url);
    site.run(&["migrate"]);
    let sql = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        select 9999, description, success, checksum, execution_time from _sqlx_migrations where version = 1";
    match engine {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::connect(&site.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.map(drop).unwrap();
        }
        Engine::Postgres => {
            let mut conn = PgConnection::connect(&site.url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.map(drop).unwrap();
        }
    }
    for command in ["serve", "migrate"] {
        let refused = site.output(&[command]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(69) && said.contains("the database is newer"), "{said}");
    }
}

#[rstest]
#[case::deleted(|site: &Site| fs::remove_file(site.path("desk.db")).unwrap(), "was deleted")]
#[case::replaced(|site: &Site| {
    fs::copy(site.path("desk.db"), site.path("copy.db")).unwrap();
    fs::rename(site.path("copy.db"), site.path("desk.db")).unwrap();
}, "was replaced by another")]
#[tokio::test(flavor = "multi_thread")]
async fn no_mail_is_let_go_of_once_the_database_file_is_gone(#[case] spoil: fn(&Site), #[case] words: &str) {
    let site = Site::sqlite();
    let user = servers::fresh_address("gone");
    let mailbox = Mailbox::of(&user).set("after", "delete").set("delete_after_days", 0);
    site.configure(&Settings::new().directory(&site.path("out")).queue("support", &mailbox));
    let mut daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    client.append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the first mail to be taken", || client.uids("INBOX").len(), |count| *count == 0);
    assert_eq!(ready(&daemon).await, 200);
    spoil(&site);
    client.append("INBOX", &letters::letter(1, &user, "Please help."));
    daemon.until_logged(words);
    if words == "was deleted" {
        assert_eq!(ready(&daemon).await, 503);
        daemon.signal("TERM");
    }
    let status = daemon.until_ended("the end of a daemon without its database");
    assert_eq!(status.code(), Some(74), "{}", daemon.log());
    assert_eq!(client.uids("INBOX").len(), 1, "it is where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_cannot_be_written_is_not_ready() {
    let disk = SmallDisk::mount(8);
    let site = Site::at(&format!("sqlite:{}", disk.path("desk.db").display()));
    plain(&site, &site.url);
    let daemon = site.start();
    assert_eq!(ready(&daemon).await, 200);
    disk.fill();
    // What fits into the files as they are is written still.
    let mut status = 200;
    for _ in 0..2000 {
        status = ready(&daemon).await;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 503);
    disk.free();
    assert_eq!(ready(&daemon).await, 200);
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_on_a_disk_that_is_read_only_is_named_and_stays_as_it_is() {
    let disk = SmallDisk::mount(8);
    let file = disk.path("desk.db");
    let site = Site::at(&format!("sqlite:{}", file.display()));
    plain(&site, &site.url);
    site.run(&["migrate"]);
    site.run(&["ticket", "open", "--queue", "support", "--subject", "Help"]);
    disk.read_only();
    for command in ["serve", "migrate"] {
        let refused = site.output(&[command]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        let names_it = said.contains(&file.display().to_string());
        assert!(refused.status.code() == Some(69) && names_it, "{command}: {:?} {said}", refused.status);
    }
    disk.writable();
    assert_eq!(site.list(&["ticket", "list"]).len(), 1);
    let daemon = site.start();
    assert_eq!(ready(&daemon).await, 200);
    daemon.stop();
}
