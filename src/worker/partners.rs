//! Partners: requests to them in order, their files, and what has expired.
//!
//! Each request and each file is a task of its own with a limit in time and bytes, and no transaction is open
//! while a partner is spoken to: one that is slow keeps nobody waiting but himself.

use std::sync::Arc;
use std::time::Duration;

use sha2::Digest;
use sha2::Sha256;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tracing::error;
use tracing::info;
use tracing::warn;

use crate::clock::Timestamp;
use crate::crash;
use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::share::file;
use crate::desk::share::file::Fetched;
use crate::desk::share::outcome;
use crate::desk::share::outcome::Ended;
use crate::desk::share::request;
use crate::desk::share::request::Prepared;
use crate::desk::share::request::Verb;
use crate::mail::parse::naming;
use crate::net::Limits;
use crate::net::Method;
use crate::net::NetError;
use crate::net::Request;
use crate::net::client::Client;
use crate::sharing::download;
use crate::sharing::download::Download;
use crate::sharing::download::Verdict;
use crate::sharing::limits;
use crate::sharing::reaction;
use crate::sharing::token;
use crate::store;
use crate::store::faults;
use crate::store::partner_files::PartnerFile;

/// Requests at the same time, and of those to one partner.
const REQUESTS: usize = 64;
const REQUESTS_PER_PARTNER: i64 = 4;
/// Files at the same time, each in memory, and of those from one partner.
const FILES: usize = 4;
const FILES_PER_PARTNER: i64 = 2;
/// How often the rows are looked at without being woken.
const POLL: Duration = Duration::from_secs(1);
/// How long the rows are not looked at once nothing was due: a busy desk wakes us with each commit, and hardly any of
/// them concerns a partner.
const GATHER: Duration = Duration::from_millis(100);
/// A quarter more than one request may take.
const LEASE: Duration = Duration::from_secs(75);
/// An answer is only kept for the log.
const ANSWER: usize = 64 * 1024;
/// How long the delivery log is kept.
const LOG: Duration = Duration::from_hours(90 * 24);
const TIDY: Duration = Duration::from_hours(1);
/// Rows that are deleted at once.
const TIDY_ROWS: i64 = 500;

/// Two settlements that are in each other's way again and again are more than bad luck.
const MOST_CONFLICTS: usize = 5;

/// What ended, and how.
enum End<'a> {
    Request(&'a store::partner_outbox::Request, &'a Ended),
    File(&'a PartnerFile, &'a Fetched),
}

/// Everything that sending and fetching needs.
#[derive(Clone, Debug)]
pub struct Partners {
    app: App,
    client: Client,
    /// How long one request or file may take.
    patience: Duration,
    requests: Arc<Semaphore>,
    files: Arc<Semaphore>,
}

impl Partners {
    pub fn new(app: App, client: Client) -> Self {
        let (requests, files) = (Arc::new(Semaphore::new(REQUESTS)), Arc::new(Semaphore::new(FILES)));
        Self { app, client, patience: reaction::TIMEOUT, requests, files }
    }

    /// As it is, but with another limit for the time of one request or file.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Works until the process drains.
    pub async fn run(self) {
        let mut tidied = Timestamp(i64::MIN);
        while !self.app.tasks.is_draining() {
            let pause = match self.begin_due().await {
                Ok(begun) if begun.is_empty() => GATHER,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    error!("the partners' outbox cannot be read; it is tried again: {error}");
                    Duration::from_secs(5)
                }
            };
            self.app.tasks.pause(pause).await;
            if self.app.now().since(tidied) > TIDY {
                tidied = self.app.now();
                if let Err(error) = self.tidy().await {
                    warn!("what has expired is not deleted yet: {error}");
                }
            }
            tokio::select! {
                () = self.app.wake.partners_woken() => {}
                () = tokio::time::sleep(POLL) => {}
                () = self.app.tasks.draining() => {}
            }
        }
    }

    /// Does everything that is due and waits for it; returns how many requests and files there were.
    pub async fn step(&self) -> Result<usize, sqlx::Error> {
        let tasks = self.begin_due().await?;
        let count = tasks.len();
        for task in tasks {
            // A panic is told by the task itself.
            let _ = task.await;
        }
        Ok(count)
    }

    /// Begins what is due, as far as there is room.
    async fn begin_due(&self) -> Result<Vec<tokio::task::JoinHandle<()>>, sqlx::Error> {
        let mut begun = Vec::new();
        while let Some((place, row)) = self.claim_request().await? {
            let own = self.clone();
            begun.push(self.app.tasks.spawn(async move { own.deliver(place, row).await }));
        }
        while let Some((place, file)) = self.claim_file().await? {
            let own = self.clone();
            begun.push(self.app.tasks.spawn(async move { own.fetch(place, file).await }));
        }
        Ok(begun)
    }

    async fn claim_request(
        &self,
    ) -> Result<Option<(OwnedSemaphorePermit, store::partner_outbox::Request)>, sqlx::Error> {
        let Ok(place) = Arc::clone(&self.requests).try_acquire_owned() else { return Ok(None) };
        let now = self.app.now();
        let mut tx = self.app.db.look().await?;
        let due = store::partner_outbox::LEASES.is_due(&mut tx, now).await?;
        drop(tx);
        if !due || self.app.tasks.is_draining() {
            return Ok(None);
        }
        let mut tx = self.app.db.write().await?;
        let row = store::partner_outbox::claim(&mut tx, now, now.plus(LEASE), REQUESTS_PER_PARTNER).await?;
        crash::point("partners.claim.before_commit");
        tx.commit().await?;
        crash::point("partners.claim.after_commit");
        Ok(row.map(|row| (place, row)))
    }

    async fn claim_file(&self) -> Result<Option<(OwnedSemaphorePermit, PartnerFile)>, sqlx::Error> {
        let Ok(place) = Arc::clone(&self.files).try_acquire_owned() else { return Ok(None) };
        let now = self.app.now();
        let mut tx = self.app.db.look().await?;
        let due = store::partner_files::LEASES.is_due(&mut tx, now).await?;
        drop(tx);
        if !due || self.app.tasks.is_draining() {
            return Ok(None);
        }
        let mut tx = self.app.db.write().await?;
        let file = store::partner_files::claim(&mut tx, now, now.plus(LEASE), FILES_PER_PARTNER).await?;
        tx.commit().await?;
        Ok(file.map(|file| (place, file)))
    }

    /// Sends one request and writes how it ended; the next in its line can be begun then.
    async fn deliver(&self, place: OwnedSemaphorePermit, row: store::partner_outbox::Request) {
        if let Err(error) = self.try_deliver(&row).await {
            // The lease runs out and the request is sent again; the partner knows it by its ids.
            error!(request.id = %row.id, "request {} to a partner is not settled: {error}", row.id);
        }
        drop(place);
        self.app.wake.partners();
    }

    async fn try_deliver(&self, row: &store::partner_outbox::Request) -> Result<(), DeskError> {
        let mut tx = self.app.db.read().await?;
        let prepared = request::prepare(&mut tx, row).await?;
        tx.commit().await?;
        let Some((_, prepared)) = prepared else { return Ok(()) };
        let ended = self.send(prepared).await;
        crash::point("partners.after_answer");
        let Some(outcome) = self.settle(&End::Request(row, &ended)).await? else { return Ok(()) };
        metrics::counter!("helpdeskd_partner_requests_total", "outcome" => outcome).increment(1);
        info!(
            request.id = row.id.0,
            code = ended.code,
            attempts = row.attempts,
            "request {} to a partner is {outcome}",
            row.id
        );
        Ok(())
    }

    async fn send(&self, prepared: Prepared) -> Ended {
        let mut headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
            ("x-ticket-sharing-version".to_owned(), "1".to_owned()),
        ];
        headers.extend(prepared.token.map(|token| (token::HEADER.to_owned(), token)));
        let method = match prepared.verb {
            Verb::Post => Method::Post,
            Verb::Put => Method::Put,
            Verb::Delete => Method::Delete,
        };
        let limits = Limits { time: self.patience, bytes: ANSWER };
        let request =
            Request { method, url: prepared.url, headers, body: prepared.body.into_bytes(), limits };
        match self.client.send(&request).await {
            Ok(response) => {
                let retry_after = response.header("retry-after").and_then(|text| text.trim().parse().ok());
                Ended {
                    code: Some(response.status),
                    retry_after: retry_after.map(Duration::from_secs),
                    words: String::from_utf8_lossy(&response.body).into_owned(),
                }
            }
            Err(error) => Ended { code: None, retry_after: None, words: error.to_string() },
        }
    }

    /// Fetches one file and writes what became of it.
    async fn fetch(&self, place: OwnedSemaphorePermit, file: PartnerFile) {
        let fetched = self.download(&file).await;
        if let Err(error) = self.settle(&End::File(&file, &fetched)).await {
            error!(file.id = %file.id, "a partner's file {} is not settled: {error}", file.id);
        }
        drop(place);
        self.app.wake.delivery();
    }

    async fn download(&self, file: &PartnerFile) -> Fetched {
        let bytes = usize::try_from(self.app.desk().config.sharing.max_attachment_size).unwrap_or(usize::MAX);
        let limits = Limits { time: self.patience, bytes };
        let response = match self.client.download(&file.url, limits).await {
            Ok(response) => response,
            Err(error) => return Fetched { verdict: failed(&error), bytes: Vec::new(), digest: [0; 32] },
        };
        let verdict = download::judge(&Download {
            status: response.status,
            answered_type: response.header("content-type"),
            bytes: &response.body,
            sniffed: &naming::content_type("", &response.body),
            name: &file.name,
            declared_type: file.content_type.as_deref(),
        });
        let digest = Sha256::digest(&response.body).into();
        Fetched { verdict, bytes: response.body, digest }
    }

    /// Writes how something ended, again if another transaction was in the way.
    async fn settle(&self, end: &End<'_>) -> Result<Option<&'static str>, DeskError> {
        for _ in 0..MOST_CONFLICTS {
            match self.try_settle(end).await {
                Err(DeskError::Store(error)) if faults::is_conflict(&error) => {}
                settled => return settled,
            }
        }
        Err(DeskError::Store(sqlx::Error::PoolTimedOut))
    }

    async fn try_settle(&self, end: &End<'_>) -> Result<Option<&'static str>, DeskError> {
        let (desk, now) = (&self.app.desk(), self.app.now());
        let mut tx = self.app.db.write().await?;
        let outcome = match end {
            End::Request(row, ended) => outcome::write(desk, &mut tx, row, ended, now).await?,
            End::File(file, fetched) => {
                file::finish(desk, &mut tx, file, fetched, now).await?;
                None
            }
        };
        crash::point("partners.settle.before_commit");
        tx.commit().await?;
        crash::point("partners.settle.after_commit");
        self.app.wake.delivery();
        Ok(outcome)
    }

    /// Forgets invitations, links and log entries whose time has passed.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        let now = self.app.now();
        let mut tx = self.app.db.write().await?;
        store::agreements::delete_expired(&mut tx, now.minus(limits::INVITATION_LIFE)).await?;
        store::attachment_links::delete_expired(&mut tx, now).await?;
        store::partner_outbox::delete_settled(&mut tx, now.minus(LOG), TIDY_ROWS).await?;
        tx.commit().await
    }
}

/// Why there is no answer at all, and whether that can change.
fn failed(error: &NetError) -> Verdict {
    let why = error.to_string();
    match error {
        NetError::Dns(_)
        | NetError::Connect { .. }
        | NetError::Tls { .. }
        | NetError::Time { .. }
        | NetError::Broken { .. } => Verdict::Again(why),
        NetError::Url
        | NetError::Scheme
        | NetError::Address { .. }
        | NetError::Redirect { .. }
        | NetError::Redirects { .. }
        | NetError::Size { .. }
        | NetError::Request { .. } => Verdict::Link(why),
    }
}
