//! Many due tickets, and many processes: each ticket is raised once and mailed once.

use std::collections::HashSet;

use helpdeskd::desk::app::App;
use helpdeskd::store::db::Tx;
use helpdeskd::worker::escalation;

use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ONE_DAY: &str = "escalate_after = \"1d\"";
const TICKETS: i64 = 10_000;

/// Tickets by telephone, of as many customers, due after a day.
async fn open_tickets(desk: &TestDesk) {
    let due = desk.now().plus(days(1)).0;
    let mut tx = desk.write().await;
    let Tx::Postgres(conn) = &mut tx else { panic!("several processes need PostgreSQL") };
    let sql = "insert into users (role, email, email_key, name, version, created_at)
        select 'customer', 'ann' || n || '@customer.test', 'ann' || n || '@customer.test', 'Ann', 1, 0
        from generate_series(1, $1) as n";
    sqlx::query(sql).bind(TICKETS).execute(&mut **conn).await.expect("customers are added");
    let sql =
        "insert into tickets (uuid, queue_id, subject, submitter_id, status, priority, escalate_at, door,
            authentication, created_at, changed_at, version)
        select 'uuid-' || id, 1, 'Printer on fire', id, 'open', 3, $1, 'cli', 'api', $2, $2, 1 from users";
    sqlx::query(sql).bind(due).bind(desk.now().0).execute(&mut **conn).await.expect("tickets are added");
    tx.commit().await.expect("it commits");
}

async fn count(desk: &TestDesk, sql: &'static str) -> i64 {
    let Tx::Postgres(conn) = &mut desk.read().await else { panic!("several processes need PostgreSQL") };
    sqlx::query_scalar(sql).fetch_one(&mut **conn).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn three_processes_raise_ten_thousand_tickets_once_each_and_mail_once_each() {
    let desk = TestDesk::with_config(On::Postgres, ONE_DAY).await;
    open_tickets(&desk).await;
    desk.advance(days(1));
    let apps: [App; 3] = [desk.app.clone(), desk.another(2).await, desk.another(3).await];
    let runs = apps.map(|app| tokio::spawn(async move { escalation::run(&app, None).await }));
    let mut raised = HashSet::new();
    let mut shares = Vec::new();
    for run in runs {
        let done = run.await.expect("it ends").expect("it runs");
        shares.push(done.len());
        for one in done {
            assert!(raised.insert(one.ticket_id), "ticket {} was raised by two", one.ticket_id);
        }
    }
    assert_eq!(raised.len(), usize::try_from(TICKETS).unwrap());
    assert!(shares.iter().all(|share| *share > 0), "the work is shared: {shares:?}");
    for (sql, expected) in [
        (
            "select count(*) from tickets where priority = 2 and escalated_at is not null and version = 2",
            TICKETS,
        ),
        ("select count(*) from followups where kind = 'escalated' and visibility = 'public'", TICKETS),
        ("select count(distinct ticket_id) from followups where kind = 'escalated'", TICKETS),
        ("select count(*) from changes where field = 'priority' and old = '3' and new = '2'", TICKETS),
        ("select count(*) from outbox where event = 'escalated'", TICKETS),
        ("select count(distinct ticket_id) from outbox where event = 'escalated'", TICKETS),
        ("select count(distinct recipient_key) from outbox where event = 'escalated'", TICKETS),
    ] {
        assert_eq!(count(&desk, sql).await, expected, "{sql}");
    }
    assert!(desk.escalate().await.is_empty(), "nothing is left");
    desk.leaves_unsettled();
}

#[tokio::test]
async fn a_ticket_that_somebody_is_changing_is_left_to_the_next_run() {
    let desk = TestDesk::with_config(On::Postgres, ONE_DAY).await;
    let first = desk.operator().open(None, "Printer on fire", "It burns.").await;
    let second = desk.operator().open(None, "Fire drill", "Friday.").await;
    desk.advance(days(1));
    let mut tx = desk.write().await;
    let held = helpdeskd::store::tickets::lock(&mut tx, helpdeskd::ticket::id::TicketId(first)).await;
    assert!(held.expect("it is read").is_some());
    assert_eq!(desk.escalate().await, [second], "nobody waits for it");
    tx.commit().await.expect("it commits");
    assert_eq!(desk.escalate().await, [first]);
    desk.sent().await;
}
