//! Calls of both APIs on a desk with 100 000 tickets, beside the same functions in a loop without HTTP.

use std::net::SocketAddr;
use std::time::Instant;

use helpdeskd::ticket::id::UserId;

use crate::daemon::Daemon;
use crate::daemon::Setup;
use crate::filled;
use crate::filled::CUSTOMERS;
use crate::filled::TICKETS;
use crate::load;
use crate::load::Make;
use crate::load::Secrets;
use crate::out;
use crate::support::pg;
use crate::support::servers;

/// What is called, how, and the rate of its loop.
type Row = (&'static str, Make, f64);

pub fn run() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    measure("SQLite", &format!("sqlite:{}/desk.db", dir.path().display()));
    let postgres = runtime().block_on(pg::PgDatabase::empty());
    measure("PostgreSQL", &postgres.url);
}

fn measure(database: &str, url: &str) {
    let (authorization, loops) = runtime().block_on(prepared(url));
    let mailbox = servers::fresh_address("http");
    let dir = tempfile::tempdir().expect("a directory can be made").keep();
    let setup = Setup { database: url, imap_port: servers::imap().port(), mailbox: &mailbox, smtp: None };
    let mut daemon = Daemon::start(&setup, &dir);
    daemon.wait_until_it_serves();
    let address = daemon.address();
    let secrets = Secrets { authorization };
    for (what, make, bare) in loops {
        let before = daemon.cost();
        let load = load::run(address, make, &secrets);
        let cost = daemon.cost();
        out::row(
            &format!("{what}, {database}"),
            load.rate,
            "calls/s",
            &format!(
                "p50 {:.1} ms, p99 {:.1} ms, {:.0} % of the bare loop's {bare:.0}, {:.2} ms CPU, peak {:.0} MB RSS",
                load.p50.as_secs_f64() * 1000.0,
                load.p99.as_secs_f64() * 1000.0,
                100.0 * load.rate / bare,
                cost.cpu.saturating_sub(before.cpu).as_secs_f64() * 1000.0
                    / (load.rate * load::SPAN.as_secs_f64()),
                cost.peak_rss_mb,
            ),
        );
    }
    unpaged(&daemon, address, &secrets);
}

/// A filled desk, and what its functions do without HTTP. Writing comes last, so that all read the same desk.
async fn prepared(url: &str) -> (String, Vec<Row>) {
    let app = filled::open_desk(url).await;
    let authorization = filled::fill(&app).await;
    let rows: Vec<Row> = vec![
        ("list_queues", list_queues, filled::queues(&app).await),
        ("get_tickets of one customer (20)", customers, filled::list(&app, Some(customer), 200).await),
        ("get_tickets of all, limit=50", newest, filled::list(&app, None, 50).await),
        ("get_ticket_details (4 entries)", details, filled::details(&app).await),
        ("create_ticket", create, filled::create(&app).await),
        ("add_followup, public", followup, filled::followup(&app).await),
    ];
    app.tasks.drain();
    app.db.close().await;
    (authorization, rows)
}

fn customer(n: usize) -> UserId {
    UserId(1 + i64::try_from(n).unwrap_or_default() % CUSTOMERS)
}

/// All tickets in one answer.
fn unpaged(daemon: &Daemon, address: SocketAddr, secrets: &Secrets) {
    let begun = Instant::now();
    let bytes = load::once(address, &get("/api/v1/get_tickets/0", secrets));
    out::line(&format!(
        "get_tickets/0 unpaged: {} MB in {:.1} s, peak {:.0} MB RSS",
        bytes >> 20,
        begun.elapsed().as_secs_f64(),
        daemon.cost().peak_rss_mb
    ));
}

fn list_queues(_n: usize, _secrets: &Secrets) -> Vec<u8> {
    post("list_queues", "user=susan&password=fido")
}

fn create(n: usize, _secrets: &Secrets) -> Vec<u8> {
    let submitter = format!("c{}%40example.com", 1 + n % 5000);
    post(
        "create_ticket",
        &format!(
            "user=susan&password=fido&queue=1&title=Request&body=Some+words+about+it.&submitter_email={submitter}"
        ),
    )
}

fn followup(n: usize, _secrets: &Secrets) -> Vec<u8> {
    let ticket = 1 + i64::try_from(n * 7).unwrap_or_default() % TICKETS;
    post(
        "add_followup",
        &format!("user=susan&password=fido&ticket={ticket}&public=y&message=Some+more+words+about+it."),
    )
}

fn customers(n: usize, secrets: &Secrets) -> Vec<u8> {
    get(&format!("/api/v1/get_tickets/{}", 1 + i64::try_from(n).unwrap_or_default() % CUSTOMERS), secrets)
}

fn newest(_n: usize, secrets: &Secrets) -> Vec<u8> {
    get("/api/v1/get_tickets/0?limit=50", secrets)
}

fn details(n: usize, secrets: &Secrets) -> Vec<u8> {
    get(
        &format!("/api/v1/get_ticket_details/{}", 1 + i64::try_from(n).unwrap_or_default() % TICKETS),
        secrets,
    )
}

fn post(method: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "POST /api/{method}/ HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    head.into_bytes()
}

fn get(path: &str, secrets: &Secrets) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {}\r\n\r\n", secrets.authorization)
        .into_bytes()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts")
}
