//! A desk with an agent at work: Ann has asked something, and Alex was told of it.

use std::ops::Deref;

use helpdeskd::store;
use helpdeskd::store::probes::Probe;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::person::User;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

pub const ANN: &str = "ann@customer.test";
pub const BOB: &str = "bob@customer.test";
pub const ALEX: &str = "alex@staff.test";
pub const TEAM: &str = "team@staff.test";
pub const LISTS: &str = "new_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"team@staff.test\"]\n";

/// Ticket 1 is Ann's, about her printer; her mail was `first@client.test`.
#[derive(Debug)]
pub struct Office {
    pub desk: TestDesk,
    pub alex: User,
    /// What Ann and staff were sent when it was opened.
    pub told: Mails,
}

impl Office {
    /// Without lists every agent is told of a new ticket.
    pub async fn open(on: On) -> Self {
        Self::with_config(on, "").await
    }

    pub async fn with_config(on: On, config: &str) -> Self {
        let desk = TestDesk::with_config(on, config).await;
        let alex = desk.agent(ALEX).await;
        let request = mail(&format!("Ann Lee <{ANN}>"), "Printer on fire").id("first@client.test");
        desk.receive_as(Authentication::Pass, request.text("My printer is on fire since nine o'clock."))
            .await;
        let told = desk.sent().await;
        Self { desk, alex, told }
    }

    /// The mail by which Alex was told of the ticket.
    pub fn notice(&self) -> &Sent {
        self.told.to(ALEX)
    }

    /// Alex answers it, and his mail is authentic.
    pub async fn reply(&self, text: &str) -> String {
        self.receives(self.notice().answer(text)).await
    }

    /// An authentic mail arrives.
    pub async fn receives(&self, mail: Mail) -> String {
        self.desk.receive_as(Authentication::Pass, mail).await
    }
}

impl Deref for Office {
    type Target = TestDesk;

    fn deref(&self) -> &TestDesk {
        &self.desk
    }
}

impl TestDesk {
    /// From now on the probe of the support queue has seen a plus-address arrive.
    pub async fn plus_addresses_arrive(&self) {
        let current = self.app.desk();
        let queue = current.directory.queue_by_slug("support").expect("it is declared");
        let imap = queue.config.imap.as_ref().expect("the queue has a mailbox");
        let probe = Probe {
            queue_id: queue.id,
            address: queue.config.address.clone(),
            mailbox: imap.identity(),
            account: queue.config.smtp.clone(),
            plus_addresses: "arrive".to_owned(),
            message_ids: "kept".to_owned(),
            authserv_id: None,
            probed_at: self.now(),
        };
        let mut tx = self.write().await;
        store::probes::upsert(&mut tx, &probe).await.expect("it is written");
        tx.commit().await.expect("it commits");
        self.app.desk().refresh(&self.app.db).await.expect("it is read");
    }
}

/// A mailbox for a queue whose probes are made up.
pub const MAILBOX: &str = "[queues.imap]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nusername = \"support\"\npassword = \"x\"\n";

/// Text as a mail program quotes it below an answer.
pub fn quoted(text: &str) -> String {
    text.lines().flat_map(|line| ["> ", line, "\n"]).collect()
}
