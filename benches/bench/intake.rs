//! Mails from a real Dovecot into tickets.

use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::config::server::Credentials;
use helpdeskd::config::server::Resolved;
use helpdeskd::config::server::Server;
use helpdeskd::config::server::Tls;
use helpdeskd::imap::Limits;
use helpdeskd::imap::Session;
use helpdeskd::tls::Trust;

use crate::baseline;
use crate::daemon::Cost;
use crate::daemon::Daemon;
use crate::daemon::Setup;
use crate::mails;
use crate::out;
use crate::support::imap_client::ImapClient;
use crate::support::pg;
use crate::support::servers;

const COUNT: usize = 5000;
const HANDLED: &str = "helpdeskd_messages_handled_total";
const SENT: &str = "helpdeskd_deliveries_total{outcome=\"sent\"}";

pub fn run() {
    let mailbox = fill(COUNT);
    out::row("fetch and throw away, batches of 50", fetch_and_discard(&mailbox), "mails/s", "");
    let dir = tempfile::tempdir().expect("a directory can be made");
    let mut best: f64 = 0.0;
    for per_commit in [16, 64, 256] {
        let url = format!("sqlite:{}/bare{per_commit}.db", dir.path().display());
        let rate = baseline::bare_loop(&url, per_commit, COUNT);
        out::row(
            &format!("the same rows in a bare loop, {per_commit} per commit, SQLite"),
            rate,
            "mails/s",
            "",
        );
        best = best.max(rate);
    }
    let sqlite = format!("sqlite:{}/desk.db", dir.path().display());
    let rate = intake("into SQLite, delivery paused", &sqlite, &mailbox, None);
    out::line(&format!("  that is {:.0} % of the bare loop's best", 100.0 * rate / best));
    let sqlite = format!("sqlite:{}/sent.db", dir.path().display());
    let directory = format!("directory = \"{}/outgoing\"", dir.path().display());
    intake("into SQLite, acknowledgements to files", &sqlite, &mailbox, Some(&directory));
    let postgres = runtime().block_on(pg::PgDatabase::empty());
    intake("into PostgreSQL, delivery paused", &postgres.url, &mailbox, None);
    large(&dir.path().join("large"));
    latency(&dir.path().join("latency"));
}

/// A new mailbox with `count` small requests.
pub fn fill(count: usize) -> String {
    let user = servers::fresh_address("bench");
    let mut client = ImapClient::log_in(&user);
    let all: Vec<Vec<u8>> = (0..count).map(mails::small).collect();
    for chunk in all.chunks(500) {
        client.append_all("INBOX", chunk);
    }
    user
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
fn intake(what: &str, database: &str, mailbox: &str, smtp: Option<&str>) -> f64 {
    let dir: PathBuf = tempfile::tempdir().expect("a directory can be made").keep();
    let setup = Setup { database, imap_port: servers::imap().port(), mailbox, smtp };
    let begun = Instant::now();
    let mut daemon = Daemon::start(&setup, &dir);
    daemon.wait_for(HANDLED, 1.0);
    let (first, first_at, before) = (daemon.counter(HANDLED), Instant::now(), daemon.cost());
    daemon.wait_for(HANDLED, COUNT as f64);
    let span = first_at.elapsed();
    if smtp.is_some() {
        daemon.wait_for(SENT, COUNT as f64);
    }
    let whole = begun.elapsed();
    let Cost { cpu, peak_rss_mb } = daemon.cost();
    let handled = COUNT as f64 - first;
    let rate = if smtp.is_some() { COUNT as f64 / whole.as_secs_f64() } else { handled / span.as_secs_f64() };
    let per_mail = cpu.saturating_sub(before.cpu).as_secs_f64() * 1000.0 / handled;
    out::row(what, rate, "mails/s", &format!("{per_mail:.2} ms CPU a mail, peak {peak_rss_mb:.0} MB RSS"));
    rate
}

/// What one 25 MB mail costs in memory.
fn large(dir: &std::path::Path) {
    let user = servers::fresh_address("large");
    ImapClient::log_in(&user).append("INBOX", &mails::large(25));
    let database = format!("sqlite:{}/desk.db", dir.display());
    let setup = Setup { database: &database, imap_port: servers::imap().port(), mailbox: &user, smtp: None };
    let mut daemon = Daemon::start(&setup, dir);
    let took = daemon.wait_for(HANDLED, 1.0);
    let cost = daemon.cost();
    out::line(&format!(
        "one mail of 25 MB: {:.1} s, peak {:.0} MB RSS",
        took.as_secs_f64(),
        cost.peak_rss_mb
    ));
}

/// From the moment a mail is in the mailbox until Postfix has taken its acknowledgement.
fn latency(dir: &std::path::Path) {
    let user = servers::fresh_address("latency");
    let mut client = ImapClient::log_in(&user);
    client.append("INBOX", &mails::small(0));
    let database = format!("sqlite:{}/desk.db", dir.display());
    let smtp = servers::smtp();
    let smtp = format!("host = \"{}\"\nport = {}\ntls = \"none\"", smtp.ip(), smtp.port());
    let setup =
        Setup { database: &database, imap_port: servers::imap().port(), mailbox: &user, smtp: Some(&smtp) };
    let mut daemon = Daemon::start(&setup, dir);
    daemon.wait_for(SENT, 1.0);
    let mut spans: Vec<f64> = Vec::new();
    for n in 1..=20_u32 {
        client.append("INBOX", &mails::small(n as usize));
        spans.push(daemon.wait_for(SENT, f64::from(n) + 1.0).as_secs_f64());
    }
    spans.sort_by(f64::total_cmp);
    let (median, worst) = (spans[spans.len() / 2], spans[spans.len() - 1]);
    out::line(&format!(
        "appended to acknowledgement taken by Postfix, IDLE: median {median:.2} s, worst {worst:.2} s"
    ));
}

fn fetch_and_discard(mailbox: &str) -> f64 {
    let address = servers::imap();
    runtime().block_on(async {
        let trust = Trust { ca_file: None, pin: None };
        let server = Server { host: address.ip().to_string(), port: address.port(), tls: Tls::None, trust };
        let proof = Resolved::Password(servers::PASSWORD.to_owned().into());
        let credentials = Credentials { username: mailbox.to_owned(), proof };
        let limits = Limits { silence: Duration::from_secs(30), max_message_size: 1 << 26 };
        let mut session = Session::connect(&server, credentials, limits).await.expect("the mailbox opens");
        let selected = session.select("INBOX").await.expect("it has a folder");
        let begun = Instant::now();
        let uids = session.search_from(1, &selected).await.expect("it is searched");
        let mut bytes = 0;
        for batch in uids.chunks(50) {
            session.sizes(batch).await.expect("sizes are told");
            session.fetch(batch, |fetched| bytes += fetched.raw.len()).await.expect("messages are fetched");
        }
        assert!(bytes > uids.len());
        baseline::rate(uids.len(), begun)
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime starts")
}
