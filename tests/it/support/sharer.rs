//! A desk of a story that shares tickets: with its door for partners, and with its requests to them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use helpdeskd::desk::DeskError;
use helpdeskd::desk::share::command;
use helpdeskd::desk::share::command::Invitation;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::desk::share::ticket;
use helpdeskd::desk::share::ticket::Left;
use helpdeskd::http;
use helpdeskd::net::client::Client;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;
use helpdeskd::net::guard::Networks;
use helpdeskd::sharing::Terms;
use helpdeskd::sharing::agreement::Command;
use helpdeskd::sharing::agreement_status::Status;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store;
use helpdeskd::store::agreements::Agreement;
use helpdeskd::store::partner_files::PartnerFile;
use helpdeskd::store::partner_outbox::Request;
use helpdeskd::store::shared_tickets::SharedTicket;
use helpdeskd::ticket::holder::Holder;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::tls::Trust;
use helpdeskd::worker::partners::Partners;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::http_client;
use crate::support::http_client::Reply;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// Public comments, status, tags and custom fields travel.
pub const FULL: Terms = Terms { sync_tags: true, sync_custom_fields: true, public_comments: true };
/// Only private comments come back.
pub const PARTIAL: Terms = Terms { sync_tags: false, sync_custom_fields: false, public_comments: false };

/// One desk. Ends with the test.
pub struct Sharer {
    pub desk: TestDesk,
    pub address: SocketAddr,
    pub partners: Partners,
}

impl Sharer {
    /// `salt` makes its random ids differ from those of the other desks in a test.
    pub async fn start(on: On, salt: usize) -> Self {
        Self::with_config(on, salt, "").await
    }

    /// `more` is added to the section `[sharing]`; other sections may follow.
    pub async fn with_config(on: On, salt: usize, more: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("the socket is bound");
        let config = format!(
            "new_ticket_cc = [\"new@staff.test\"]\n[http]\npublic_url = \"http://{address}\"\n\
             [sharing]\nallow_private_partners = true\n{more}"
        );
        let desk = TestDesk::with_config(on, &config).await;
        for _ in 0..salt {
            desk.app.desk().ids.word();
        }
        let router = http::router(desk.app.clone(), Arc::new(String::new));
        let served = desk.app.clone();
        desk.app.tasks.spawn(async move { http::serve::serve(listener, router, &served).await });
        let client = Client::new(Resolver::fixed(Fixed::default()), Trust::default(), Networks::PrivateToo);
        let partners = Partners::new(desk.app.clone(), client).with_patience(Duration::from_secs(20));
        Self { desk, address, partners }
    }

    pub fn base(&self) -> String {
        format!("http://{}/sharing", self.address)
    }

    /// Sends and fetches until nothing is due.
    pub async fn exchange(&self) {
        while self.partners.step().await.expect("the database works") > 0 {}
    }

    pub async fn send(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.raw(&http_client::request(verb, path, headers, body)).await
    }

    /// Sends bytes that need not be a proper request.
    pub async fn raw(&self, bytes: &[u8]) -> Reply {
        http_client::exchange(self.address, bytes).await.expect("the server answers")
    }

    /// A request of a partner, with his token.
    pub async fn call(&self, verb: &str, path: &str, token: &str, body: &Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [("X-Ticket-Sharing-Token", token), ("Content-Type", "application/json")];
        self.send(verb, &format!("/sharing{path}"), &headers, body.as_bytes()).await
    }

    pub async fn invite(&self, url: &str, terms: Terms) -> WireId {
        let invitation = Invitation { url, name: "Partner", terms };
        let what = (&invitation, Settings::default());
        let (desk, now, hand) = (&self.desk.app.desk(), self.desk.now(), self.desk.operator());
        hand.acts(async |tx| command::invite(desk, tx, &hand.actor, what, now).await).await.uuid
    }

    pub async fn accept(&self, uuid: &WireId) {
        let queue_id = Some(self.desk.queue("support"));
        self.decide(uuid, Command::Accept, Settings { queue_id, ..Settings::default() })
            .await
            .expect("the invitation can be accepted");
    }

    pub async fn decide(&self, uuid: &WireId, command: Command, settings: Settings) -> Result<(), DeskError> {
        let mut tx = self.desk.write().await;
        let (app, actor) = (&self.desk.app, self.desk.operator().actor);
        command::decide(&app.desk(), &mut tx, &actor, (uuid, command, settings), app.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn set(&self, uuid: &WireId, settings: Settings) {
        let (now, hand) = (self.desk.now(), self.desk.operator());
        hand.acts(async |tx| command::set(tx, &hand.actor, (uuid, settings), now).await).await;
    }

    pub async fn share(&self, id: i64, uuid: &WireId) -> Left {
        self.try_share(id, uuid).await.expect("the ticket can be shared")
    }

    pub async fn try_share(&self, id: i64, uuid: &WireId) -> Result<Left, DeskError> {
        let mut tx = self.desk.write().await;
        let (app, actor) = (&self.desk.app, self.desk.operator().actor);
        let (_, left) = ticket::share(&app.desk(), &mut tx, &actor, (TicketId(id), uuid), app.now()).await?;
        tx.commit().await?;
        Ok(left)
    }

    pub async fn unshare(&self, id: i64) -> usize {
        let (app, hand) = (&self.desk.app, self.desk.operator());
        let what = (TicketId(id), None);
        hand.acts(async |tx| ticket::unshare(&app.desk(), tx, &hand.actor, what, app.now()).await).await
    }

    pub async fn agreement(&self, uuid: &WireId) -> Agreement {
        self.find_agreement(uuid).await.expect("there is such an agreement")
    }

    pub async fn find_agreement(&self, uuid: &WireId) -> Option<Agreement> {
        store::agreements::find_by_uuid(&mut self.desk.read().await, uuid).await.expect("it is read")
    }

    pub async fn status(&self, uuid: &WireId) -> Status {
        self.agreement(uuid).await.status
    }

    /// The token of an agreement, as a header has it.
    pub async fn token(&self, uuid: &WireId) -> String {
        self.agreement(uuid).await.judged().token().to_header()
    }

    /// The delivery log of an agreement, oldest first.
    pub async fn log(&self, uuid: &WireId) -> Vec<Request> {
        let id = self.agreement(uuid).await.id;
        let mut rows =
            store::partner_outbox::list(&mut self.desk.read().await, id, 1000).await.expect("it is read");
        rows.reverse();
        rows
    }

    /// The log in short: what each request was about, how often it was tried, and how it ended.
    pub async fn log_lines(&self, uuid: &WireId) -> Vec<String> {
        let line = |row: &Request| {
            let code = row.code.map_or_else(|| "-".to_owned(), |code| code.to_string());
            format!("{} {} {} {code}", row.about, row.attempts, row.state)
        };
        self.log(uuid).await.iter().map(line).collect()
    }

    pub async fn shares(&self, id: i64) -> Vec<SharedTicket> {
        store::shared_tickets::list(&mut self.desk.read().await, TicketId(id)).await.expect("it is read")
    }

    /// Files of partners that are no attachments of a ticket.
    pub async fn links(&self, id: i64) -> Vec<PartnerFile> {
        store::partner_files::list_links(&mut self.desk.read().await, TicketId(id)).await.expect("it is read")
    }

    /// The conversation, one line an entry: who may see it, kind, author, words.
    pub async fn talk(&self, id: i64) -> Vec<String> {
        let entries = self.desk.followups(id).await;
        let line = |entry: &store::followups::Followup| {
            let author = entry.author_name.as_deref().unwrap_or("-");
            format!("{} {} {author}: {}", entry.visibility, entry.kind, entry.text)
        };
        entries.iter().map(line).collect()
    }

    /// Status, and who holds it.
    pub async fn state(&self, id: i64) -> String {
        let row = self.desk.row(id).await;
        match &row.held_by {
            Some(Holder::Us) => format!("{} held by us", row.status),
            Some(Holder::Partner(_)) => format!("{} held by partner", row.status),
            None => row.status.to_string(),
        }
    }

    pub async fn tags(&self, id: i64) -> Vec<String> {
        store::tags::list(&mut self.desk.read().await, TicketId(id)).await.expect("it is read")
    }
}

impl Drop for Sharer {
    fn drop(&mut self) {
        self.desk.app.tasks.drain();
    }
}

/// Two desks with an accepted agreement: the first shares, the second receives.
pub async fn agreed(on: On, terms: Terms) -> (Sharer, Sharer, WireId) {
    let other = if on == On::Sqlite { On::Postgres } else { On::Sqlite };
    let (sender, receiver) = (Sharer::start(on, 1).await, Sharer::start(other, 2).await);
    let uuid = sender.invite(&receiver.base(), terms).await;
    sender.exchange().await;
    receiver.accept(&uuid).await;
    receiver.exchange().await;
    assert_eq!(sender.status(&uuid).await, Status::Accepted);
    (sender, receiver, uuid)
}
