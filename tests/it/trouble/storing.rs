//! A full disk, and a database that is gone for a while: nothing is lost, nothing is doubled, nobody restarts.

use std::net::SocketAddr;

use crate::support::daemon::Daemon;
use crate::support::fault_proxy::FaultProxy;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::pg::PgDatabase;
use crate::support::private_pg::PrivatePg;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::small_disk::SmallDisk;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::until::until;

/// A desk whose database is about to fail.
struct Scene {
    site: Site,
    sink: SmtpSink,
    user: String,
    sent: usize,
}

impl Scene {
    fn with_database(url: &str) -> Self {
        let (site, sink) = (Site::at(url), SmtpSink::start());
        let user = servers::fresh_address("storing");
        site.configure(&Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user)));
        Self { site, sink, user, sent: 0 }
    }

    fn arrive(&mut self, count: usize) {
        let numbers = self.sent..self.sent + count;
        let mails: Vec<_> =
            numbers.map(|n| letters::letter(n, &self.user, &"Please help. ".repeat(300))).collect();
        ImapClient::log_in(&self.user).append_all("INBOX", &mails);
        self.sent += count;
    }

    fn tickets(&self) -> usize {
        self.site.list(&["ticket", "list", "--limit", "1000"]).len()
    }

    /// Every mail is one ticket and has one answer.
    fn all_is_well(&self, daemon: Daemon) {
        until("every ticket", || self.tickets(), |count| *count == self.sent);
        until("every answer", || self.sink.taken().len(), |count| *count == self.sent);
        until("the outbox", || self.site.list(&["outbox", "list"]).len(), |waiting| *waiting == 0);
        assert_eq!(daemon.logged("quarantined"), 0);
        daemon.stop();
        let subjects: Vec<String> = (0..self.sent).map(letters::subject).collect();
        assert_eq!(self.site.column(&["ticket", "list", "--limit", "1000"], "subject"), subjects);
        let mut recipients: Vec<String> =
            self.sink.taken().iter().map(|mail| mail.recipients.concat()).collect();
        recipients.sort();
        recipients.dedup();
        assert_eq!(recipients.len(), self.sent, "each author has one answer");
        assert!(self.site.run(&["verify"]).contains("unaccounted: 0"));
    }
}

#[test]
fn a_full_disk_loses_nothing_and_is_recovered_from_when_there_is_room() {
    let disk = SmallDisk::mount(8);
    let mut scene = Scene::with_database(&format!("sqlite:{}", disk.path("desk.db").display()));
    let daemon = scene.site.start();
    scene.arrive(5);
    until("the first tickets", || scene.tickets(), |count| *count == 5);
    disk.fill();
    scene.arrive(40);
    daemon.until_logged_times("mailbox of queue support: ", 3);
    assert!(daemon.logged("the database failed: ") > 0, "{}", daemon.log());
    scene.arrive(5);
    disk.free();
    scene.all_is_well(daemon);
}

#[test]
fn a_postgres_that_is_stopped_and_started_again_is_waited_for() {
    let mut postgres = PrivatePg::start();
    let mut scene = Scene::with_database(&postgres.url());
    let daemon = scene.site.start();
    scene.arrive(10);
    until("the first tickets", || scene.tickets(), |count| *count == 10);
    scene.arrive(20);
    postgres.go_down();
    daemon.until_logged("mailbox of queue support: the database failed: ");
    scene.arrive(5);
    postgres.come_up();
    scene.all_is_well(daemon);
}

/// PostgreSQL behind a line that a test can cut.
async fn behind_a_proxy() -> (PgDatabase, FaultProxy, String) {
    let database = PgDatabase::migrated().await;
    let mut url = url::Url::parse(&database.url).expect("it is a URL");
    let port = url.port().expect("it has a port");
    let proxy = FaultProxy::start(SocketAddr::from(([127, 0, 0, 1], port)));
    url.set_port(Some(proxy.address().port())).expect("it can have a port");
    (database, proxy, url.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_database_is_gone_when_its_server_agrees_is_not_sent_again() {
    let (_database, proxy, url) = behind_a_proxy().await;
    let mut scene = Scene::with_database(&url);
    let daemon = scene.site.start();
    scene.sink.fail(Stage::Message, Fault::Hold, 1);
    scene.arrive(1);
    scene.sink.wait_for_stage(Stage::Message, 1).await;
    proxy.go_down();
    scene.sink.recover();
    daemon.until_logged("waits to be written");
    proxy.come_up();
    scene.all_is_well(daemon);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_to_the_database_that_breaks_again_and_again_blames_no_message() {
    let (_database, proxy, url) = behind_a_proxy().await;
    let mut scene = Scene::with_database(&url);
    let daemon = scene.site.start();
    for round in 1..=6 {
        scene.arrive(5);
        daemon.until_logged_times("handled message", 2 * round);
        proxy.go_down();
        proxy.come_up();
    }
    scene.all_is_well(daemon);
}
