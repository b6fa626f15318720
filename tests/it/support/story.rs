//! A whole desk for stories: real code over a real database, with a clock that the test moves.
//!
//! Only the network is missing: mail comes in by [`TestDesk::receive`] and goes out into memory. Every stored
//! mail is processed twice, and the second time must change nothing. At its end everything must be settled.

mod clockwork;
mod dump;
mod hand;
mod proof;
mod sent;
mod settled;
mod view;

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::config::Config;
use helpdeskd::desk::app::App;
use helpdeskd::desk::app::Declared;
use helpdeskd::ids::Ids;
use helpdeskd::imap::fetch::Fetched;
use helpdeskd::mail::journal::Extent;
use helpdeskd::smtp::Transport;
use helpdeskd::smtp::memory::Memory;
use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::store::inbox;
use helpdeskd::store::mailboxes::Mailbox;
use helpdeskd::store::migrate;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::worker::delivery::account_worker::AccountWorker;
use helpdeskd::worker::delivery::account_worker::DeliveryError;
use helpdeskd::worker::handle;
use helpdeskd::worker::handle::Item;
use helpdeskd::worker::pace::Pace;
use helpdeskd::worker::record;
use helpdeskd::worker::record::Arrival;
use helpdeskd::worker::record::Batch;
use helpdeskd::worker::record::Recorded;
use helpdeskd::worker::rules::Rules;
use tempfile::TempDir;
use tokio::sync::Mutex;

pub use self::clockwork::days;
pub use self::clockwork::hours;
pub use self::clockwork::minutes;
pub use self::clockwork::moment;
pub use self::dump::tables;
pub use self::sent::Mails;
pub use self::sent::Sent;
use crate::support::pg::PgDatabase;

/// The database of a story; each one is told on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// One desk with one queue, `support@desk.test`, unless it is told otherwise.
#[derive(Debug)]
pub struct TestDesk {
    pub app: App,
    pub rules: Rules,
    memory: Memory,
    lanes: Mutex<Vec<AccountWorker>>,
    /// Mails that [`TestDesk::sent`] has shown.
    shown: Cell<usize>,
    next_uid: Cell<u32>,
    unsettled: Cell<bool>,
    /// What is found out about mails that arrive; none where the desk is to find it out itself.
    proof: Cell<Option<Authentication>>,
    home: Home,
}

/// Where the database is; gone with the desk.
#[derive(Debug)]
enum Home {
    Sqlite(TempDir),
    Postgres(PgDatabase),
}

/// Monday morning.
pub const START: Timestamp = Timestamp(1_772_442_000 * Timestamp::SECOND);

const DESK: &str = "[desk]\nname = \"Example Desk\"\n";
const QUEUE: &str = r#"
[[smtp]]
name = "default"
directory = "unused"
[[queues]]
slug = "support"
title = "Support"
address = "support@desk.test"
"#;

/// The usual configuration with more of its section `[desk]`, and more of its last section.
fn configured(desk: &str, more: &str) -> Config {
    let text = format!("{DESK}{desk}\n{QUEUE}{more}");
    Config::parse(&text, Path::new("test.toml")).expect("the configuration is right")
}

impl TestDesk {
    pub async fn start(on: On) -> Self {
        Self::with_config(on, "").await
    }

    /// `more` continues the `[[queues]]` entry of the support queue; other sections may follow.
    pub async fn with_config(on: On, more: &str) -> Self {
        Self::with_desk(on, "", more).await
    }

    /// As [`TestDesk::with_config`], with keys of the section `[desk]` besides.
    pub async fn with_desk(on: On, desk: &str, more: &str) -> Self {
        Self::configured(on, configured(desk, more)).await
    }

    /// A desk that waits for a mail server's answer no longer than this.
    pub async fn with_attempts_of(on: On, longest: Duration) -> Self {
        let mut config = configured("", "");
        config.delivery.attempt = longest;
        Self::configured(on, config).await
    }

    async fn configured(on: On, config: Config) -> Self {
        let home = Home::new(on).await;
        let db = home.open().await;
        let parts = (Clock::manual(START), Ids::seeded(1));
        let app = App::build(db, Arc::new(config), parts, Declared::Written).await.expect("the desk starts");
        let memory = Memory::default();
        Self {
            lanes: Mutex::new(lanes(&app, &Transport::Memory(memory.clone()))),
            app,
            rules: Rules::default(),
            memory,
            shown: Cell::new(0),
            next_uid: Cell::new(1),
            unsettled: Cell::new(false),
            proof: Cell::new(Some(Authentication::Pass)),
            home,
        }
    }

    /// The same desk after a restart with another configuration.
    pub async fn restart(&mut self, more: &str) {
        let config = configured("", more);
        let (db, parts) = (self.app.db.clone(), (self.app.clock.clone(), self.app.desk().ids.clone()));
        self.app = App::build(db, Arc::new(config), parts, Declared::Written).await.expect("the desk starts");
        self.smtp_up().await;
    }

    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Where the database is, for programs beside this one.
    pub fn url(&self) -> String {
        self.home.url()
    }

    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// A mail arrives in the mailbox of the support queue; says what became of it.
    pub async fn receive(&self, mail: impl Into<Vec<u8>>) -> String {
        self.receive_in("support", mail).await
    }

    /// A mail arrives in the mailbox of a queue.
    pub async fn receive_in(&self, slug: &str, mail: impl Into<Vec<u8>>) -> String {
        let item = self.record(slug, mail.into(), Extent::Full).await;
        self.handle_twice(item).await
    }

    /// A mail arrives that is larger than the desk takes: `head` is all that is read of it.
    pub async fn receive_headers(&self, head: impl Into<Vec<u8>>) -> String {
        let item = self.record("support", head.into(), Extent::Headers).await;
        self.handle_twice(item).await
    }

    /// A mail arrives at a moment that the mail server tells.
    pub async fn receive_at(&self, at: Timestamp, mail: impl Into<Vec<u8>>) -> String {
        let raw: Vec<u8> = mail.into();
        let (uid, size) = (self.next_uid(), raw.len() as u64);
        let fetched = Fetched { uid, internal_date: Some(at), raw };
        let arrival = Arrival { fetched, size, extent: Extent::Full };
        let item = self.record_arrival("support", arrival).await.expect("a new UID is recorded");
        self.handle_twice(item).await
    }

    /// A mail comes by no mailbox, as by `helpdeskd ingest`.
    pub async fn ingest(&self, mail: impl Into<Vec<u8>>) -> String {
        let queue = self.queue("support");
        let item = record::record_ingested(&self.app, queue, mail.into()).await.expect("it is recorded");
        self.handle_twice(item.expect("nothing else has its place")).await
    }

    /// Records a mail without handling it, as before a process died.
    pub async fn record(&self, slug: &str, raw: Vec<u8>, extent: Extent) -> Item {
        let size = raw.len() as u64;
        self.record_sized(slug, raw, size, extent).await
    }

    /// As [`TestDesk::record`], of a mail that has `size` bytes on the server.
    pub async fn record_sized(&self, slug: &str, raw: Vec<u8>, size: u64, extent: Extent) -> Item {
        let fetched = Fetched { uid: self.next_uid(), internal_date: Some(self.now()), raw };
        let again = Arrival { fetched: fetched.clone(), size, extent };
        let first = self.record_arrival(slug, Arrival { fetched, size, extent }).await;
        let again = self.record_arrival(slug, again).await;
        assert!(again.is_none(), "a UID that comes twice is recorded once");
        first.expect("a new UID is recorded")
    }

    fn next_uid(&self) -> u32 {
        self.next_uid.replace(self.next_uid.get() + 1)
    }

    /// Records what the server gives under a UID; nothing if there is nothing to handle.
    pub async fn record_at(&self, slug: &str, uid: u32, raw: Vec<u8>, extent: Extent) -> Option<Item> {
        let size = raw.len() as u64;
        let fetched = Fetched { uid, internal_date: Some(self.now()), raw };
        self.record_arrival(slug, Arrival { fetched, size, extent }).await
    }

    async fn record_arrival(&self, slug: &str, arrival: Arrival) -> Option<Item> {
        let mailbox = self.mailbox(slug).await;
        let last_uid = i64::from(arrival.fetched.uid);
        let batch = Batch { arrivals: vec![arrival], last_uid, ..Batch::default() };
        match record::record(&self.app, &mailbox, "test", batch).await.expect("it is recorded") {
            Recorded::Items(mut items) => items.pop(),
            Recorded::LeaseLost => panic!("nobody else reads this mailbox"),
        }
    }

    /// Handles a recorded mail, and once more as a second process might: that must change nothing.
    pub async fn handle_twice(&self, mut item: Item) -> String {
        item.received.authentication = self.proof.get().map(|proof| Found(Some(proof)));
        let id = item.received.id;
        let again = Item { received: item.received.clone(), raw: item.raw.clone() };
        handle::handle(&self.app, vec![item], &self.rules).await.expect("it is handled");
        let before = self.dump().await;
        handle::handle(&self.app, vec![again], &self.rules).await.expect("it is handled again");
        dump::assert_unchanged(&before, &self.dump().await);
        self.outcome(id).await
    }

    /// Sends until nothing is due.
    pub async fn deliver(&self) {
        self.try_deliver().await.expect("the database works");
    }

    pub async fn try_deliver(&self) -> Result<(), DeliveryError> {
        for lane in self.lanes.lock().await.iter_mut() {
            while lane.step(&self.app).await? > 0 {}
        }
        Ok(())
    }

    /// From now on nobody listens where mail is sent.
    pub async fn smtp_down(&self) {
        self.smtp_at(SocketAddr::from(([127, 0, 0, 1], 1)), "none").await;
    }

    /// From now on mail is sent to this server.
    pub async fn smtp_at(&self, server: SocketAddr, tls: &str) {
        *self.lanes.lock().await = lanes(&self.app, &Self::transport_to(server, tls));
    }

    /// A way to a real server.
    pub fn transport_to(server: SocketAddr, tls: &str) -> Transport {
        let (host, port) = (server.ip(), server.port());
        let account =
            format!("[[smtp]]\nname = \"real\"\nhost = \"{host}\"\nport = {port}\ntls = \"{tls}\"\n");
        let config = configured("", &account);
        Transport::of(config.smtp_account("real").expect("it is declared"))
    }

    pub async fn smtp_up(&self) {
        *self.lanes.lock().await = lanes(&self.app, &Transport::Memory(self.memory.clone()));
    }

    /// Says how the next attempts to send end; those after them succeed.
    pub fn next_attempts(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        for outcome in outcomes {
            self.memory.answer(outcome);
        }
    }

    /// Sends what is due, and shows all that left since the last time.
    pub async fn sent(&self) -> Mails {
        self.deliver().await;
        let all = self.memory.sent();
        let new = all.iter().skip(self.shown.replace(all.len())).map(Sent::read);
        Mails(new.collect())
    }

    /// This story ends with mail that is not handled or not sent, and means to.
    pub fn leaves_unsettled(&self) {
        self.unsettled.set(true);
    }

    pub fn queue(&self, slug: &str) -> QueueId {
        self.app.desk().directory.queue_by_slug(slug).expect("the queue is declared").id
    }

    /// The row of the mailbox of a queue, leased to this test.
    pub async fn mailbox(&self, slug: &str) -> Mailbox {
        let mut tx = self.write().await;
        let row = store::mailboxes::upsert(&mut tx, self.queue(slug), "test", self.now()).await;
        let mut row = row.expect("the row is made");
        if row.uid_validity.is_none() {
            row.uid_validity = Some(1);
            store::mailboxes::restart(&mut tx, &row).await.expect("the row is written");
        }
        let until = Timestamp(i64::MAX);
        let leased = store::mailboxes::lease(&mut tx, row.id, "test", self.now(), until).await;
        assert!(leased.expect("the lease is asked for"), "nobody else reads this mailbox");
        tx.commit().await.expect("it commits");
        row
    }

    pub async fn write(&self) -> Tx {
        self.app.db.write().await.expect("a transaction begins")
    }

    pub async fn read(&self) -> Tx {
        self.app.db.read().await.expect("a transaction begins")
    }

    /// What became of a recorded mail, in a few words.
    pub async fn outcome(&self, id: InboxId) -> String {
        let row = inbox::find(&mut self.read().await, id).await.expect("it is read").expect("it is there");
        view::outcome(&row)
    }
}

impl Home {
    async fn new(on: On) -> Self {
        match on {
            On::Postgres => Self::Postgres(PgDatabase::migrated().await),
            On::Sqlite => {
                // In memory where there is such a place: a story commits often and never loses power.
                let memory = Path::new("/dev/shm");
                let directory = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
                let home = Self::Sqlite(directory.expect("a directory is made"));
                let db = home.open().await;
                migrate::apply(&db).await.expect("the schema applies");
                db.close().await;
                home
            }
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Sqlite(directory) => format!("sqlite:{}", directory.path().join("desk.db").display()),
            Self::Postgres(database) => database.url.clone(),
        }
    }

    async fn open(&self) -> Db {
        Db::open(&self.url(), 4).await.expect("the database opens")
    }
}

fn lanes(app: &App, transport: &Transport) -> Vec<AccountWorker> {
    let current = app.desk();
    let accounts = current.config.smtp.iter();
    let lane = |account: &_| {
        let account = Arc::new(Clone::clone(account));
        AccountWorker::new(account, transport.clone(), Pace::new(None))
    };
    accounts.map(lane).collect()
}
