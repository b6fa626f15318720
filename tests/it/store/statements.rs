//! Every statement in the source of the store, and that each database takes it.

use rstest::rstest;
use sqlx::AssertSqlSafe;
use sqlx::Executor;
use sqlx::SqlSafeStr;

use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::lease::Leases;
use helpdeskd::store::lease::Work;

use crate::architecture::source;
use crate::architecture::source::Source;
use crate::architecture::source::Word;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// What a statement begins with.
const VERBS: [&str; 5] = ["select ", "insert ", "update ", "delete ", "with "];
/// What only one of the two databases has.
const SQLITE_ONLY: &[&str] = &[
    "sqlite_master",
    "pragma_",
    "sqlite_version",
    "sqlite_sequence",
    "word_index",
    "instr(",
    NEEDS_AN_EXTENSION,
];
const POSTGRES_ONLY: &[&str] = &[
    "pg_tables",
    "clock_timestamp",
    "current_setting",
    "pg_advisory",
    "pg_index",
    "pg_extension",
    "tickets_id_seq",
    "event_positions",
    "position is null",
    "set_config",
    "tsvector",
    "tsquery",
    NEEDS_AN_EXTENSION,
];
/// The test of `verify` runs it where the extension is.
const NEEDS_AN_EXTENSION: &str = "bt_index_check";

/// Files with pieces of statements: the tests of lists run what the one makes, the other's stand in `TABLES`.
const JOINED: [&str; 2] = ["filters", "lease"];
/// The tables of work, whose statements `leased!` makes.
const TABLES: [(&Work, Option<&Leases>); 4] = [
    (&store::inbox::WORK, None),
    (&store::outbox::WORK, Some(&store::outbox::LEASES)),
    (&store::partner_outbox::WORK, Some(&store::partner_outbox::LEASES)),
    (&store::partner_files::WORK, Some(&store::partner_files::LEASES)),
];
/// Files in which a macro completes a text.
const ASSEMBLED: [&str; 4] = ["tags", "ticket_lists", "users", "searching"];

/// One statement as it is sent to one of the databases.
#[derive(Clone, Debug)]
pub struct Statement {
    pub text: String,
    /// `tickets::find`
    pub function: String,
}

/// All statements of the store that are meant for a database.
pub fn all(on: On) -> Vec<Statement> {
    let sources = source::all(&["src/store"]);
    let written = sources.iter().flat_map(|source| statements(source, on));
    let found = written.chain(TABLES.iter().flat_map(|(work, leases)| made(work, *leases, on)));
    let foreign = match on {
        On::Sqlite => POSTGRES_ONLY,
        On::Postgres => SQLITE_ONLY,
    };
    found.filter(|statement| !foreign.iter().any(|word| statement.text.contains(word))).collect()
}

/// What `leased!` made of a table.
fn made(work: &Work, leases: Option<&Leases>, on: On) -> Vec<Statement> {
    let mut made = vec![("settle", work.settle), ("give_back", work.give_back)];
    made.extend(work.claims.iter().map(|claim| match on {
        On::Sqlite => (claim.name, claim.text.sqlite),
        On::Postgres => (claim.name, claim.text.postgres),
    }));
    made.extend(leases.iter().flat_map(|it| {
        [("is_due", it.is_due), ("release_all", it.release_all), ("release_of", it.release_of)]
    }));
    let statement = |(name, text): (&str, &str)| Statement {
        text: text.to_owned(),
        function: format!("{}::{name}", work.table),
    };
    made.into_iter().map(statement).collect()
}

fn statements(source: &Source, on: On) -> Vec<Statement> {
    let path = source.path.trim_end_matches(".rs");
    let table = path.rsplit('/').next().unwrap_or(path);
    let mut function = String::new();
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        match &token.word {
            Word::Name(name) if name == "fn" => {
                source.name(at + 1).unwrap_or_default().clone_into(&mut function);
            }
            Word::Text(_) if JOINED.contains(&table) => {}
            // Put together from pieces: `functions` runs each of these texts.
            Word::Text(_) if ASSEMBLED.contains(&table) && is_piece(source, at) => {}
            Word::Text(text) if VERBS.iter().any(|verb| text.trim_start().starts_with(verb)) => {
                let text = with_lock(source, at, text, on);
                found.push(Statement { text, function: format!("{table}::{function}") });
            }
            _ => {}
        }
    }
    found
}

/// Whether a text is an argument of a macro that completes it.
fn is_piece(source: &Source, at: usize) -> bool {
    (at.saturating_sub(5)..at).any(|at| source.name(at) == Some("listed"))
}

/// The text as the macros of `store/db.rs` complete it, when it stands in one of them.
fn with_lock(source: &Source, at: usize, text: &str, on: On) -> String {
    let inside = |name: &str| at > 4 && source.name(at - 5) == Some(name) && source.is_mark(at - 4, '!');
    let tail = match source.tokens.get(at + 2).map(|token| &token.word) {
        Some(Word::Text(tail)) => tail.as_str(),
        _ => "",
    };
    match (inside("claim"), inside("locked"), on) {
        (true, _, On::Sqlite) => format!("{text}{tail}"),
        (true, _, On::Postgres) => format!("{text} for update skip locked{tail}"),
        (_, true, On::Postgres) => format!("{text} for update"),
        _ => text.to_owned(),
    }
}

#[test]
fn every_statement_of_the_store_is_found() {
    for on in [On::Sqlite, On::Postgres] {
        let all = all(on);
        assert!(all.len() > 110, "only {} statements on {on:?}", all.len());
        let claim = all.iter().find(|statement| statement.function == "tickets::claim_escalating").unwrap();
        assert!(claim.text.contains("limit 0 + $2"), "{}", claim.text);
        assert_eq!(claim.text.contains("limit 0 + $2 for update skip locked"), on == On::Postgres);
        let locked = all.iter().find(|statement| statement.function == "tickets::lock").unwrap();
        assert_eq!(locked.text.ends_with("where id = $1 for update"), on == On::Postgres, "{}", locked.text);
    }
    // What `with_lock` does is what the macros do.
    let db = source::all(&["src/store"]).into_iter().find(|source| source.path.ends_with("/db.rs")).unwrap();
    assert!(db.text.contains(r#"concat!($head, " for update skip locked", $tail)"#));
    assert!(db.text.contains(r#"concat!($text, " for update")"#));
}

#[test]
fn no_table_of_work_is_left_out() {
    let is_one = |source: &Source| {
        let declares = |at: usize| source.name(at) == Some("leased") && source.is_mark(at + 1, '!');
        !source.path.ends_with("/lease.rs") && (0..source.tokens.len()).any(declares)
    };
    let declared = source::all(&["src/store"]).iter().filter(|source| is_one(source)).count();
    assert_eq!(declared, TABLES.len());
    for on in [On::Sqlite, On::Postgres] {
        let all = all(on);
        let claim = all.iter().find(|statement| statement.function == "inbox::NEW").unwrap();
        assert_eq!(claim.text.contains("limit 0 + $2 for update skip locked)"), on == On::Postgres);
        assert!(claim.text.ends_with("(select id from due) returning *"), "{}", claim.text);
    }
}

#[rstest]
#[tokio::test]
async fn every_statement_of_the_store_can_be_prepared(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let mut refused = Vec::new();
    for statement in all(on) {
        let mut tx = desk.write().await;
        let text = AssertSqlSafe(statement.text.clone()).into_sql_str();
        let prepared = match &mut tx {
            Tx::Sqlite(tx) => tx.prepare(text).await.map(drop),
            Tx::Postgres(tx) => tx.prepare(text).await.map(drop),
        };
        if let Err(error) = prepared {
            refused.push(format!("{}: {error}\n  {}", statement.function, statement.text));
        }
        tx.rollback().await.unwrap();
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
