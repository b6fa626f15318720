//! A report as CSV, as a program reads it that knows nothing of ours.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use rstest::rstest;
use serde_json::Value;

use crate::support::mail::mail;
use crate::support::program::Program;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

const READER: &str = "import csv, json, sys\nprint(json.dumps(list(csv.DictReader(sys.stdin, strict=True))))";

/// Names as people may give, and as a table calculator gets them.
const TAGS: [(&str, &str); 8] = [
    ("=1+1", "'=1+1"),
    ("@sum(a1)", "'@sum(a1)"),
    ("-2", "'-2"),
    ("+49 30", "'+49 30"),
    ("\u{ff1d}cmd", "'\u{ff1d}cmd"),
    ("a, \"b\"; c", "a, \"b\"; c"),
    ("two\nlines", "two lines"),
    ("späte Lieferung", "späte Lieferung"),
];

/// What Python's own reader makes of it.
fn read(csv: &str) -> Vec<Value> {
    let mut python = Command::new("python3");
    let python = python.args(["-c", READER]).env("PYTHONIOENCODING", "utf-8");
    let mut python =
        python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 is installed");
    python.stdin.take().expect("it is piped").write_all(csv.as_bytes()).expect("it reads");
    let output = python.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{csv}");
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

#[rstest]
#[tokio::test]
async fn a_report_as_csv_is_read_by_another_program_and_holds_no_formula(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    for (n, (tag, _)) in TAGS.iter().enumerate() {
        desk.receive(mail("ann@customer.test", &format!("Printer {n} on fire"))).await;
        let id = i64::try_from(n).expect("it is small") + 1;
        let mut tx = desk.write().await;
        store::tags::insert(&mut tx, TicketId(id), tag).await.expect("it is written");
        tx.commit().await.expect("it commits");
        desk.advance(minutes(7));
        desk.by(&alex).comment(id, "Use water.").await;
    }
    let program = Program::new();
    let config = format!(
        "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"default\"\ndirectory = \"unused\"\n
         [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n",
        desk.url()
    );
    program.write("config.toml", config);
    let report = |format: &str| {
        let period = ["--from", "2026-01-01", "--to", "2026-12-31"];
        let ran = program.run(&[&["report", "--by", "tag", "--format", format], &period[..]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let rows = read(&report("csv"));
    let json: Value = serde_json::from_str(&report("json")).expect("it prints JSON");
    let lines = json["lines"].as_array().expect("it has lines");
    assert_eq!(rows.len(), lines.len() + 1, "and the total");
    for (row, line) in rows.iter().zip(lines.iter().chain([&json["total"]])) {
        let name = line["name"].as_str().expect("it has a name");
        let safe = TAGS.iter().find(|(tag, _)| *tag == name).map_or(name, |(_, safe)| safe);
        assert_eq!(row["name"], safe);
        let first = &line["first_answer"];
        for (column, value) in [
            ("opened", &line["opened"]),
            ("answered", &line["answered"]),
            ("backlog", &line["backlog"]),
            ("first_answer_median", &first["median"]),
            ("first_answer_p90", &first["p90"]),
        ] {
            assert!(value.is_i64(), "{column} of {name}: {value}");
            assert_eq!(row[column], value.to_string(), "{column} of {name}");
        }
        assert_eq!(row["unit"], "minutes");
    }
}
