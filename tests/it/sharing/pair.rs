//! Two real daemons that share with each other, one on SQLite and one on PostgreSQL, killed in between.
//!
//! Looked at only as operators and customers can: by commands, and by the mails that leave.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::support::daemon::Daemon;
use crate::support::mail::mail;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::until::until;
use crate::support::until::until_within;

/// A lease of a process that died on a shared database, and then some.
const LEASE: Duration = Duration::from_secs(150);
/// Where a process can die between deciding to send and knowing that it did.
pub const MOMENTS: [&str; 5] = [
    "partners.claim.before_commit",
    "partners.claim.after_commit",
    "partners.after_answer",
    "partners.settle.before_commit",
    "partners.settle.after_commit",
];

/// A desk with its own port.
struct Desk {
    site: Site,
    port: u16,
}

impl Desk {
    async fn new(engine: Engine, name: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port is free")
            .local_addr()
            .expect("it is bound")
            .port();
        let site = Site::new(engine).await;
        let config = format!(
            "[desk]\nname = \"{name}\"\n[database]\nurl = \"{url}\"\n\
             [http]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n\
             [sharing]\nallow_private_partners = true\n\
             [[smtp]]\nname = \"default\"\ndirectory = \"{mails}\"\n\
             [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@{lower}.test\"\n",
            url = site.url,
            mails = site.path("mails").display(),
            lower = name.to_lowercase(),
        );
        site.configure_as_text(&config);
        Self { site, port }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/sharing", self.port)
    }

    fn ingest(&self, letter: impl Into<Vec<u8>>) -> Value {
        let path = self.site.path("letter.eml");
        fs::write(&path, letter.into()).expect("the file is written");
        self.site.json(&["ingest", "--queue", "support", path.to_str().expect("a plain path")])
    }

    fn show(&self) -> Value {
        self.site.json(&["ticket", "show", "1"])
    }

    /// The texts of the conversation that begin with these words.
    fn said(&self, beginning: &str) -> Vec<String> {
        let shown = self.show();
        let entries = shown["followups"].as_array().expect("a conversation").iter();
        let texts = entries.filter_map(|entry| entry["text"].as_str().map(|text| text.trim().to_owned()));
        texts.filter(|text| text.starts_with(beginning)).collect()
    }

    fn status(&self) -> String {
        self.show()["ticket"]["status"].as_str().expect("a status").to_owned()
    }

    fn agreement(&self, uuid: &str) -> String {
        let list = self.site.list(&["agreement", "list"]);
        let found = list.iter().find(|row| row["uuid"] == uuid);
        found.map_or_else(|| "none".to_owned(), |row| row["status"].as_str().expect("a status").to_owned())
    }

    fn waiting(&self, uuid: &str) -> i64 {
        self.site.json(&["agreement", "show", uuid])["waiting"].as_i64().expect("a number")
    }

    /// All mails that left for somebody, as text, oldest first.
    fn mails_to(&self, address: &str) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.site.path("mails")) else { return Vec::new() };
        let mut paths: Vec<_> = files.map(|file| file.expect("it is listed").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
        paths.sort();
        let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
        texts
            .filter(|text| text.contains(&format!("To: {address}")) || text.contains(&format!("<{address}>")))
            .collect()
    }
}

fn message_id(mail: &str) -> String {
    let line = mail.lines().find(|line| line.starts_with("Message-ID:")).expect("it has an id");
    line.trim_start_matches("Message-ID:").trim().trim_matches(['<', '>']).to_owned()
}

/// How long the last request waited before its partner had it, in seconds.
fn lag(desk: &Desk, uuid: &str) -> f64 {
    let log = desk.site.list(&["agreement", "log", uuid]);
    let last = log.last().expect("there is one");
    let at =
        |key: &str| -> Timestamp { last[key].as_str().expect("it is told").parse().expect("it is a time") };
    (at("settled_at") - at("created_at")).total(jiff::Unit::Second).expect("it is short")
}

/// Kills the first desk at a moment of its delivery, starts it again, and has both deliver what waits.
fn kill_at(moment: &str, first: &Desk, second: &Desk, uuid: &str, words: [&str; 2]) -> Daemon {
    let mut dying = first.site.start_until(moment);
    dying.until_logged("serving on");
    first.site.run(&["ticket", "comment", "1", words[0]]);
    dying.until_killed(moment);
    // The other one talks on, to nobody.
    second.site.run(&["ticket", "comment", "1", words[1]]);
    let alive = first.site.start();
    until_within(
        LEASE,
        "everything to arrive",
        || {
            first.site.run(&["agreement", "resend", uuid]);
            second.site.run(&["agreement", "resend", uuid]);
            (first.waiting(uuid), second.waiting(uuid))
        },
        |waiting| *waiting == (0, 0),
    );
    alive
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_daemons_share_lose_nothing_say_nothing_twice_and_keep_the_order() {
    let (ash, bee) = (Desk::new(Engine::Sqlite, "Ash").await, Desk::new(Engine::Postgres, "Bee").await);
    let (ash_daemon, bee_daemon) = (ash.site.start(), bee.site.start());
    let uuid = agree(&ash, &bee);
    share_a_request(&ash, &bee, &uuid);
    talk(&ash, &bee, &uuid);
    let (ash_daemon, bee_daemon) = kill(&ash, &bee, &uuid, (ash_daemon, bee_daemon));
    end(&ash, &bee, &uuid);
    for daemon in [ash_daemon, bee_daemon] {
        let log = daemon.stop();
        for secret in ["ann@customer.test", "hisses", "Printer", "Sharing-Token"] {
            assert!(!log.contains(secret), "{log}");
        }
    }
}

fn agree(ash: &Desk, bee: &Desk) -> String {
    let terms = ["--name", "Bee", "--sync-tags", "--sync-custom-fields", "--public-comments"];
    let invited = ash.site.json(&[&["agreement", "invite", &bee.url()], &terms[..]].concat());
    let uuid = invited["uuid"].as_str().expect("an id").to_owned();
    until("the invitation", || bee.agreement(&uuid), |status| status == "pending");
    bee.site.run(&["agreement", "accept", &uuid, "--queue", "support"]);
    until("the acceptance", || ash.agreement(&uuid), |status| status == "accepted");
    uuid
}

fn share_a_request(ash: &Desk, bee: &Desk, uuid: &str) {
    let letter = mail("Ann Lee <ann@customer.test>", "Printer on fire")
        .to("support@ash.test")
        .text("It burns.")
        .attachment("photo.bin", "application/octet-stream", &vec![7; 100_000]);
    assert_eq!(ash.ingest(letter)["ticket"], 1);
    ash.site.run(&["share", "1", uuid]);
    until("the ticket", || bee.site.list(&["ticket", "list"]).len(), |count| *count == 1);
    assert_eq!(bee.said("It"), ["It burns."]);
    let files = until("the file", || bee.show()["attachments"].clone(), |files| files[0]["size"] == 100_000);
    assert_eq!(files[0]["name"], "photo.bin");
}

/// Customer and partner hear of each other, and private words stay where they belong.
fn talk(ash: &Desk, bee: &Desk, uuid: &str) {
    let acknowledged =
        until("the acknowledgement", || ash.mails_to("ann@customer.test"), |mails| mails.len() == 1);
    let reply = mail("Ann Lee <ann@customer.test>", "Re: Printer on fire")
        .to("support@ash.test")
        .in_reply_to(&message_id(&acknowledged[0]))
        .text("It hisses.");
    ash.ingest(reply);
    until("the customer's words", || bee.said("It hisses"), |said| said.len() == 1);
    assert!(lag(ash, uuid) <= 2.0, "it took {} s", lag(ash, uuid));

    bee.site.run(&["ticket", "comment", "1", "Have you tried water?"]);
    let mails = until("the answer", || ash.mails_to("ann@customer.test"), |mails| mails.len() == 2);
    assert!(mails.iter().any(|mail| mail.contains("Have you tried water?")), "{mails:?}");
    ash.site.run(&["ticket", "comment", "1", "She is rude.", "--private"]);
    bee.site.run(&["ticket", "comment", "1", "Is she insured?", "--private", "--to-partner"]);
    until("the note", || ash.said("Is she"), |said| said.len() == 1);
    assert_eq!(bee.said("She is rude"), Vec::<String>::new());
}

/// Kills each of them in the middle of its deliveries.
fn kill(ash: &Desk, bee: &Desk, uuid: &str, daemons: (Daemon, Daemon)) -> (Daemon, Daemon) {
    let (mut ash_daemon, mut bee_daemon) = daemons;
    for (n, moment) in MOMENTS.iter().enumerate() {
        ash_daemon.kill();
        ash_daemon = kill_at(moment, ash, bee, uuid, [&format!("ash {n}"), &format!("bee {n}")]);
    }
    bee_daemon.kill();
    bee_daemon = kill_at(MOMENTS[2], bee, ash, uuid, ["bee 5", "ash 5"]);
    for desk in [ash, bee] {
        for name in ["ash", "bee"] {
            let expected: Vec<String> = (0..6).map(|n| format!("{name} {n}")).collect();
            assert_eq!(desk.said(&format!("{name} ")), expected);
        }
    }
    assert_eq!(ash.said("She is rude").len(), 1);
    assert_eq!(bee.said("She is rude"), Vec::<String>::new());
    (ash_daemon, bee_daemon)
}

fn end(ash: &Desk, bee: &Desk, uuid: &str) {
    bee.site.run(&["ticket", "resolve", "1", "Buy a new one."]);
    until("the end", || ash.status(), |status| status == "resolved");
    ash.site.run(&["ticket", "reopen", "1", "The new one burns too."]);
    until("the beginning", || bee.status(), |status| status == "reopened");
    ash.site.run(&["unshare", "1"]);
    until("the unsharing", || bee.show()["shares"][0]["state"].clone(), |state| state == "unshared");
    ash.site.run(&["ticket", "comment", "1", "Between us."]);
    bee.site.run(&["agreement", "deactivate", uuid]);
    until("the end of the agreement", || ash.agreement(uuid), |status| status == "inactive");
    assert_eq!(bee.said("Between us"), Vec::<String>::new());
}
