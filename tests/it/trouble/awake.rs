//! The daemon answers and ends at once while the heaviest mail and calls that we can make are worked on.
//!
//! A stranger's mail of nothing but line ends silenced it for minutes, and it did not even hear SIGTERM.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use rstest::rstest;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::until::note;
use crate::support::until::until_within;

pub(super) const MEGABYTE: usize = 1024 * 1024;
/// What a build without optimisation may need on a busy machine; in releases it is milliseconds.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);
pub(super) const LONGEST_END: Duration = Duration::from_secs(10);
/// Longer than all of it takes.
const PATIENCE: Duration = Duration::from_mins(3);
/// What partners know the desk by.
pub(super) const PUBLIC_URL: &str = "http://help.desk.test";
/// Who hears of every ticket.
pub(super) const TEAM: [&str; 3] = ["ann@staff.test", "bea@staff.test", "cleo@staff.test"];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_answers_while_megabytes_of_line_ends_are_received_and_sent(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let office = Office::open(engine).await;
    let watch = Watch::begin(office.address);
    let before = office.sent();
    let shapes = ["\r\n", "a\r\n", "> \r\n", "> a\r\n", "<\r\n"];
    let mut client = ImapClient::log_in(&office.user);
    for (number, shape) in shapes.iter().enumerate() {
        client.append(
            "INBOX",
            &letters::letter(number, &office.user, &shape.repeat(10 * MEGABYTE / shape.len())),
        );
    }
    client.append("INBOX", &letters::letter(shapes.len(), &office.user, &"y".repeat(10 * MEGABYTE)));
    // Each is acknowledged and told to three.
    office.until_sent(before + (shapes.len() + 1) * (TEAM.len() + 1));
    watch.end("while mail was handled");
    assert_eq!(office.daemon.logged("panicked"), 0, "{}", office.daemon.log());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_answers_while_calls_of_the_largest_size_are_told_to_people(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let office = Office::open(engine).await;
    let watch = Watch::begin(office.address);
    let before = office.sent();
    let texts = [
        "a\n".repeat(14 * MEGABYTE),
        "z".repeat(4 * MEGABYTE),
        "word ".repeat(MEGABYTE),
        "x\r".repeat(2 * MEGABYTE),
        "<b>&\n".repeat(MEGABYTE),
    ];
    for text in &texts {
        assert!(office.create_ticket(text).starts_with("HTTP/1.1 200"));
    }
    office.until_sent(before + texts.len() * (TEAM.len() + 1));
    watch.end("while calls were answered");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_daemon_soon_while_it_composes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut office = Office::open(engine).await;
    assert!(office.create_ticket(&"a\n".repeat(2 * MEGABYTE)).starts_with("HTTP/1.1 200"));
    // The acknowledgement is out, so the others are being written.
    office.until_sent(1);
    let begun = Instant::now();
    office.daemon.signal("TERM");
    let status = office.daemon.until_ended("the end after SIGTERM");
    note(&format!("ended {:?} after SIGTERM", begun.elapsed()));
    assert!(status.success() && begun.elapsed() < LONGEST_END, "{status} after {:?}", begun.elapsed());
}

/// A desk that serves, with an agent who can log in.
pub(super) struct Office {
    pub(super) site: Site,
    pub(super) daemon: Daemon,
    pub(super) address: SocketAddr,
    pub(super) user: String,
}

impl Office {
    pub(super) async fn open(engine: Engine) -> Self {
        let site = Site::new(engine).await;
        let user = servers::fresh_address("awake");
        let team: Vec<String> = TEAM.iter().map(|address| (*address).to_owned()).collect();
        let settings = Settings::new().directory(&site.path("outgoing"));
        let settings = settings.set("http", "public_url", PUBLIC_URL);
        let settings = settings.set("sharing", "allow_private_partners", true);
        site.configure(&settings.queue("support", &Mailbox::of(&user)).queue_key("new_ticket_cc", team));
        let agent = ["user", "add", "--email", "susan@staff.test", "--username", "susan", "--password-stdin"];
        let mut adding = site.command(&agent).stdin(std::process::Stdio::piped()).spawn().expect("it starts");
        adding.stdin.take().expect("it is piped").write_all(b"correct horse battery\n").expect("it reads");
        assert!(adding.wait().expect("it ends").success());
        let daemon = site.start();
        let line = daemon.lines("serving on").concat();
        let address = line.rsplit("serving on ").next().unwrap_or_default().trim();
        let address = address.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { site, daemon, address, user }
    }

    /// How many mails left.
    pub(super) fn sent(&self) -> usize {
        let files = fs::read_dir(self.site.path("outgoing")).into_iter().flatten();
        files
            .filter(|file| {
                file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|e| e == "eml"))
            })
            .count()
    }

    pub(super) fn until_sent(&self, count: usize) {
        until_within(PATIENCE, "the mails", || self.sent(), |sent| *sent >= count);
    }

    /// The status line of the answer.
    pub(super) fn create_ticket(&self, body: &str) -> String {
        let fields = [
            ("user", "susan"),
            ("password", "correct horse battery"),
            ("queue", "1"),
            ("title", "Long"),
            ("submitter_email", "carl@customer.test"),
            ("body", body),
        ];
        let mut form = Vec::new();
        for (name, value) in fields {
            let head = format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(value.as_bytes());
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(b"--frontier--\r\n");
        let head = format!(
            "POST /api/create_ticket/ HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: {}\r\n\r\n",
            form.len()
        );
        ask(self.address, &[head.as_bytes(), &form].concat()).expect("there is an answer")
    }
}

/// Asks for `/healthz` all the time, and keeps the longest time that it took.
pub(super) struct Watch {
    over: Arc<AtomicBool>,
    asking: JoinHandle<Duration>,
}

impl Watch {
    pub(super) fn begin(address: SocketAddr) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let asking = thread::spawn(move || {
            let mut longest = Duration::ZERO;
            while !ends.load(Ordering::Relaxed) {
                let asked = Instant::now();
                let request = b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
                let answer = ask(address, request);
                longest = longest.max(asked.elapsed());
                assert!(answer.is_ok_and(|answer| answer.contains(" 200 ")), "after {:?}", asked.elapsed());
            }
            longest
        });
        Self { over, asking }
    }

    pub(super) fn end(self, when: &str) {
        self.over.store(true, Ordering::Relaxed);
        let longest = self.asking.join().expect("every question was answered");
        note(&format!("the longest wait {when}: {longest:?}"));
        assert!(longest < LONGEST_SILENCE, "{longest:?} {when}");
    }
}

/// The first line of an answer.
pub(super) fn ask(address: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
