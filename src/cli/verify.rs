//! `verify`: every message on the server against the journal, and every message of the journal against its
//! outcome.

use std::collections::HashSet;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::app::App;
use crate::desk::directory::Queue;
use crate::imap::Limits;
use crate::imap::Session;
use crate::store;
use crate::store::mailboxes::Mailbox;
use crate::tls;
use crate::worker::intake::error::IntakeError;
use crate::worker::login;
use crate::worker::tokens::Tokens;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this queue's mailbox
    #[arg(long)]
    queue: Option<String>,
    #[command(flatten)]
    json: JsonSwitch,
}

/// What one mailbox holds, and what is known of it.
#[derive(Debug, Default, Serialize)]
struct Account {
    queue: String,
    /// Messages on the server now.
    on_server: usize,
    /// Messages that were there before first contact.
    before_first_contact: usize,
    /// Messages of this count of UIDs that were recorded.
    recorded: usize,
    /// Recorded, and not yet handled.
    unfinished: usize,
    /// Listed by the server and not handed over; tried again.
    gaps: Vec<i64>,
    /// On the server and above the cursor: not read yet.
    unread: usize,
    /// Recorded by their headers only; the server keeps them.
    headers_only: Vec<i64>,
    /// On the server, below the cursor, and not known at all.
    unaccounted: Vec<u32>,
    error: Option<String>,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    tls::install_provider();
    let app = context::open(file).await?;
    let desk = app.desk();
    let queues = desk.directory.queues().iter();
    let chosen =
        queues.filter(|queue| arguments.queue.as_ref().is_none_or(|slug| *slug == queue.config.slug));
    let mut accounts = Vec::new();
    for queue in chosen.filter(|queue| queue.config.imap.is_some()) {
        let mut account = Account { queue: queue.config.slug.clone(), ..Account::default() };
        if let Err(error) = look(&app, queue, &mut account).await {
            account.error = Some(error.to_string());
        }
        accounts.push(account);
    }
    let unaccounted: usize = accounts.iter().map(|account| account.unaccounted.len()).sum();
    match arguments.json.form() {
        Form::Json => out::json(&accounts)?,
        Form::Human => print(&accounts, unaccounted),
    }
    if accounts.iter().any(|account| account.error.is_some()) {
        return Err(Failure::new(Code::TryAgain, "a mailbox could not be looked at"));
    }
    if unaccounted > 0 {
        return Err(Failure::data("messages on the server are not accounted for"));
    }
    Ok(())
}

fn print(accounts: &[Account], unaccounted: usize) {
    for account in accounts {
        if let Some(error) = &account.error {
            out::line(&format!("{}: {error}", account.queue));
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
        if !account.gaps.is_empty() {
            out::line(&format!("  gaps: UID {}", numbers(&account.gaps)));
        }
        if !account.unaccounted.is_empty() {
            out::line(&format!("  unaccounted: UID {}", numbers(&account.unaccounted)));
        }
    }
    out::line(&format!("unaccounted: {unaccounted}"));
}

async fn look(app: &App, queue: &Queue, account: &mut Account) -> Result<(), IntakeError> {
    let desk = app.desk();
    let Some(config) = &queue.config.imap else { return Ok(()) };
    let settings = &desk.config.intake;
    let limits = Limits { silence: settings.timeout, max_message_size: settings.max_message_size };
    let credentials = login::credentials(app, &Tokens::default(), &config.login).await?;
    let mut session = Session::connect(&config.server, credentials, limits).await?;
    let selected = session.select(&config.folder).await?;
    let uids = session.search_from(1, &selected).await?;
    session.logout().await;
    // Read after the server was asked: what arrived in between is above the cursor, not unaccounted.
    let mut tx = app.db.read().await?;
    let rows = store::mailboxes::list(&mut tx).await?;
    let identity = config.identity();
    let row = rows.into_iter().find(|row| row.queue_id == queue.id && row.identity == identity);
    let uid_validity = i64::from(selected.uid_validity);
    account.on_server = uids.len();
    let Some(row) = row.filter(|row| row.uid_validity == Some(uid_validity)) else {
        account.unread = uids.len();
        return Ok(());
    };
    let known: HashSet<i64> =
        store::inbox::list_uids(&mut tx, row.id, uid_validity).await?.into_iter().collect();
    let gaps = store::gaps::list(&mut tx, row.id).await?;
    account.recorded = known.len();
    account.gaps = gaps.iter().filter(|gap| gap.uid_validity == uid_validity).map(|gap| gap.uid).collect();
    account.unfinished = store::inbox::list_unfinished(&mut tx, row.id).await?.len();
    account.headers_only = store::inbox::list_headers_only(&mut tx, row.id, uid_validity).await?;
    sort(&uids, &row, &known, account);
    Ok(())
}

fn sort(uids: &[u32], row: &Mailbox, known: &HashSet<i64>, account: &mut Account) {
    for &uid in uids {
        let number = i64::from(uid);
        if known.contains(&number) || account.gaps.contains(&number) {
            continue;
        }
        if number > row.last_uid {
            account.unread += 1;
        } else if number <= row.first_uid {
            account.before_first_contact += 1;
        } else {
            account.unaccounted.push(uid);
        }
    }
}

fn numbers(uids: &[impl ToString]) -> String {
    uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
