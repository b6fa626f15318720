//! How each database finds the rows of each statement: by an index, however large the table is.
//!
//! Says nothing about speed; that is measured by the benchmark.

use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::Row;

use helpdeskd::store::db::Tx;

use super::statements;
use super::statements::Statement;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// Tables that hold what the configuration or operators declare, and do not grow with the mail.
const SMALL: [&str; 18] = [
    "word_backfill",
    "morning_digests",
    "replies",
    "rule_turns",
    "processes",
    "queues",
    "ticket_types",
    "mailboxes",
    "keys",
    "channels",
    "api_tokens",
    "probes",
    "return_paths",
    "sender_pauses",
    "alerts",
    "agreements",
    "oauth_tokens",
    "ignore_rules",
];

/// Statements that may go through all rows, and why.
const EXCEPTED: [(&str, &str); 17] = [
    ("outbox::list", "the newest rows up to a limit, in the order of their numbers"),
    ("blobs::newest_before", "housekeeping: from the newest on, what was stored within a day"),
    ("digest_lines::repoint_person", "once for two people who are made one"),
    ("merging::repoint_person", "as digest_lines::repoint_person"),
    ("measures::repoint_person", "as digest_lines::repoint_person"),
    ("report::measured", "a report: all that happened in its time"),
    ("report::open", "a report: all that are open"),
    ("users::list_merged", "once for somebody who is erased"),
    ("storms::delete_of_sender", "once for somebody who is erased"),
    ("digest_lines::list_recipients", "what was gathered within ten minutes"),
    ("queues::upsert", "SQLite plans a look at all references, and skips it when none is broken"),
    ("ticket_types::upsert", "as queues::upsert"),
    ("ticket_numbers::last", "the database's own count, a row a table"),
    ("ticket_numbers::skip_to", "as ticket_numbers::last"),
    ("users::insert", "as queues::upsert"),
    ("users::insert_customer", "as queues::upsert"),
    ("users::insert_unproven", "as queues::upsert"),
];

#[tokio::test]
async fn no_statement_reads_a_whole_table_on_sqlite() {
    let desk = TestDesk::start(On::Sqlite).await;
    let mut tx = desk.write().await;
    let partial = partial_indexes(&mut tx).await;
    let mut breaches = Vec::new();
    for statement in watched(On::Sqlite) {
        let Tx::Sqlite(conn) = &mut tx else { panic!("this is SQLite") };
        let sql = AssertSqlSafe(format!("explain query plan {}", statement.text));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(&mut **conn).await.unwrap();
        let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
        let by_partial = |step: &str| partial.iter().any(|index| step.ends_with(&format!(" {index}")));
        if steps.iter().any(|step| reads_all(step, &steps) && !by_partial(step)) {
            breaches.push(format!("{}:\n  {}", statement.function, steps.join("\n  ")));
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[tokio::test]
async fn no_statement_reads_a_whole_table_on_postgres() {
    let desk = TestDesk::start(On::Postgres).await;
    let mut tx = desk.write().await;
    let partial = partial_indexes(&mut tx).await;
    // A plan for any values, and a scan of a whole table only where nothing else is possible.
    run(&mut tx, "set local plan_cache_mode = force_generic_plan").await;
    run(&mut tx, "set local enable_seqscan = off").await;
    let mut breaches = Vec::new();
    for statement in watched(On::Postgres) {
        let plan = explain(&mut tx, &statement).await;
        let mut reads = Vec::new();
        whole_reads(&plan, &partial, &mut reads);
        if !reads.is_empty() {
            breaches.push(format!("{}: {}", statement.function, reads.join(", ")));
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn every_exception_still_names_a_statement() {
    let all = statements::all(On::Sqlite);
    for (function, _) in EXCEPTED {
        assert!(all.iter().any(|statement| statement.function == function), "{function}");
    }
}

fn watched(on: On) -> impl Iterator<Item = Statement> {
    let excepted = |statement: &Statement| EXCEPTED.iter().any(|(name, _)| *name == statement.function);
    // The schema's own tables are read at the start only; `verify` is there to read everything.
    let seldom = |statement: &Statement| {
        ["migrate::", "integrity::", "proofs::"].iter().any(|file| statement.function.starts_with(file))
    };
    statements::all(on).into_iter().filter(move |statement| !excepted(statement) && !seldom(statement))
}

/// Whether a step of SQLite's plan goes through all rows of a table that grows.
fn reads_all(step: &str, steps: &[String]) -> bool {
    let Some(rest) = step.strip_prefix("SCAN ") else { return false };
    let table = rest.split_whitespace().next().unwrap_or_default();
    // The result of an inner select is as long as that one's own steps say.
    let inner = steps.iter().any(|step| *step == format!("CO-ROUTINE {table}"));
    // The index of words, and lists that are bound.
    let is_table = !rest.contains(" VIRTUAL TABLE INDEX ");
    !SMALL.contains(&table) && is_table && !inner && rest != "CONSTANT ROW"
}

async fn partial_indexes(tx: &mut Tx) -> Vec<String> {
    let names = match tx {
        Tx::Sqlite(tx) => {
            let sql = "select name from sqlite_master where type = 'index' and sql like '% where %'";
            sqlx::query_scalar(sql).fetch_all(&mut **tx).await
        }
        Tx::Postgres(tx) => {
            let sql = "select relname::text from pg_index join pg_class on oid = indexrelid where indpred is not null";
            sqlx::query_scalar(sql).fetch_all(&mut **tx).await
        }
    };
    names.expect("the indexes are listed")
}

async fn run(tx: &mut Tx, sql: &str) {
    let Tx::Postgres(conn) = tx else { panic!("this is PostgreSQL") };
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **conn).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn explain(tx: &mut Tx, statement: &Statement) -> Value {
    let count = (1..100).take_while(|n| statement.text.contains(&format!("${n}"))).count();
    let values = vec!["null"; count].join(", ");
    let values = if count > 0 { format!("({values})") } else { String::new() };
    run(tx, &format!("prepare watched as {}", statement.text)).await;
    let Tx::Postgres(conn) = &mut *tx else { panic!("this is PostgreSQL") };
    let sql = AssertSqlSafe(format!("explain (format json) execute watched {values}"));
    let rows = sqlx::raw_sql(sql).fetch_one(&mut **conn).await;
    let row = rows.unwrap_or_else(|error| panic!("{}: {error}", statement.function));
    // `json` is text to everybody who does not ask for its type.
    let plan: Value = serde_json::from_str(row.get_unchecked(0)).expect("the plan is JSON");
    run(tx, "deallocate watched").await;
    plan[0]["Plan"].clone()
}

/// Collects the nodes of a plan that go through all rows of a table that grows.
fn whole_reads(node: &Value, partial: &[String], found: &mut Vec<String>) {
    let text = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
    let (kind, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    let by_index = kind.starts_with("Index") || kind == "Bitmap Index Scan";
    let whole = kind == "Seq Scan" || (by_index && node["Index Cond"].is_null() && !partial.contains(&index));
    if whole && !SMALL.contains(&table.as_str()) {
        found.push(format!("{kind} of {table} {index}"));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        whole_reads(child, partial, found);
    }
}
