//! A desk with three mailboxes and a mail server, the mail that flows in, and the count at the end.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use helpdeskd::store;
use helpdeskd::store::db::Db;
use serde_json::Value;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::smtp_sink::SmtpSink;
use crate::support::until::until_within;

/// How a mailbox is treated once a message is recorded.
const AFTER: [&str; 3] = ["seen", "move", "delete"];
/// A message above this size is fetched in pieces.
const SMALL: usize = 64 * 1024;
/// All tickets, not just the newest.
const TICKETS: [&str; 4] = ["ticket", "list", "--limit", "1000"];
/// Two of the daemon's leases on a mail, and then some.
const SETTLING: Duration = Duration::from_mins(2);

/// The desk, and what is known of it from outside.
pub struct Stage {
    pub site: Site,
    pub sink: SmtpSink,
    users: Vec<String>,
    feeders: Vec<Feeder>,
    /// Mails sent to the desk so far.
    sent: usize,
    /// Deliveries, by Message-ID and attempt, that a kill broke off between the two commits.
    broken_off: BTreeSet<(String, i64)>,
}

/// Appends to one mailbox, beside everything else.
struct Feeder {
    letters: Sender<Vec<u8>>,
    thread: JoinHandle<()>,
}

impl Feeder {
    fn start(user: &str) -> Self {
        let (letters, arriving) = mpsc::channel::<Vec<u8>>();
        let mut client = ImapClient::log_in(user);
        let thread = thread::spawn(move || {
            for letter in arriving {
                client.append("INBOX", &letter);
            }
        });
        Self { letters, thread }
    }
}

impl Stage {
    pub async fn set(engine: Engine, mailboxes: usize) -> Self {
        let site = Site::new(engine).await;
        let sink = SmtpSink::start();
        let mut settings = Settings::new()
            .set("intake", "batch_messages", 4)
            .set("intake", "batch_size", i64::try_from(SMALL).expect("it is small"))
            .smtp(sink.address())
            .account_key("username", "desk")
            .account_key("password", servers::PASSWORD)
            // One at a time, so that a kill breaks off one delivery.
            .account_key("max_connections", 1);
        let mut users = Vec::new();
        for after in &AFTER[..mailboxes] {
            let user = servers::fresh_address(after);
            ImapClient::log_in(&user).command("CREATE Done");
            let mailbox = Mailbox::of(&user).set("after", *after).set("delete_after_days", 0);
            settings = settings.queue(after, &mailbox.set("move_to", "Done"));
            users.push(user);
        }
        site.configure(&settings);
        let feeders = users.iter().map(|user| Feeder::start(user)).collect();
        Self { site, sink, users, feeders, sent: 0, broken_off: BTreeSet::new() }
    }

    pub fn sent(&self) -> usize {
        self.sent
    }

    /// Lets so many mails arrive, in all mailboxes at once, while the test goes on.
    pub fn arrive(&mut self, count: usize) {
        for _ in 0..count {
            let at = self.sent % self.feeders.len();
            let letter = self.write(at);
            self.feeders[at].letters.send(letter).expect("the feeder runs");
        }
    }

    /// The next mail, for one of the mailboxes.
    pub fn write(&mut self, mailbox: usize) -> Vec<u8> {
        let number = self.sent;
        self.sent += 1;
        let text = if number.is_multiple_of(9) {
            "A long story. ".repeat(SMALL / 10)
        } else {
            "Please help.".to_owned()
        };
        letters::letter(number, &self.users[mailbox], &text)
    }

    /// Notes which deliveries the kill broke off.
    pub fn note_kill(&mut self) {
        for row in self.site.list(&["outbox", "list"]) {
            if !row["data_started_at"].is_null() {
                let id = row["message_id"].as_str().expect("it has an id").to_owned();
                self.broken_off.insert((id, row["attempts"].as_i64().expect("it is a number")));
            }
        }
    }

    /// Gives back what was begun, as the daemon does when the database fails meanwhile.
    pub async fn give_back(&self) {
        let db = Db::open(&self.site.url, 1).await.expect("the database opens");
        let mut tx = db.write().await.expect("the database answers");
        for mailbox in store::mailboxes::list(&mut tx).await.expect("the database answers") {
            let rows = store::inbox::list_unfinished(&mut tx, mailbox.id).await;
            for row in rows.expect("the database answers").iter().filter(|row| row.attempts > 0) {
                store::inbox::give_back(&mut tx, row.id, row.attempts).await.expect("the database answers");
            }
        }
        tx.commit().await.expect("the database answers");
        db.close().await;
    }

    /// Lets a daemon handle what the kills left behind: a mail that is met by four kills would be put aside.
    pub fn recover(&self) {
        let daemon = self.site.start();
        self.wait_until_handled();
        daemon.stop();
    }

    /// Waits until all that was recorded was handled.
    pub fn wait_until_handled(&self) {
        let unfinished = || self.site.accounts().iter().filter(|account| account["unfinished"] != 0).count();
        let none = |left: &usize| *left == 0;
        until_within(SETTLING, "what was begun to be finished", unfinished, none);
    }

    /// Waits until the last mail was handled and the last answer left, and counts.
    pub fn finish(mut self, daemon: Daemon) {
        for feeder in self.feeders.drain(..) {
            drop(feeder.letters);
            feeder.thread.join().expect("the feeder ends well");
        }
        let unsettled = || self.unsettled();
        until_within(SETTLING, "every mail to be settled", unsettled, |left| *left == (0, 0, vec![]));
        daemon.stop();
        self.count_tickets();
        self.count_answers();
        self.look_at_the_server();
    }

    /// Mails that are not tickets yet, answers that are not sent yet, and mails that were put aside.
    fn unsettled(&self) -> (usize, usize, Vec<String>) {
        let waiting = self.site.list(&["outbox", "list"]);
        for row in waiting.iter().filter(|row| row["state"] == "unknown") {
            // Killed twice while it was sent: now it is for a person to say what becomes of it.
            let id = row["message_id"].as_str().unwrap_or_default();
            assert!(self.times_broken_off(id) >= 2, "{row}");
            self.site.run(&["outbox", "retry", &row["id"].to_string()]);
        }
        let tickets = self.site.list(&TICKETS).len();
        let put_aside = self.site.column(&["quarantine", "list"], "reason");
        (self.sent.abs_diff(tickets), waiting.len(), put_aside)
    }

    fn times_broken_off(&self, message_id: &str) -> usize {
        self.broken_off.iter().filter(|(id, _)| id == message_id).count()
    }

    fn count_tickets(&self) {
        let subjects: Vec<String> = (0..self.sent).map(letters::subject).collect();
        assert_eq!(self.site.column(&TICKETS, "subject"), subjects);
        assert!(self.site.run(&["verify"]).contains("unaccounted: 0"));
        for account in self.site.accounts() {
            assert_eq!((&account["unfinished"], &account["unread"]), (&0.into(), &0.into()), "{account}");
        }
        assert_eq!(self.site.list(&["quarantine", "list"]), Vec::<Value>::new());
        assert_eq!(self.site.list(&["suspended", "list"]), Vec::<Value>::new());
    }

    fn count_answers(&self) {
        let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
        for mail in self.sink.taken() {
            *taken.entry((mail.recipients.concat(), mail.message_id())).or_default() += 1;
        }
        let mut recipients: Vec<&str> = taken.keys().map(|(recipient, _)| recipient.as_str()).collect();
        recipients.sort_unstable();
        let mut authors: Vec<String> = (0..self.sent).map(letters::author).collect();
        authors.sort_unstable();
        assert_eq!(recipients, authors, "each author has one answer, under one id");
        let mut repeated = 0;
        for ((recipient, id), times) in &taken {
            repeated += times - 1;
            assert!(times - 1 <= self.times_broken_off(id), "{recipient} got {id} {times} times");
        }
        let states = self.site.column(&["outbox", "list", "--all"], "state");
        assert!(states.iter().all(|state| state == "sent"), "{states:?}");
        assert!(repeated <= self.broken_off.len(), "{repeated} mails came twice");
    }

    fn look_at_the_server(&self) {
        for (after, user) in AFTER.iter().zip(&self.users) {
            let mut client = ImapClient::log_in(user);
            let inbox = client.uids("INBOX");
            if *after == "seen" {
                assert!(inbox.iter().all(|uid| client.flags("INBOX", *uid) == ["\\Seen"]), "{user}");
            } else {
                assert_eq!(inbox, Vec::<u32>::new(), "{user}");
            }
            let moved: BTreeSet<Vec<u8>> = client.messages("Done").into_iter().collect();
            assert_eq!(moved.len(), client.uids("Done").len(), "no message was moved twice");
            assert_eq!(moved.is_empty(), *after != "move");
        }
    }
}
