//! Many due tickets, and many processes: each ticket is raised once and mailed once.

use std::path::Path;
use std::time::Duration;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::store::tickets;
use helpdeskd::ticket::id::TicketId;

use crate::support::daemon::Daemon;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::until::until_within;

const TICKETS: i64 = 5_000;
/// To the customer of each, and to the queue's list.
const MAILS: i64 = 2 * TICKETS;
const PROCESSES: usize = 3;
/// Where a process can die while it raises tickets.
pub const MOMENTS: [&str; 2] = ["escalation.before_commit", "escalation.after_commit"];
/// Another test may have the machine.
const PATIENCE: Duration = Duration::from_mins(5);

fn config(site: &Site, outgoing: &Path) -> String {
    format!(
        "[http]\nlisten = \"127.0.0.1:0\"
        [database]\nurl = \"{}\"
        [[smtp]]\nname = \"out\"\ndirectory = \"{}\"
        [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"
        updated_ticket_cc = [\"team@staff.test\"]
        escalate_after = \"1d\"",
        site.url,
        outgoing.display()
    )
}

/// Tickets by telephone, of as many customers, due since yesterday; the last run was before.
async fn open_tickets(db: &Db, count: i64) {
    let now = Clock::System.now().0;
    let created = now - 2 * Timestamp::DAY;
    let mut tx = db.write().await.expect("a transaction begins");
    let Tx::Postgres(conn) = &mut tx else { panic!("several processes need PostgreSQL") };
    let sql = "insert into users (role, email, email_key, name, version, created_at)
        select 'customer', 'ann' || n || '@customer.test', 'ann' || n || '@customer.test', 'Ann', 1, 0
        from generate_series(1, $1) as n";
    sqlx::query(sql).bind(count).execute(&mut **conn).await.expect("customers are added");
    let sql =
        "insert into tickets (uuid, queue_id, subject, submitter_id, status, priority, escalate_at, door,
            authentication, created_at, changed_at, version)
        select 'uuid-' || id, (select min(id) from queues), 'Printer on fire', id, 'open', 3, $1, 'cli', 'api',
            $2, $2, 1
        from users where role = 'customer'";
    let due = created + Timestamp::DAY;
    sqlx::query(sql).bind(due).bind(created).execute(&mut **conn).await.expect("tickets are added");
    let sql = "insert into schedules (name, ran_at) values ('escalation', $1)";
    sqlx::query(sql).bind(created).execute(&mut **conn).await.expect("the last run is noted");
    tx.commit().await.expect("it commits");
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    let mut tx = db.read().await.expect("a transaction begins");
    let Tx::Postgres(conn) = &mut tx else { panic!("several processes need PostgreSQL") };
    sqlx::query_scalar(sql).fetch_one(&mut **conn).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// How many tickets a process says that it raised.
fn raised(daemon: &Daemon) -> usize {
    let log = daemon.log();
    let numbers = log.lines().filter_map(|line| {
        let (_, rest) = line.split_once(": escalated ")?;
        rest.split_once(" tickets")?.0.parse::<usize>().ok()
    });
    numbers.sum()
}

/// Real processes, which missed a run while none of them ran, and start all at once.
#[test]
fn three_processes_raise_thousands_of_tickets_once_each_and_mail_once_each() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let site = runtime.block_on(Site::new(Engine::Postgres));
    let outgoing = site.path("outgoing");
    site.configure_as_text(&config(&site, &outgoing));
    site.run(&["queue", "list"]);
    let db = runtime.block_on(Db::open(&site.url, 2)).expect("the database opens");
    runtime.block_on(open_tickets(&db, TICKETS));
    let count = |sql| runtime.block_on(count(&db, sql));
    let daemons: Vec<Daemon> =
        (0..PROCESSES).map(|_| Daemon::launch(&mut site.command(&["serve"]))).collect();
    let sent = "select count(*) from outbox where state = 'sent'";
    until_within(PATIENCE, "all mails", || count(sent), |sent| *sent >= MAILS);
    let shares: Vec<usize> = daemons.iter().map(raised).collect();
    assert_eq!(shares.iter().sum::<usize>(), usize::try_from(TICKETS).unwrap(), "{shares:?}");
    assert!(shares.iter().filter(|share| **share > 0).count() > 1, "the work is shared: {shares:?}");
    for (sql, expected) in [
        (
            "select count(*) from tickets where priority = 2 and escalated_at is not null and version = 2",
            TICKETS,
        ),
        ("select count(*) from followups where kind = 'escalated' and visibility = 'public'", TICKETS),
        ("select count(distinct ticket_id) from followups where kind = 'escalated'", TICKETS),
        ("select count(*) from events where field = 'priority' and old = '3' and new = '2'", TICKETS),
        ("select count(*) from outbox", MAILS),
        ("select count(distinct ticket_id) from outbox where event = 'escalated'", TICKETS),
        ("select count(distinct recipient_key) from outbox where event = 'escalated'", TICKETS + 1),
        ("select count(*) from outbox where attempts > 1", 0),
    ] {
        assert_eq!(count(sql), expected, "{sql}");
    }
    for daemon in daemons {
        daemon.stop();
    }
    runtime.block_on(db.close());
    let files = std::fs::read_dir(outgoing).expect("the directory was made");
    assert_eq!(files.count(), usize::try_from(MAILS).unwrap());
}

#[test]
fn processes_that_are_killed_while_they_raise_tickets_leave_none_out_and_none_twice() {
    const FEW: i64 = 300;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let site = runtime.block_on(Site::new(Engine::Postgres));
    site.configure_as_text(&config(&site, &site.path("outgoing")));
    site.run(&["queue", "list"]);
    let db = runtime.block_on(Db::open(&site.url, 2)).expect("the database opens");
    runtime.block_on(open_tickets(&db, FEW));
    let count = |sql| runtime.block_on(count(&db, sql));
    for moment in MOMENTS {
        site.start_until(moment).until_killed(moment);
    }
    let daemon = site.start();
    let sent = "select count(*) from outbox where state = 'sent'";
    until_within(PATIENCE, "all mails", || count(sent), |sent| *sent >= 2 * FEW);
    for sql in [
        "select count(*) from tickets where priority = 2 and version = 2",
        "select count(*) from followups where kind = 'escalated'",
        "select count(distinct ticket_id) from followups where kind = 'escalated'",
        "select count(distinct ticket_id) from outbox where event = 'escalated'",
    ] {
        assert_eq!(count(sql), FEW, "{sql}");
    }
    assert_eq!(count("select count(*) from outbox"), 2 * FEW);
    daemon.stop();
    runtime.block_on(db.close());
}

#[tokio::test]
async fn a_ticket_that_somebody_is_changing_is_left_to_the_next_run() {
    let desk = TestDesk::with_config(On::Postgres, "escalate_after = \"1d\"").await;
    let first = desk.operator().open(None, "Printer on fire", "It burns.").await;
    let second = desk.operator().open(None, "Fire drill", "Friday.").await;
    desk.advance(days(1));
    let mut tx = desk.write().await;
    assert!(tickets::lock(&mut tx, TicketId(first)).await.expect("it is read").is_some());
    assert_eq!(desk.escalate().await, [second], "nobody waits for it");
    tx.commit().await.expect("it commits");
    assert_eq!(desk.escalate().await, [first]);
    desk.sent().await;
}
