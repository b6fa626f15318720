//! The process: builds the parts, binds, spawns the loops, and ends them in order.
//!
//! The first signal drains: no new work, what was begun is finished. The second one stops.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tracing::error;
use tracing::info;
use tracing::warn;

use crate::clock::Clock;
use crate::config::Config;
use crate::desk::agents;
use crate::desk::app::App;
use crate::desk::app::Declared;
use crate::http;
use crate::ids::Ids;
use crate::net::client::Client;
use crate::net::dns::Resolver;
use crate::net::guard::Networks;
use crate::smtp::Transport;
use crate::store;
use crate::store::db::Db;
use crate::store::migrate;
use crate::store::migrate::Lock;
use crate::telemetry::Metrics;
use crate::ticket::id::MailboxId;
use crate::tls;
use crate::tls::Trust;
use crate::worker::delivery::lane::Lane;
use crate::worker::intake;
use crate::worker::intake::source::Source;
use crate::worker::outside::Outside;
use crate::worker::pace::Pace;
use crate::worker::partners::Partners;
use crate::worker::scheduler;
use crate::worker::scheduler::Job;

/// How long shutdown waits for what was begun.
const DRAIN: Duration = Duration::from_secs(10);
/// How often what other processes left behind is looked for.
const LEFTOVERS: Duration = Duration::from_mins(1);

/// An open database of the right version, and the lock that says so.
#[derive(Debug)]
pub struct Opened {
    pub db: Db,
    pub lock: Lock,
}

/// Opens the database, takes its lock and brings its schema up to date.
pub async fn open(config: &Config) -> anyhow::Result<Opened> {
    let url = config.database_url().await?;
    let url = url.expose_secret();
    let lock = migrate::lock(url)?;
    let db = Db::open(url, config.database.connections).await?;
    migrate::apply(&db).await?;
    Ok(Opened { db, lock })
}

/// Whether the database is the one that the last process left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    AsItWas,
    /// From a backup: what happened since is not in it.
    Restored,
}

/// Serves until a signal ends it.
pub async fn serve(config: Arc<Config>, metrics: Metrics, past: Past) -> anyhow::Result<()> {
    tls::install_provider();
    // First of all, so that none is missed.
    let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let Opened { db, lock: _lock } = open(&config).await?;
    let app = App::build(db, Arc::clone(&config), (Clock::System, Ids::System), Declared::Written)
        .await
        .context("cannot prepare the database")?;
    warn_of_strangers(&app).await.context("cannot read the agents")?;
    warn_of_gone_queues(&app).await.context("cannot read the queues")?;
    let listener = tokio::net::TcpListener::bind(config.http.listen)
        .await
        .with_context(|| format!("cannot listen on `http.listen` {}", config.http.listen))?;
    spawn_loops(&app, past).await?;
    let address = listener.local_addr()?;
    let router = http::router(app.clone(), Arc::new(move || metrics.render()));
    let served = app.clone();
    app.tasks.spawn(async move { http::serve::serve(listener, router, &served).await });
    info!("serving on {address}");
    end_of(&app, signals).await;
    app.db.close().await;
    Ok(())
}

/// Says which queues name agents that are none. The names are not for the log: they may be addresses.
async fn warn_of_strangers(app: &App) -> Result<(), sqlx::Error> {
    let desk = app.desk();
    let staff = store::users::list_staff(&mut app.db.read().await?).await?;
    for queue in desk.directory.queues() {
        let (slug, count) = (&queue.config.slug, agents::strangers(&queue.config, &staff).len());
        if count > 0 {
            warn!(
                queue.slug = slug,
                "`agents` of queue {slug} has names of no active agent: {count}; `helpdeskd check` shows them"
            );
        }
    }
    Ok(())
}

/// Says whose tickets are served in the name of another queue.
async fn warn_of_gone_queues(app: &App) -> Result<(), sqlx::Error> {
    let mut tx = app.db.read().await?;
    for gone in app.desk().directory.gone() {
        let unclosed = store::tickets::count_unclosed(&mut tx, gone.id).await?;
        if unclosed > 0 {
            warn!(queue.slug = gone.slug, "{}", gone.says(unclosed));
        }
    }
    Ok(())
}

/// Starts every loop of the daemon.
pub async fn spawn_loops(app: &App, past: Past) -> anyhow::Result<()> {
    let desk = app.desk();
    let lease = format!("{}-{}", std::process::id(), desk.ids.word());
    let outside = Outside::of(&desk.config);
    let (sources, undeclared) = sources(app, &outside).await.context("cannot prepare the mailboxes")?;
    for mut source in sources {
        source.restored = (past == Past::Restored).then(|| app.now());
        app.tasks.spawn(intake::run(app.clone(), Arc::new(source), lease.clone()));
    }
    for account in &desk.config.smtp {
        let account = Arc::new(account.clone());
        let pace = Pace::new(account.max_per_minute);
        for _ in 0..account.max_connections {
            let mut lane = Lane::new(Arc::clone(&account), Transport::of(&account), pace.clone());
            lane.outside = outside.clone();
            app.tasks.spawn(lane.run(app.clone()));
        }
    }
    for job in Job::ALL {
        app.tasks.spawn(scheduler::run(app.clone(), job));
    }
    if !desk.config.sharing.path.is_empty() {
        match partners_client(app) {
            Ok(client) => drop(app.tasks.spawn(Partners::new(app.clone(), client).run())),
            Err(error) => error!("nothing is sent to partners: {error:#}"),
        }
    }
    app.tasks.spawn(leftovers(app.clone(), outside, undeclared));
    app.tasks.spawn(http::tidy::run(app.clone()));
    Ok(())
}

/// What calls partners: nobody in this network, unless that is allowed.
fn partners_client(app: &App) -> anyhow::Result<Client> {
    let desk = app.desk();
    let private = desk.config.sharing.allow_private_partners;
    let networks = if private { Networks::PrivateToo } else { Networks::Public };
    let resolver = Resolver::system().context("cannot look up the names of partners")?;
    Ok(Client::new(resolver, Trust::default(), networks))
}

/// The declared mailboxes with their rows, and the numbers of those that are no longer declared.
async fn sources(app: &App, outside: &Outside) -> Result<(Vec<Source>, Vec<MailboxId>), sqlx::Error> {
    let desk = app.desk();
    let mut tx = app.db.write().await?;
    if !app.db.is_shared() {
        // Nobody else serves this database, so every lease in it is a dead process's.
        store::mailboxes::release_all(&mut tx).await?;
        store::outbox::LEASES.release_all(&mut tx).await?;
        store::oauth_tokens::release_all(&mut tx).await?;
        store::partner_outbox::LEASES.release_all(&mut tx).await?;
        store::partner_files::LEASES.release_all(&mut tx).await?;
    }
    let mut sources = Vec::new();
    for queue in desk.directory.queues() {
        let Some(config) = &queue.config.imap else { continue };
        let row = store::mailboxes::upsert(&mut tx, queue.id, &config.identity(), app.now()).await?;
        sources.push(Source::new(row.id, &queue.config.slug, config, outside.clone()));
    }
    let declared: HashSet<MailboxId> = sources.iter().map(|source| source.id).collect();
    let rows = store::mailboxes::list(&mut tx).await?;
    let undeclared = rows.into_iter().map(|row| row.id).filter(|id| !declared.contains(id)).collect();
    tx.commit().await?;
    Ok((sources, undeclared))
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

/// Waits for the first signal, drains, and lets a second one cut that short.
async fn end_of(app: &App, (mut term, mut int): (Signal, Signal)) {
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    info!("draining; another signal stops at once");
    tokio::select! {
        finished = app.tasks.shutdown(DRAIN) => {
            if !finished {
                warn!("not everything ended within {} s; it is taken up at the next start", DRAIN.as_secs());
            }
        }
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
