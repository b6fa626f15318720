//! A mail server that is away, refuses, or does not answer: every mail leaves in the end, and leaves once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use helpdeskd::config::Config;
use helpdeskd::smtp::Transport;
use helpdeskd::store;
use helpdeskd::worker::delivery::account_worker::AccountWorker;
use helpdeskd::worker::pace::Pace;

use crate::support::fault_proxy::FaultProxy;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::mail::mail;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::until::until;

#[test]
fn mail_waits_for_a_server_that_is_down_and_leaves_once_when_it_is_back() {
    let user = servers::fresh_address("smtp-down");
    let sink = SmtpSink::start();
    let proxy = FaultProxy::start(sink.address());
    let site = Site::sqlite();
    site.configure(&Settings::new().smtp(proxy.address()).queue("support", &Mailbox::of(&user)));
    let daemon = site.start();
    proxy.go_down();
    let mails: Vec<_> = (0..30).map(|n| letters::letter(n, &user, "Please help.")).collect();
    ImapClient::log_in(&user).append_all("INBOX", &mails);
    daemon.until_logged("account default rests: the mail server ");
    until("the tickets", || site.list(&["ticket", "list"]).len(), |count| *count == 30);
    assert_eq!(sink.taken().len(), 0);
    assert!(site.run(&["outbox", "list"]).starts_with("Account default rests until "));

    proxy.come_up();
    until("all to leave", || site.list(&["outbox", "list"]).len(), |waiting| *waiting == 0);
    daemon.stop();
    let mut recipients: Vec<String> = sink.taken().into_iter().map(|mail| mail.recipients.concat()).collect();
    recipients.sort();
    let mut authors: Vec<String> = (0..30).map(letters::author).collect();
    authors.sort();
    assert_eq!(recipients, authors);
}

/// How long a server's answer is waited for.
const ATTEMPT: Duration = Duration::from_secs(4);

/// A desk whose mail goes out by a real connection, with a clock that the test moves.
pub struct Sender {
    pub desk: TestDesk,
    lane: AccountWorker,
}

impl Sender {
    async fn to(server: std::net::SocketAddr, on: On) -> Self {
        Self::of(TestDesk::with_attempts_of(on, ATTEMPT).await, server)
    }

    /// The mail of this desk goes to that server.
    pub fn of(desk: TestDesk, server: std::net::SocketAddr) -> Self {
        let settings = Settings::new().smtp(server);
        let text = settings.text("sqlite:unused");
        let config = Config::parse(&text, std::path::Path::new("config.toml")).expect("it is right");
        let account = Arc::new(config.smtp[0].clone());
        let transport = Transport::of(&account);
        Self { desk, lane: AccountWorker::new(account, transport, Pace::new(None)) }
    }

    /// Tries what is due, for so many minutes.
    pub async fn go_on(&mut self, minutes: u32) {
        for _ in 0..minutes {
            self.step().await;
            self.desk.advance(Duration::from_mins(1));
        }
    }

    /// Tries what is due now.
    pub async fn step(&mut self) {
        while self.lane.step(&self.desk.app).await.expect("it is sent") > 0 {}
    }

    /// State and last answer of each mail.
    pub async fn outbox(&self) -> Vec<(String, String)> {
        let mut tx = self.desk.app.db.read().await.expect("the database answers");
        let rows = store::outbox::list(&mut tx, 1000).await.expect("the database answers");
        rows.into_iter().map(|row| (row.state.to_string(), row.answer.unwrap_or_default())).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_of_a_day_without_a_mail_server_leaves_once() {
    let sink = SmtpSink::start();
    let proxy = FaultProxy::start(sink.address());
    proxy.go_down();
    let mut sender = Sender::to(proxy.address(), On::Sqlite).await;
    for number in 0..20 {
        sender.desk.receive(mail(&format!("guest{number}@guests.test"), "A request")).await;
    }
    sender.go_on(24 * 60).await;
    assert_eq!(sink.taken().len(), 0);
    proxy.come_up();
    sender.go_on(10).await;
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for taken in sink.taken() {
        *times.entry(taken.recipients.concat()).or_default() += 1;
    }
    assert_eq!(times.len(), 20);
    assert!(times.values().all(|count| *count == 1), "{times:?}");
    assert!(sender.outbox().await.iter().all(|(state, _)| state == "sent"));
}

/// What the server does at the end of a mail, how the mail stands then, and in the end, and how often it came.
const ENDS: [(Fault, &str, &str, usize); 5] = [
    (Fault::Reply("451 4.3.0 try later"), "queued", "sent", 1),
    (Fault::Reply("452 4.2.2 mailbox is full"), "queued", "sent", 1),
    // Said once it may be a whim; said for half an hour it is meant.
    (Fault::Reply("554 5.7.1 refused"), "queued", "rejected", 0),
    (Fault::HangUp, "queued", "sent", 2),
    (Fault::Silence, "queued", "sent", 2),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_sent_again_only_where_its_server_refused_for_now_or_said_nothing() {
    for (fault, first, last, times) in ENDS {
        let sink = SmtpSink::start();
        let mut sender = Sender::to(sink.address(), On::Sqlite).await;
        sender.desk.receive(mail("ann@customer.test", "A request")).await;
        let lasts = matches!(fault, Fault::Reply(words) if words.starts_with('5'));
        let times_failed = if lasts { usize::MAX } else { 1 };
        sink.fail(Stage::Message, fault, times_failed);
        sender.go_on(1).await;
        assert_eq!(sender.outbox().await[0].0, first, "{fault:?}");
        sender.go_on(35).await;
        assert_eq!(sender.outbox().await[0].0, last, "{fault:?}");
        let ids: BTreeMap<String, usize> = sink.taken().iter().map(|taken| (taken.message_id(), 0)).collect();
        assert_eq!((sink.taken().len(), ids.len()), (times, times.min(1)), "{fault:?}: always the same id");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_never_answered_is_sent_twice_and_then_left_to_a_person() {
    let sink = SmtpSink::start();
    let mut sender = Sender::to(sink.address(), On::Sqlite).await;
    sender.desk.receive(mail("ann@customer.test", "A request")).await;
    sink.fail(Stage::Message, Fault::HangUp, usize::MAX);
    sender.go_on(24 * 60).await;
    assert_eq!(sink.taken().len(), 2);
    assert_eq!(sender.outbox().await[0].0, "unknown");
    sender.desk.leaves_unsettled();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_recipient_who_is_refused_does_not_hold_up_the_others() {
    let sink = SmtpSink::start();
    let mut sender = Sender::to(sink.address(), On::Postgres).await;
    sink.fail_recipient("bob@customer.test", Fault::Reply("450 4.2.0 greylisted"));
    sink.fail_recipient("cid@customer.test", Fault::Reply("550 5.1.1 no such mailbox"));
    for author in ["ann", "bob", "cid", "dan"] {
        sender.desk.receive(mail(&format!("{author}@customer.test"), "A request")).await;
    }
    sender.go_on(1).await;
    let recipients: Vec<String> = sink.taken().iter().map(|taken| taken.recipients.concat()).collect();
    assert_eq!(recipients, ["ann@customer.test", "dan@customer.test"]);
    sink.recover();
    sender.go_on(10).await;
    assert_eq!(
        sink.taken().last().map(|taken| taken.recipients.concat()).as_deref(),
        Some("bob@customer.test")
    );
    let states: Vec<String> = sender.outbox().await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states.iter().filter(|state| *state == "rejected").count(), 1);
}
