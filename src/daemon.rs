//! The process: builds the parts, binds, spawns the loops, and ends them in order.
//!
//! The first signal drains: no new work, what was begun is finished. The second one stops.

mod ground;
mod loops;
pub mod open;
pub mod past;
mod process;
mod pulse;
mod reload;

use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tracing::info;
use tracing::warn;

use crate::clock::Clock;
use crate::config::Config;
use crate::daemon::ground::Ground;
use crate::daemon::loops::Loops;
use crate::daemon::open::Opened;
use crate::daemon::past::Past;
use crate::daemon::reload::Reload;
use crate::desk::agents;
use crate::desk::app::App;
use crate::desk::app::Declared;
use crate::http;
use crate::ids::Ids;
use crate::store;
use crate::store::database_file::Lost;
use crate::store::lease;
use crate::store::processes::Process;
use crate::telemetry::Metrics;
use crate::tls;

/// How long shutdown waits for what was begun.
const DRAIN: Duration = Duration::from_secs(10);
/// How long the end of the process waits for the database to note it.
const LAST_WORD: Duration = Duration::from_secs(1);
/// How often it is looked whether somebody asks something of this process.
const POLL: Duration = Duration::from_secs(1);

/// What ends the process, and what makes it read its configuration anew.
struct Signals {
    term: Signal,
    int: Signal,
    hangup: Signal,
}

/// Serves until a signal ends it; `file` names the configuration to be read anew.
pub async fn serve(
    file: Option<PathBuf>,
    config: Arc<Config>,
    metrics: Metrics,
    past: Past,
) -> anyhow::Result<()> {
    tls::install_provider();
    // First of all, so that none is missed.
    let mut signals = Signals {
        term: signal(SignalKind::terminate())?,
        int: signal(SignalKind::interrupt())?,
        hangup: signal(SignalKind::hangup())?,
    };
    say_what_starts(file.as_deref(), &config).await?;
    let opened = tokio::select! {
        opened = open::wait(&config) => opened?,
        _ = signals.term.recv() => return Ok(()),
        _ = signals.int.recv() => return Ok(()),
    };
    let Opened { db, lock: _lock } = opened;
    let app = App::build(db, Arc::clone(&config), (Clock::System, Ids::System), Declared::Written)
        .await
        .context("cannot prepare the database")?;
    warn_of_strangers(&app).await.context("cannot read the agents")?;
    warn_of_gone_queues(&app).await.context("cannot read the queues")?;
    let listener = listen("http.listen", config.http.listen).await?;
    let aside = match config.http.metrics_listen {
        Some(address) => Some(listen("http.metrics_listen", address).await?),
        None => None,
    };
    let process = process::this(&app.desk().ids);
    lease::name_owner(&process.name);
    // Before anything is written, so that all of it has the database's time.
    pulse::beat(&app, &process).await.context("cannot enter this process")?;
    let loops = Loops::start(&app, &process.name, past).await?;
    if app.db.is_shared() {
        app.tasks.spawn(pulse::run(app.clone(), process.clone()));
    }
    let mut reload = Reload { app: app.clone(), loops, file, name: process.name.clone() };
    let address = listener.local_addr()?;
    let render: http::Render = Arc::new(move || metrics.render());
    if let Some(listener) = aside {
        answer_on(&app, listener, http::metrics_router(app.clone(), Arc::clone(&render)));
    }
    answer_on(&app, listener, http::router(app.clone(), render));
    info!("serving on {address}");
    if let Some(lost) = stay(&mut reload, &mut signals).await {
        return Err(ground::leave(&app, lost).await);
    }
    end_of(&app, signals).await;
    let lost = app.db.lost();
    // Others find out by themselves where this cannot be written now.
    let _ = tokio::time::timeout(LAST_WORD, leave(&app, &process)).await;
    app.db.close().await;
    info!("stopped");
    lost.map_or(Ok(()), |lost| Err(lost.into()))
}

/// The first line of the log: which program, with which configuration, on which database.
async fn say_what_starts(file: Option<&Path>, config: &Config) -> anyhow::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let file = Config::locate(file)?;
    let url = config.database_url().await?;
    let database = store::db::open::shown(url.expose_secret());
    info!(version, "helpdeskd {version} starts with {} on {database}", file.display());
    Ok(())
}

/// Takes an address, which the named key of the configuration gives.
async fn listen(key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on `{key}` {address}"))
}

fn answer_on(app: &App, listener: TcpListener, router: http::Router) {
    let served = app.clone();
    app.tasks.spawn(async move { http::serve::serve(listener, router, &served).await });
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

/// Until the first signal that ends the process, or the loss of its database: reads the configuration anew when it is
/// asked to.
async fn stay(reload: &mut Reload, signals: &mut Signals) -> Option<Lost> {
    let mut ground = Ground::default();
    let app = reload.app.clone();
    loop {
        let by_signal = tokio::select! {
            _ = signals.term.recv() => return None,
            _ = signals.int.recv() => return None,
            _ = signals.hangup.recv() => true,
            () = tokio::time::sleep(POLL) => false,
        };
        let answering = async {
            let lost = ground.look(&app).await;
            if lost.is_some() {
                return lost;
            }
            if by_signal {
                drop(reload.read_anew().await);
            } else {
                // The loops say so when the database is gone.
                let _ = reload.answer().await;
            }
            None
        };
        // A database that hangs keeps nobody from ending the process.
        tokio::select! {
            lost = answering => {
                if lost.is_some() {
                    return lost;
                }
            }
            _ = signals.term.recv() => return None,
            _ = signals.int.recv() => return None,
        }
    }
}

/// Drains, and lets a second signal cut that short.
async fn end_of(app: &App, mut signals: Signals) {
    info!("draining; another signal stops at once");
    tokio::select! {
        finished = app.tasks.shutdown(DRAIN) => {
            if !finished {
                warn!("not everything ended within {} s; it is taken up at the next start", DRAIN.as_secs());
            }
        }
        _ = signals.term.recv() => {}
        _ = signals.int.recv() => {}
    }
}

async fn leave(app: &App, process: &Process) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::processes::delete(&mut tx, &process.name).await?;
    tx.commit().await
}
