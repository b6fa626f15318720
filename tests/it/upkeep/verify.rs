//! `verify` finds what is damaged and names it, and has nothing to say of a desk that is well.

use std::path::Path;
use std::process::Command;

use helpdeskd::store::db::Db;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::worker::housekeeping;
use rstest::rstest;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";

/// What one look said.
struct Looked {
    code: Option<i32>,
    findings: Vec<(String, String)>,
    human: String,
}

/// A desk to which everything has happened: message 1 opened ticket 1 and 3 answered it, 5 is a copy of 1, 7 waits
/// for a person, 9 came to a ticket that was merged into 1, and 11 to one that was deleted. The numbers between were
/// for second looks at the same messages.
async fn desk(on: On) -> TestDesk {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    let first = mail(ANN, "Printer on fire").attachment("fire.txt", "text/plain", b"flames");
    let raw: Vec<u8> = first.into();
    assert_eq!(desk.receive(raw.clone()).await, "ticket #1");
    let told = desk.sent().await;
    desk.receive(told.to(ANN).answer("It burns still.")).await;
    assert_eq!(desk.receive(raw).await, "duplicate #1");
    assert!(desk.receive(mail("", "Nobody")).await.starts_with("suspended"));
    desk.receive(mail(ANN, "Printer smokes")).await;
    desk.by(&alex).merge(2, 1).await;
    desk.receive(mail("bob@customer.test", "Delete me")).await;
    desk.operator().delete(3).await;
    desk.by(&alex).comment(1, "Use water.").await;
    desk.operator().open(Some(ANN), "By telephone", "No mail at all.").await;
    desk.sent().await;
    desk
}

/// Runs the program on the desk's database.
fn verify(desk: &TestDesk, more: &[&str]) -> Looked {
    let home = tempfile::tempdir().expect("a directory is made");
    let config = home.path().join("config.toml");
    let text = format!(
        "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"default\"\ndirectory = \"unused\"\n
         [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n",
        desk.url()
    );
    std::fs::write(&config, text).expect("the configuration is written");
    let (code, human) = run(&config, more, &[]);
    let (_, json) = run(&config, more, &["--json"]);
    let report: Value = serde_json::from_str(&json).expect("it prints JSON");
    let text = |finding: &Value, key: &str| finding[key].as_str().expect("it is text").to_owned();
    let findings = report["findings"].as_array().expect("it lists what it found").iter();
    let findings = findings.map(|one| (text(one, "rule"), text(one, "what"))).collect();
    Looked { code, findings, human }
}

fn run(config: &Path, more: &[&str], json: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helpdeskd"));
    let output = command.arg("--config").arg(config).arg("verify").args(more).args(json).output();
    let output = output.expect("the program starts");
    (output.status.code(), String::from_utf8(output.stdout).expect("it prints text"))
}

/// Does what no program of ours would, around the references that the database keeps.
async fn damage(desk: &TestDesk, sql: &str) {
    let around = |begin: &str, end: &str| AssertSqlSafe(format!("{begin}; {sql}; {end}"));
    let done = match &desk.app.db {
        Db::Sqlite { write, .. } => {
            let sql = around("pragma foreign_keys = off", "pragma foreign_keys = on");
            sqlx::raw_sql(sql).execute(write).await.map(drop)
        }
        Db::Postgres(pool) => {
            let sql = around("set session_replication_role = replica", "reset session_replication_role");
            sqlx::raw_sql(sql).execute(pool).await.map(drop)
        }
    };
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    desk.leaves_unsettled();
}

#[rstest]
#[case::a_ticket("delete from tickets where id = 4", "ticket-gone", "ticket 4")]
#[case::a_ticket_with_mail(
    "update inbox set ticket_id = null where ticket_id = 1; delete from tickets where id = 1",
    "ticket-gone",
    "message 1"
)]
#[case::an_entry_by_mail("delete from followups where inbox_id = 3", "entry-gone", "message 3")]
#[case::an_entry_by_hand("delete from followups where text = 'Use water.'", "entry-gone", "entry 5")]
#[case::a_mail_to_be_sent("delete from outbox where id = 1", "mail-gone", "ticket 1")]
#[case::raw_bytes_of_a_message("update inbox set blob_id = null where id = 3", "raw-gone", "message 3")]
#[case::stored_bytes(
    "delete from blobs where id = (select blob_id from inbox where id = 3)",
    "raw-gone",
    "message 3"
)]
#[case::some_of_the_bytes(
    "update blobs set size = size + 1 where id = (select blob_id from inbox where id = 3)",
    "bytes-cut",
    "bytes 4"
)]
#[case::a_digest(
    "update inbox set digest = (select digest from blobs where id = 1) where id = 3",
    "raw-changed",
    "message 3"
)]
#[case::an_attachment(
    "delete from blobs where id = (select blob_id from attachments where name = 'fire.txt')",
    "attachment-gone",
    "entry 1"
)]
#[case::a_forged_suspension(
    "update inbox set outcome = 'suspended', reason = 'spam' where id = 3",
    "outcome-forged",
    "message 3"
)]
#[case::words("delete from entry_words where id = 1", "entry-unindexed", "entry 1")]
#[case::a_forged_opening("update inbox set outcome = 'ticket' where id = 3", "outcome-forged", "message 3")]
#[case::a_forged_entry(
    "update inbox set outcome = 'followup', ticket_id = 1 where id = 7",
    "entry-gone",
    "message 7"
)]
#[case::a_forged_rule("update inbox set outcome = 'ignored' where id = 7", "outcome-unfounded", "message 7")]
#[case::a_forged_duplicate(
    "update inbox set outcome = 'duplicate' where id = 7",
    "duplicate-of-nothing",
    "message 7"
)]
#[case::a_forged_bounce("update inbox set outcome = 'bounce' where id = 7", "outcome-unfounded", "message 7")]
#[case::an_invented_outcome("update inbox set outcome = 'fine' where id = 7", "outcome-unknown", "message 7")]
#[case::another_ticket("update inbox set ticket_id = 4 where id = 3", "entry-gone", "message 3")]
#[case::an_event("delete from events where ticket_id = 1 and seq = 2", "event-gone", "ticket 1")]
#[case::the_last_event("delete from events where ticket_id = 4", "event-gone", "ticket 4")]
#[case::a_message_id("delete from message_ids where id = 2", "message-id-gone", "message 3")]
#[case::a_tombstone("delete from tombstones", "tombstone-gone", "message 11")]
#[case::a_journal_row("delete from inbox where id = 3", "message-gone", "entry 2")]
#[case::a_forged_delivery(
    "update outbox set attempts = 0 where id = 1",
    "mail-never-tried",
    "outgoing mail 1"
)]
#[case::a_draft("update events set field = 'draft', new = '7' where ticket_id = 4", "draft-gone", "ticket 4")]
#[case::a_rating(
    "insert into ratings (ticket_id, user_id, value, created_at, changed_at) values (4, 1, 5, 1, 1)",
    "rating-unfounded",
    "ticket 4"
)]
#[case::an_answer_that_was_counted("delete from measures", "measure-gone", "ticket 1")]
#[case::another_queue_of_a_measure("update measures set queue_id = 77", "measure-wrong", "ticket 1")]
#[case::a_time_that_cannot_be(
    "update measures set minutes = -1 where kind = 'first_answer'",
    "measure-wrong",
    "ticket 1"
)]
#[case::a_target("update tickets set late_at = 1 where id = 1", "clock-wrong", "ticket 1")]
#[case::a_target_of_what_ended("update tickets set target_at = 1 where id = 2", "clock-wrong", "ticket 2")]
#[case::a_clock("update tickets set answer_spent = -1 where id = 4", "clock-wrong", "ticket 4")]
#[case::a_person("delete from users where email = 'ann@customer.test'", "reference-broken", "ticket 1")]
#[case::quarantine(
    "update inbox set outcome = 'quarantined', reason = 'panic' where id = 7",
    "quarantined",
    "message 7"
)]
#[case::a_forgotten_message(
    "update inbox set outcome = null, reason = null where id = 7",
    "unfinished",
    "message 7"
)]
#[tokio::test]
async fn damage_is_found_and_named(
    #[values(On::Sqlite, On::Postgres)] on: On,
    #[case] sql: &str,
    #[case] rule: &str,
    #[case] what: &str,
) {
    let desk = desk(on).await;
    damage(&desk, sql).await;
    let looked = verify(&desk, &[]);
    let named = (rule.to_owned(), what.to_owned());
    assert!(
        looked.code == Some(1) && looked.findings.contains(&named),
        "{:?}\n{}",
        looked.code,
        looked.human
    );
    assert!(looked.human.contains(&format!("{what}: ")), "{}", looked.human);
}

#[rstest]
#[case::of_a_message("message 3", "select blob_id from inbox where id = 3")]
#[case::of_an_attachment("bytes 3", "select blob_id from attachments where name = 'fire.txt'")]
#[tokio::test]
async fn overwritten_bytes_are_found_by_a_deep_look(
    #[values(On::Sqlite, On::Postgres)] on: On,
    #[case] what: &str,
    #[case] whose: &str,
) {
    let desk = desk(on).await;
    let other = if on == On::Sqlite { "zeroblob(size)" } else { "decode(repeat('00', size::int), 'hex')" };
    damage(&desk, &format!("update blobs set first_chunk = {other} where id = ({whose})")).await;
    let looked = verify(&desk, &["--deep"]);
    assert_eq!((looked.code, looked.findings), (Some(1), vec![("raw-changed".to_owned(), what.to_owned())]));
}

#[rstest]
#[tokio::test]
async fn a_desk_that_is_well_gives_nothing_to_look_at(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on).await;
    let looked = verify(&desk, &["--deep"]);
    assert_eq!((looked.code, looked.findings.as_slice()), (Some(0), [].as_slice()), "{}", looked.human);
    assert!(looked.human.ends_with("unaccounted: 0\nto look at: 0\n"), "{}", looked.human);
    desk.advance(days(400));
    housekeeping::run(&desk.app).await;
    desk.operator().delete(1).await;
    housekeeping::run(&desk.app).await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Fire again")).await;
    let looked = verify(&desk, &["--deep"]);
    assert_eq!((looked.code, looked.findings.as_slice()), (Some(0), [].as_slice()), "{}", looked.human);
}

/// Where the pages of an index begin in the file, and how large they are.
async fn index_page(desk: &TestDesk, name: &str) -> (u64, u64) {
    let Db::Sqlite { write, .. } = &desk.app.db else { panic!("it is SQLite") };
    sqlx::raw_sql("pragma wal_checkpoint(truncate)").execute(write).await.expect("all of it is in the file");
    let page: i64 = sqlx::query_scalar("select rootpage from sqlite_master where name = $1")
        .bind(name)
        .fetch_one(write)
        .await
        .expect("the index is there");
    let size: i64 = sqlx::query_scalar("pragma page_size").fetch_one(write).await.expect("it is told");
    let number = |value: i64| u64::try_from(value).expect("it is not negative");
    (number(page), number(size))
}

#[rstest]
#[case::emptied(&[0, 0])]
#[case::of_nonsense(&[0xff; 60])]
#[tokio::test]
async fn a_damaged_index_of_sqlite_is_found(#[case] bytes: &[u8]) {
    use std::os::unix::fs::FileExt;
    let desk = desk(On::Sqlite).await;
    let (page, size) = index_page(&desk, "message_ids_text").await;
    let path = desk.url().trim_start_matches("sqlite:").to_owned();
    let file = std::fs::File::options().write(true).open(path).expect("it is there");
    // The number of cells stands third in the head of a page.
    file.write_all_at(bytes, (page - 1) * size + 3).expect("it is written");
    desk.leaves_unsettled();
    let looked = verify(&desk, &[]);
    let damaged = looked.findings.iter().any(|(rule, _)| rule == "database-damaged");
    assert!(looked.code == Some(1) && damaged, "{:?} {}", looked.code, looked.human);
}
