//! The loops of the daemon: started together, and begun anew with another configuration while the process runs.
//!
//! What an old loop has begun it finishes; a mailbox is read by its new loop once the old one has let go of it.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinHandle;
use tracing::error;
use tracing::warn;

use crate::daemon::past::Past;
use crate::desk::app::App;
use crate::http;
use crate::net::client::Client;
use crate::net::dns::Resolver;
use crate::net::guard::Networks;
use crate::smtp::Transport;
use crate::store;
use crate::ticket::id::MailboxId;
use crate::tls::Trust;
use crate::worker::backfill;
use crate::worker::delivery::account_worker::AccountWorker;
use crate::worker::intake;
use crate::worker::intake::source::Source;
use crate::worker::outside::Outside;
use crate::worker::pace::Pace;
use crate::worker::partners::Partners;
use crate::worker::positions;
use crate::worker::recount;
use crate::worker::recount::Which;
use crate::worker::scheduler;
use crate::worker::scheduler::Job;

/// How often what other processes left behind is looked for.
const LEFTOVERS: Duration = Duration::from_mins(1);

/// The loops that run by one configuration.
#[derive(Debug)]
pub(super) struct Loops {
    root: App,
    /// As the leases of this process name it.
    name: String,
    /// Of the loops that run now.
    branch: App,
    mailboxes: HashMap<MailboxId, JoinHandle<()>>,
}

/// The declared mailboxes, and the numbers of those that are no longer declared.
struct Declared {
    sources: Vec<Source>,
    undeclared: Vec<MailboxId>,
    outside: Outside,
}

impl Loops {
    /// Starts every loop of the daemon.
    pub(super) async fn start(app: &App, name: &str, past: Past) -> anyhow::Result<Self> {
        release(app).await.context("cannot release what an earlier process held")?;
        let mut loops = Self {
            root: app.clone(),
            name: name.to_owned(),
            branch: app.branch(),
            mailboxes: HashMap::new(),
        };
        let mut declared = loops.prepare().await?;
        for source in &mut declared.sources {
            source.restored = (past == Past::Restored).then(|| app.now());
        }
        loops.spawn(declared);
        for job in Job::ALL {
            app.tasks.spawn(scheduler::run(app.clone(), job));
        }
        app.tasks.spawn(http::tidy::run(app.clone()));
        app.tasks.spawn(positions::run(app.clone()));
        app.tasks.spawn(backfill::run(app.clone()));
        Ok(loops)
    }

    /// Ends the loops, and starts those of the configuration as it is now; those of before go on if that fails.
    pub(super) async fn begin_anew(&mut self) -> anyhow::Result<()> {
        let next = self.prepare().await?;
        self.branch.tasks.drain();
        self.branch = self.root.branch();
        self.spawn(next);
        let app = self.branch.clone();
        // Tickets were counted by the limits of before.
        self.root.tasks.spawn(async move {
            if let Err(error) = recount::recount(&app, Which::Changed).await {
                error!("the times of escalation cannot be counted: {error}");
            }
        });
        Ok(())
    }

    /// All that can fail.
    async fn prepare(&self) -> anyhow::Result<Declared> {
        let outside = Outside::of(&self.root.desk().config);
        declared(&self.root, outside).await.context("cannot prepare the mailboxes")
    }

    fn spawn(&mut self, declared: Declared) {
        let app = self.branch.clone();
        let desk = app.desk();
        let Declared { sources, undeclared, outside } = declared;
        let mut before = std::mem::take(&mut self.mailboxes);
        for source in sources {
            let (id, old) = (source.id, before.remove(&source.id));
            let reading = intake::run(app.clone(), Arc::new(source), self.name.clone());
            let reading = async move {
                if let Some(old) = old {
                    // It ends by itself; a panic in it is told by the task.
                    let _ = old.await;
                }
                reading.await;
            };
            self.mailboxes.insert(id, app.tasks.spawn(reading));
        }
        for account in &desk.config.smtp {
            let account = Arc::new(account.clone());
            let pace = Pace::new(account.max_per_minute);
            for _ in 0..account.max_connections {
                let mut account_worker =
                    AccountWorker::new(Arc::clone(&account), Transport::of(&account), pace.clone());
                account_worker.outside = outside.clone();
                app.tasks.spawn(account_worker.run(app.clone()));
            }
        }
        if !desk.config.sharing.path.is_empty() {
            match partners_client(&app) {
                Ok(client) => drop(app.tasks.spawn(Partners::new(app.clone(), client).run())),
                Err(error) => error!("nothing is sent to partners: {error:#}"),
            }
        }
        app.tasks.spawn(leftovers(app.clone(), outside, undeclared));
    }
}

/// What calls partners: nobody in this network, unless that is allowed.
fn partners_client(app: &App) -> anyhow::Result<Client> {
    let desk = app.desk();
    let private = desk.config.sharing.allow_private_partners;
    let networks = if private { Networks::PrivateToo } else { Networks::Public };
    let resolver = Resolver::system().context("cannot look up the names of partners")?;
    Ok(Client::new(resolver, Trust::default(), networks))
}

/// Nobody else serves an embedded database, so every lease in it is a dead process's.
async fn release(app: &App) -> Result<(), sqlx::Error> {
    if app.db.is_shared() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::mailboxes::release_all(&mut tx).await?;
    store::outbox::LEASES.release_all(&mut tx).await?;
    store::oauth_tokens::release_all(&mut tx).await?;
    store::partner_outbox::LEASES.release_all(&mut tx).await?;
    store::partner_files::LEASES.release_all(&mut tx).await?;
    tx.commit().await
}

async fn declared(app: &App, outside: Outside) -> Result<Declared, sqlx::Error> {
    let desk = app.desk();
    let mut tx = app.db.write().await?;
    let mut sources = Vec::new();
    for queue in desk.directory.queues() {
        let Some(config) = &queue.config.imap else { continue };
        let row = store::mailboxes::upsert(&mut tx, queue.id, &config.identity(), app.now()).await?;
        sources.push(Source::new(row.id, &queue.config.slug, config, outside.clone()));
    }
    let ids: HashSet<MailboxId> = sources.iter().map(|source| source.id).collect();
    let rows = store::mailboxes::list(&mut tx).await?;
    let undeclared = rows.into_iter().map(|row| row.id).filter(|id| !ids.contains(id)).collect();
    tx.commit().await?;
    Ok(Declared { sources, undeclared, outside })
}

async fn leftovers(app: App, outside: Outside, undeclared: Vec<MailboxId>) {
    loop {
        if let Err(error) = app.desk().refresh(&app.db).await {
            warn!("what other processes found out is not known: {error}");
        }
        if let Err(error) = Box::pin(intake::finish_leftovers(&app, &outside, &undeclared)).await {
            warn!("messages left behind by another process wait: {error}");
        }
        if !app.tasks.pause(LEFTOVERS).await {
            return;
        }
    }
}
