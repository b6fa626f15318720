//! `check`: is everything as it must be, fact by fact, and what to do where it is not.
//!
//! Changes nothing; `--probe` sends mails of its own and takes them away again.

mod database;
mod forged;
mod held;
mod http;
mod journal;
mod log_in;
pub mod mailbox;
pub mod outgoing;
mod people;
mod probe;
mod relay;
pub mod report;
mod search;
pub mod server;
mod settings;
mod stamps;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::check::log_in::LogIn;
use crate::cli::check::report::Report;
use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::db::Db;
use crate::tasks::Tasks;
use crate::tls;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Also send mails from each queue to itself and watch for them, up to a minute: tells whether answers to
    /// support+TOKEN@… arrive, and what the servers on the way change and stamp
    #[arg(long)]
    probe: bool,
    /// Seconds to wait for the mails of --probe
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..=600))]
    wait: u64,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    tls::install_provider();
    let clock = Clock::System;
    let mut report = Report::new(arguments.json.form());
    let (section, config) = settings::configuration(file, clock.now());
    report.take(section);
    let Some(config) = config else { return report.end() };
    let config = Arc::new(config);
    report.take(settings::templates(&config));
    // Only a probe writes.
    let app = if arguments.probe { Some(context::open(file).await?) } else { None };
    let (section, db) = database::look(&config, clock.now()).await;
    report.take(section);
    if let Some(db) = &db {
        report.take(people::look(db, &config).await);
        report.take(journal::gone(db, &config).await?);
        report.take(held::look(db, clock.now()).await?);
        report.take(search::look(db).await?);
    }
    let log_in = LogIn::new(&config, db.as_ref()).await?;
    servers(&config, (db.as_ref(), &log_in), &mut report).await;
    report.take(http::look(&config).await);
    if let (None, Some(db)) = (&app, &db) {
        probe::known(db, &config).await?.into_iter().for_each(|section| report.take(section));
    }
    if let Some(app) = app {
        if arguments.json.form() == Form::Human {
            out::note(&format!("waiting for the mails of the probe, for up to {} s", arguments.wait));
        }
        probe::all(&app, Duration::from_secs(arguments.wait), &mut report).await;
        app.db.close().await;
    }
    if let Some(db) = db {
        relay::known(&db, &config, clock.now()).await?.into_iter().for_each(|section| report.take(section));
        db.close().await;
    }
    report.end()
}

/// Looks at all mail servers at once, each in a task of its own: one may be slow, or say what makes a parser
/// fail.
async fn servers(config: &Arc<Config>, (db, log_in): (Option<&Db>, &LogIn), report: &mut Report) {
    let tasks = Tasks::default();
    let mut looks = Vec::new();
    for at in 0..config.queues.len() {
        let about = mailbox::about(&config.queues[at]);
        looks
            .push((about, tasks.spawn(mailbox::look(Arc::clone(config), at, (db.cloned(), log_in.clone())))));
    }
    for at in 0..config.smtp.len() {
        let about = outgoing::about(&config.smtp[at]);
        looks.push((about, tasks.spawn(outgoing::look(Arc::clone(config), at, log_in.clone()))));
    }
    for (about, look) in looks {
        report.take(look.await.unwrap_or_else(|_| server::unreadable(about)));
    }
}
