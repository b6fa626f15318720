//! Raising ten thousand due tickets in a large desk, and a run with nothing due.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::config::Config;
use helpdeskd::desk::app::App;
use helpdeskd::desk::app::Declared;
use helpdeskd::ids::Ids;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::migrate;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::priority::Priority;
use helpdeskd::worker::escalation;
use helpdeskd::worker::recount;
use helpdeskd::worker::recount::Which;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;

use crate::baseline;
use crate::out;
use crate::support::pg::PgDatabase;

const TICKETS: i64 = 200_000;
const DUE: i64 = 10_000;
const CUSTOMERS: i64 = 5_000;
const RUNS: u32 = 100;
const START: Timestamp = Timestamp(1_772_442_000 * Timestamp::SECOND);

const CONFIG: &str = "[[smtp]]\nname = \"out\"\ndirectory = \"unused\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.example\"\nsmtp = \"out\"
escalate_after = \"3d\"\nworking_hours = \"mon-fri 09:00-17:00\"\ntimezone = \"Europe/Berlin\"
updated_ticket_cc = [\"boss@staff.example\"]\n";

pub fn run() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let dir = tempfile::tempdir().expect("a directory can be made");
        measure("SQLite", &format!("sqlite:{}", dir.path().join("desk.db").display())).await;
        let postgres = PgDatabase::empty().await;
        measure("PostgreSQL", &postgres.url).await;
    });
}

async fn measure(name: &str, url: &str) {
    let db = Db::open(url, 4).await.expect("the database opens");
    migrate::apply(&db).await.expect("the schema is made");
    let config = Config::parse(CONFIG, Path::new("bench.toml")).expect("it is valid");
    let parts = (Clock::manual(START), Ids::System);
    let app = App::build(db, Arc::new(config), parts, Declared::Written).await.expect("the desk starts");
    fill(&app).await;
    // As a process does at its start.
    recount::recount(&app, Which::Changed).await.expect("it is counted");
    scheduler::step(&app, Job::Escalation).await.expect("it runs");
    let begun = Instant::now();
    let raised = escalation::run(&app, None).await.expect("it runs").len();
    let rate = baseline::rate(raised, begun);
    assert_eq!(i64::try_from(raised), Ok(DUE));
    let what = format!("{DUE} due of {TICKETS} tickets, two mails each, {name}");
    out::row(&what, rate, "tickets/s", "");
    let (mean, longest) = idle(&app).await;
    out::line(&format!(
        "a run with nothing due, {name}: {:.2} ms, longest {:.2} ms",
        mean.as_secs_f64() * 1000.0,
        longest.as_secs_f64() * 1000.0
    ));
    app.db.close().await;
}

/// Whole runs of the schedule: excluded days, escalation, due dates.
async fn idle(app: &App) -> (Duration, Duration) {
    let (mut sum, mut longest) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..RUNS {
        app.clock.advance(Duration::from_mins(5));
        let begun = Instant::now();
        scheduler::step(app, Job::Escalation).await.expect("it runs");
        sum += begun.elapsed();
        longest = longest.max(begun.elapsed());
    }
    (sum / RUNS, longest)
}

/// One ticket in twenty is due; the others are due in some weeks.
async fn fill(app: &App) {
    let queue_id = app.desk().directory.queues()[0].id;
    let mut tx = app.db.write().await.expect("a transaction begins");
    let mut customers = Vec::new();
    for n in 0..CUSTOMERS {
        let email = format!("customer{n}@domain{}.example", n % 97);
        let user = store::users::insert_customer(&mut tx, &email, "Customer", None, START).await;
        customers.push(user.expect("users are added").expect("it is new").id);
    }
    for n in 0..TICKETS {
        let due = n % (TICKETS / DUE) == 0;
        let escalate_at = if due { START } else { START.plus(Duration::from_hours(24 * 30)) };
        ticket(&mut tx, queue_id, (n, customers[usize::try_from(n % CUSTOMERS).unwrap_or(0)]), escalate_at)
            .await;
        if n % 1000 == 999 {
            tx.commit().await.expect("it commits");
            tx = app.db.write().await.expect("a transaction begins");
        }
    }
    tx.commit().await.expect("it commits");
}

async fn ticket(
    tx: &mut store::db::Tx,
    queue_id: helpdeskd::ticket::id::QueueId,
    (n, submitter): (i64, UserId),
    escalate_at: Timestamp,
) {
    let uuid = format!("00000000-0000-4000-8000-{n:012}");
    let month_ago = START.minus(Duration::from_hours(24 * 30));
    let new = NewTicket {
        uuid: &uuid,
        queue_id,
        type_id: None,
        subject: "Printer prints twice",
        submitter_id: Some(submitter),
        reply_to: None,
        owner_id: None,
        priority: Priority::NORMAL,
        due_at: None,
        escalate_at: Some(escalate_at),
        follows: None,
        door: "cli",
        authentication: Authentication::Api,
        locale: None,
        customer_at: None,
        preview: "",
        created_at: if escalate_at > START { START } else { month_ago },
        clocks: &helpdeskd::ticket::targets::Clocks::default(),
    };
    store::tickets::insert(tx, &new, START).await.expect("a ticket is added");
}
