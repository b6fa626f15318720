//! `verify`: every message on the server against the journal, every outcome against what it made, and the database
//! against itself.
//!
//! Mends nothing. Anything that a person must look at ends it with 1.

mod database;
mod finding;
mod mailbox;
mod words;

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::verify::database::Depth;
use crate::cli::verify::finding::Finding;
use crate::cli::verify::mailbox::Account;
use crate::desk::app::App;
use crate::tls;

/// People read no more than these of one rule; programs get all.
const MOST_SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this queue's mailbox
    #[arg(long)]
    queue: Option<String>,
    /// Compare every stored byte with its digest, and every entry with the words that it is found by, too
    #[arg(long)]
    deep: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

/// What was looked at, and what is to be looked at.
#[derive(Debug, Serialize)]
struct Report {
    mailboxes: Vec<Account>,
    /// Messages on a server that nobody knows of.
    unaccounted: usize,
    findings: Vec<Finding>,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    tls::install_provider();
    let app = context::open(file).await?;
    let report = report(&app, &arguments).await?;
    match arguments.json.form() {
        Form::Json => out::json(&report)?,
        Form::Human => print(&report),
    }
    match report.findings.len() {
        0 => Ok(()),
        1 => Err(Failure::new(Code::Found, "there is one thing to look at")),
        count => Err(Failure::new(Code::Found, format!("there are {count} things to look at"))),
    }
}

async fn report(app: &App, arguments: &Arguments) -> Result<Report, Failure> {
    let desk = app.desk();
    let mut mailboxes = Vec::new();
    for queue in desk.directory.queues() {
        let is_chosen = arguments.queue.as_ref().is_none_or(|slug| *slug == queue.config.slug);
        if is_chosen && queue.config.imap.is_some() {
            mailboxes.push(mailbox::look(app, queue).await);
        }
    }
    let unaccounted = mailboxes.iter().map(|account| account.unaccounted.len()).sum();
    let mut findings: Vec<Finding> =
        mailboxes.iter_mut().flat_map(|account| std::mem::take(&mut account.findings)).collect();
    let depth = if arguments.deep { Depth::Bytes } else { Depth::Rows };
    findings.extend(database::look(app, depth).await?);
    Ok(Report { mailboxes, unaccounted, findings })
}

fn print(report: &Report) {
    for account in &report.mailboxes {
        if let Some(error) = &account.error {
            out::line(&format!("{}: {}", account.queue, out::clean(error)));
            continue;
        }
        out::line(&format!(
            "{}: {} on the server, {} before first contact, {} recorded, {} not handled yet, {} not read yet, {} gaps",
            account.queue,
            account.on_server,
            account.before_first_contact,
            account.recorded,
            account.unfinished,
            account.unread,
            account.gaps.len(),
        ));
        if !account.headers_only.is_empty() {
            out::line(&format!("  too large, headers only: UID {}", numbers(&account.headers_only)));
        }
    }
    for same in report.findings.chunk_by(|one, next| one.rule == next.rule) {
        for finding in same.iter().take(MOST_SHOWN) {
            out::line(&out::flat(&finding.line()));
        }
        if let Some(more) = same.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            out::line(&format!("and {more} more ({})", same[0].rule));
        }
    }
    out::line(&format!("unaccounted: {}", report.unaccounted));
    out::line(&format!("to look at: {}", report.findings.len()));
}

fn numbers(uids: &[i64]) -> String {
    uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
