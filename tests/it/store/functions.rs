//! Every function of the store, called on both databases: the answers must be the same.
//!
//! A transcript of all calls is compared, so a column that one database gives otherwise is seen, whatever it is.

mod api;
mod drafts;
mod erasing;
mod mail;
mod measures;
mod people;
mod processes;
mod proofs;
mod relay;
mod scheduled;
mod searching;
mod sending;
mod sharing;
mod splitting;
mod tickets;
mod traffic;

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::db;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::store::faults;
use helpdeskd::store::migrate;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::person::User;
use helpdeskd::ticket::priority::Priority;

use crate::architecture::source;
use crate::architecture::source::Source;
use crate::support::mail::mail as new_mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// Calls one function of the store, writes its answer down, and returns it.
macro_rules! call {
    ($calls:ident, $($path:ident)::+ ($($argument:expr),* $(,)?)) => {{
        let name = stringify!($($path)::+);
        let answer = helpdeskd::store::$($path)::+($($argument),*).await;
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        $calls.push(format!("{name}: {answer:?}"));
        answer
    }};
}
use call;

/// The moment at which everything happens, and others around it.
const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
const LATER: Timestamp = Timestamp(NOW.0 + Timestamp::HOUR);
const MUCH_LATER: Timestamp = Timestamp(NOW.0 + 30 * Timestamp::DAY);

/// Calls and their answers, in order.
type Calls = Vec<String>;

#[tokio::test]
async fn every_function_answers_alike_on_both_databases() {
    let (sqlite, postgres) = (transcript(On::Sqlite).await, transcript(On::Postgres).await);
    assert!(sqlite.len() > 150, "{} calls", sqlite.len());
    for (sqlite, postgres) in sqlite.iter().zip(&postgres) {
        assert_eq!(sqlite, postgres);
    }
    assert_eq!(sqlite.len(), postgres.len());
}

#[tokio::test]
async fn a_look_sees_what_is_committed_and_leaves_no_transaction_open() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        let mut look = desk.app.db.look().await.expect("a connection is free");
        let before = store::api_tokens::list(&mut look).await.expect("tokens are listed").len();
        let mut tx = desk.write().await;
        store::api_tokens::insert(&mut tx, &api::SHOP, NOW).await.expect("the name is free");
        tx.commit().await.expect("it commits");
        let after = store::api_tokens::list(&mut look).await.expect("tokens are listed").len();
        assert_eq!((before, after), (0, 1));
        look.commit().await.expect("there is nothing to commit");
    }
}

#[tokio::test]
async fn one_statement_is_there_for_all_once_it_is_done() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        let mut one = desk.app.db.write_one().await.expect("a connection is free");
        store::api_tokens::insert(&mut one, &api::SHOP, NOW).await.expect("the name is free");
        drop(one);
        let seen = store::api_tokens::list(&mut desk.read().await).await.expect("tokens are listed").len();
        assert_eq!(seen, 1, "without a commit");
    }
}

async fn transcript(on: On) -> Calls {
    let desk = TestDesk::start(on).await;
    let mut calls = Vec::new();
    let mut tx = desk.write().await;
    people::call_all(&mut tx, &mut calls).await;
    tickets::call_all(&mut tx, &mut calls).await;
    mail::call_all(&mut tx, &mut calls).await;
    sending::call_all(&mut tx, &mut calls).await;
    traffic::call_all(&mut tx, &mut calls).await;
    scheduled::call_all(&mut tx, &mut calls).await;
    sharing::call_all(&mut tx, &mut calls).await;
    api::call_all(&mut tx, &mut calls).await;
    measures::call_all(&mut tx, &mut calls).await;
    relay::call_all(&mut tx, &mut calls).await;
    proofs::call_all(&mut tx, &mut calls).await;
    processes::call_all(&mut tx, &mut calls).await;
    drafts::call_all(&mut tx, &mut calls).await;
    splitting::call_all(&mut tx, &mut calls).await;
    erasing::call_all(&mut tx, &mut calls).await;
    searching::call_all(&mut tx, &mut calls).await;
    tx.rollback().await.expect("it rolls back");
    calls
}

#[test]
fn no_function_of_the_store_is_left_out() {
    let tests = source::all(&["tests/it/store"]);
    let called = |module: &str, function: &str| tests.iter().any(|test| calls(test, module, function));
    let mut left_out = Vec::new();
    for source in source::all(&["src/store"]) {
        let path = source.path.trim_start_matches("src/store/").trim_end_matches(".rs");
        let module = path.rsplit('/').next().unwrap_or(path);
        for function in public_functions(&source) {
            if !called(module, &function) {
                left_out.push(format!("{module}::{function}"));
            }
        }
    }
    assert!(left_out.is_empty(), "never called here: {}", left_out.join(", "));
}

/// What only these tests call would look alive to the compiler for ever. What stories are shown with is used.
#[test]
fn every_function_of_the_store_has_a_caller_besides_these_tests() {
    let callers = source::all(&["src", "benches", "tests/it/support"]);
    let mut idle = Vec::new();
    for source in source::all(&["src/store"]) {
        let path = source.path.trim_start_matches("src/store/").trim_end_matches(".rs");
        let module = path.rsplit('/').next().unwrap_or(path);
        for function in public_functions(&source) {
            let is_called = is_used_inside(&source, &function)
                || callers.iter().any(|caller| calls(caller, module, &function));
            if !is_called {
                idle.push(format!("{module}::{function}"));
            }
        }
    }
    assert!(idle.is_empty(), "never called: {}", idle.join(", "));
}

/// Whether a file calls a function of its own.
fn is_used_inside(source: &Source, function: &str) -> bool {
    (1..source.tokens.len()).any(|at| {
        source.name(at) == Some(function)
            && source.is_mark(at + 1, '(')
            && source.name(at - 1) != Some("fn")
            && !source.is_mark(at - 1, '.')
            && !source.is_mark(at - 1, ':')
    })
}

/// The functions that need a database: `pub async fn`.
fn public_functions(source: &Source) -> Vec<String> {
    let is = |at: usize, name: &str| source.name(at) == Some(name);
    let starts =
        (0..source.tokens.len()).filter(|&at| is(at, "pub") && is(at + 1, "async") && is(at + 2, "fn"));
    starts.filter_map(|at| source.name(at + 3)).map(str::to_owned).collect()
}

/// Whether a test names `module::function`, or `.function(` of the types in `db`, `open` and `lease`.
fn calls(test: &Source, module: &str, function: &str) -> bool {
    (1..test.tokens.len()).any(|at| {
        let named = test.name(at) == Some(function) && test.is_mark(at + 1, '(');
        let by_path = at > 2 && test.is_path_separator(at - 2) && test.name(at - 3) == Some(module);
        let of_type = ["db", "open", "lease"].contains(&module)
            && (test.is_mark(at - 1, '.') || test.is_path_separator(at.max(2) - 2));
        named && (by_path || of_type)
    })
}

#[tokio::test]
async fn a_database_is_opened_migrated_read_and_closed() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        let db = &desk.app.db;
        migrate::apply(db).await.expect("to apply again changes nothing");
        migrate::require_current(db).await.expect("it is current");
        assert_eq!(migrate::version(db).await.unwrap(), migrate::latest());
        let mut tx = db.read().await.unwrap();
        let here = desk.now();
        let now = db::now(&mut tx, here).await.unwrap();
        // The server has its own clock, the embedded database has none.
        assert_eq!(now == here, on == On::Sqlite);
        db::scrub::scrub(db).await.expect("nothing else writes");
        let version = db::integrity::version(&mut tx).await.unwrap();
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{version}");
        tx.rollback().await.unwrap();
        assert_eq!(db.is_shared(), on == On::Postgres);
    }
}

#[tokio::test]
async fn what_is_rolled_back_is_gone_and_what_is_committed_stays() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        let mut tx = desk.write().await;
        store::keys::insert(&mut tx, b"gone", NOW).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = desk.write().await;
        store::keys::insert(&mut tx, b"dropped", NOW).await.unwrap();
        drop(tx);
        let mut tx = desk.write().await;
        store::keys::insert(&mut tx, b"stays", NOW).await.unwrap();
        tx.commit().await.unwrap();
        let keys = store::keys::list(&mut desk.read().await).await.unwrap();
        assert_eq!(keys.last().unwrap().secret, b"stays");
        assert_eq!(keys.len(), 2, "the desk made its own before");
    }
}

#[tokio::test]
async fn a_backup_is_a_whole_database() {
    let desk = TestDesk::start(On::Sqlite).await;
    desk.agent("alex@staff.test").await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("copy.db");
    assert!(desk.app.db.backup(file.to_str().unwrap()).await.unwrap());
    let copy = Db::open(&format!("sqlite:{}", file.display()), 1).await.unwrap();
    let staff = store::users::list_staff(&mut copy.read().await.unwrap()).await.unwrap();
    assert_eq!(staff[0].email.as_deref(), Some("alex@staff.test"));
    copy.close().await;
    let postgres = TestDesk::start(On::Postgres).await;
    assert!(!postgres.app.db.backup("nowhere").await.unwrap());
}

/// PostgreSQL ran the inner select of the claim once for each row, so `limit 1` took all of them, and each
/// look at one message brought the others nearer to quarantine.
#[tokio::test]
async fn a_claim_takes_no_more_than_its_limit() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        for subject in ["one", "two", "three"] {
            desk.record("support", new_mail("ann@customer.test", subject).into(), Extent::Full).await;
        }
        let mailbox = desk.mailbox("support").await;
        let mut tx = desk.write().await;
        store::inbox::claim_begun(&mut tx, mailbox.id).await.unwrap().expect("all three were begun");
        let rows = store::inbox::list_unfinished(&mut tx, mailbox.id).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.attempts).collect::<Vec<_>>(), [2, 1, 1], "{on:?}");
        desk.leaves_unsettled();
    }
}

/// A broken reference counted as passing trouble on SQLite, so one mail was tried for ever and held up the rest.
#[tokio::test]
async fn a_refused_row_is_no_passing_trouble() {
    for on in [On::Sqlite, On::Postgres] {
        let desk = TestDesk::start(on).await;
        desk.agent("alex@staff.test").await;
        let mut tx = desk.write().await;
        let taken = store::users::NewUser {
            role: helpdeskd::ticket::person::Role::Customer,
            email: Some("ALEX@staff.test"),
            name: "Alex",
            username: None,
            password_hash: None,
            weak_password: false,
            locale: None,
        };
        let error = store::users::insert(&mut tx, &taken, NOW).await.expect_err("the address is taken");
        assert!(!faults::is_passing(&error), "{on:?}: {error}");
        let mut tx = {
            drop(tx);
            desk.write().await
        };
        let error = store::tags::insert(&mut tx, helpdeskd::ticket::id::TicketId(99), "x").await;
        assert!(!faults::is_passing(&error.expect_err("there is no such ticket")), "{on:?}");
        assert!(faults::is_passing(&sqlx::Error::PoolTimedOut));
    }
}

/// A ticket in the queue that the desk has from the start.
async fn ticket(tx: &mut Tx, calls: &mut Calls, uuid: &str, submitter: &User) -> Ticket {
    let new = NewTicket {
        uuid,
        queue_id: QueueId(1),
        type_id: None,
        subject: "Printer on fire \u{1f525}",
        submitter_id: Some(submitter.id),
        reply_to: None,
        owner_id: None,
        priority: Priority::NORMAL,
        due_at: Some(LATER),
        escalate_at: None,
        follows: None,
        door: "mail",
        authentication: Authentication::Unknown,
        locale: Some("en"),
        customer_at: None,
        preview: "",
        created_at: NOW,
        clocks: &helpdeskd::ticket::targets::Clocks::default(),
    };
    call!(calls, tickets::insert(tx, &new, LATER))
}

/// The customer whom `people` adds first.
async fn ann(tx: &mut Tx) -> User {
    store::users::find(tx, UserId(1)).await.expect("it is read").expect("she was added first")
}
