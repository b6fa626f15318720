//! No list of tickets looks at the whole desk: each walks an index that holds little else than its tickets.

use helpdeskd::clock::Timestamp;
use helpdeskd::store::db::Tx;
use helpdeskd::store::filters::Limits;
use helpdeskd::store::filters::Plan;
use helpdeskd::store::filters::Statement;
use helpdeskd::store::filters::Value;
use helpdeskd::store::filters::cursor::Cursor;
use helpdeskd::store::filters::test::Test;
use helpdeskd::store::ticket_lists::Filter;
use helpdeskd::store::ticket_lists::Shown;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use sqlx::AssertSqlSafe;
use sqlx::PgConnection;
use sqlx::Row;
use sqlx::SqliteConnection;

use crate::support::desk::TestDesk;

const DUE: Shown = Shown::Due(Timestamp(5_000), Timestamp(6_000));
const STATES: [Shown; 7] =
    [Shown::All, Shown::Unresolved, DUE, Shown::Open, Shown::OnHold, Shown::Unassigned, Shown::Closed];

/// 20 000 tickets of 1 000 customers, a tenth of them open, owned by ten agents or nobody.
const TICKETS: &str = "insert into tickets (uuid, queue_id, subject, submitter_id, owner_id, status, held_at, priority, due_at,
        door, authentication, created_at, changed_at, version)
    select n::text, 1, 's', 1 + n % 1000, case when n % 4 = 0 then null else 1 + n % 10 end,
        case when n % 10 = 0 then 'open' else 'closed' end, case when n % 400 = 0 then n end, 3, n, 'cli', 'api', n, n, 1
    from generate_series(1, 20000) as n";
const CUSTOMERS: &str = "insert into users (role, name, version, created_at) select 'customer', 'c', 1, 0 from generate_series(1, 1000)";
/// The backlog, with some room for what a page itself passes over.
const MOST_PASSED_OVER: i64 = 2_500;

/// Every combination that a caller can ask for.
fn filters() -> Vec<(Filter, Cursor)> {
    let people = [None, Some(UserId(7))];
    let times = [None, Some((Timestamp(5_000), Timestamp(5_200)))];
    let mut all = Vec::new();
    for (submitter, owner) in people.iter().flat_map(|a| people.iter().map(move |b| (*a, *b))) {
        for (shown, created) in STATES.iter().flat_map(|a| times.iter().map(move |b| (*a, *b))) {
            let filter = Filter { submitter, owner, shown, created };
            all.push((filter, Cursor::After(TicketId(0))));
            all.push((filter, Cursor::Before(TicketId(i64::MAX))));
        }
    }
    all
}

/// The index that a filter should walk, by its name in the schema.
fn expected(filter: &Filter) -> &'static str {
    match (filter.submitter, filter.owner, filter.shown, filter.created) {
        (Some(_), _, _, _) => "tickets_submitter",
        (None, Some(_), Shown::All, _) => "tickets_owner",
        (None, Some(_), Shown::Closed, _) => "tickets_owner_ended",
        (None, Some(_), _, _) => "tickets_owner_open",
        (None, None, Shown::Due(..), _) => "tickets_due",
        (None, None, Shown::All | Shown::Closed, Some(_)) => "tickets_created",
        (None, None, Shown::All, None) => "INTEGER PRIMARY KEY",
        (None, None, Shown::Unresolved, _) => "tickets_open",
        (None, None, _, _) => "tickets_shown",
    }
}

/// A statement for a page of fifty; of the segment that the tickets of the times above are in.
fn statement(plan: &Plan, cursor: Cursor) -> Statement {
    plan.statement(cursor, 1, Limits { walked: 20_000, found: 50 })
}

#[tokio::test]
async fn sqlite_walks_the_index_that_was_made_for_a_list() {
    let desk = TestDesk::sqlite().await;
    let mut tx = desk.app.db.read().await.unwrap();
    let Tx::Sqlite(connection) = &mut tx else { panic!("this is SQLite") };
    for (filter, cursor) in filters() {
        let walk = Plan::of(&filter.conditions());
        let plan = sqlite_plan(connection, statement(&walk, cursor)).await;
        let index = expected(&filter);
        assert!(plan.contains(&format!("{index} ")), "{filter:?} {cursor:?} wants {index}:\n{plan}");
        // The tickets of one segment are few enough to be put in order.
        assert!(
            walk.is_by_segment() || !plan.contains("TEMP B-TREE"),
            "{filter:?} {cursor:?} is sorted:\n{plan}"
        );
    }
}

#[tokio::test]
async fn sqlite_walks_what_hangs_on_tickets_by_what_is_asked_of_it() {
    let desk = TestDesk::sqlite().await;
    let mut tx = desk.app.db.read().await.unwrap();
    let Tx::Sqlite(connection) = &mut tx else { panic!("this is SQLite") };
    for (test, index) in [
        (Test::Tag("x".to_owned()), "tags_tag "),
        (Test::Copied(UserId(7)), "ticket_ccs_user "),
        (Test::Shared, "shared_tickets_ticket "),
        (Test::Queue(QueueId(1)), "tickets_queue "),
        (Test::Waiting, "tickets_open\n"),
        (Test::Unassigned, "tickets_open\n"),
    ] {
        for cursor in [Cursor::After(TicketId(0)), Cursor::Before(TicketId(i64::MAX))] {
            let filters = [test.clone(), Test::HasFile].map(helpdeskd::store::filters::test::Filter::wanted);
            let plan = sqlite_plan(connection, statement(&Plan::of(&filters), cursor)).await;
            assert!(
                format!("{plan}\n").contains(index.trim_end()),
                "{test:?} {cursor:?} wants {index}:\n{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "{test:?} {cursor:?} is sorted:\n{plan}");
        }
    }
}

#[tokio::test]
async fn postgres_passes_over_no_more_than_the_backlog() {
    let desk = TestDesk::postgres().await;
    let mut tx = desk.app.db.write().await.unwrap();
    let Tx::Postgres(connection) = &mut tx else { panic!("this is PostgreSQL") };
    for statement in [CUSTOMERS, TICKETS, "analyze"] {
        sqlx::query(statement).execute(&mut **connection).await.unwrap();
    }
    for (filter, cursor) in filters() {
        let walk = Plan::of(&filter.conditions());
        let plan = postgres_plan(connection, statement(&walk, cursor)).await;
        let passed_over: i64 = plan
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Rows Removed by Filter: ")?.parse::<i64>().ok())
            .sum();
        assert!(passed_over <= MOST_PASSED_OVER, "{filter:?} {cursor:?}:\n{plan}");
        assert!(!plan.contains("Seq Scan"), "{filter:?} {cursor:?}:\n{plan}");
    }
}

async fn sqlite_plan(connection: &mut SqliteConnection, statement: Statement) -> String {
    let sql = AssertSqlSafe(format!("explain query plan {}", statement.text));
    let rows = sqlx::query(sql).fetch_all(connection).await.expect("there is a plan");
    rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
}

/// Runs the statement, and says what was done.
async fn postgres_plan(connection: &mut PgConnection, statement: Statement) -> String {
    let sql = AssertSqlSafe(format!("explain (analyze, timing off) {}", statement.text));
    let mut query = sqlx::query(sql);
    for value in statement.values {
        query = match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        };
    }
    let rows = query.fetch_all(connection).await.expect("there is a plan");
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}
