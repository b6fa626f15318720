//! One mailbox as its server has it, against what was recorded of it.

use std::collections::HashSet;

use serde::Serialize;

use crate::cli::verify::finding::Finding;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::directory::Queue;
use crate::imap::Limits;
use crate::imap::Session;
use crate::store;
use crate::store::mailboxes::Mailbox;
use crate::worker::intake::error::IntakeError;
use crate::worker::login;
use crate::worker::tokens::Tokens;

/// A mailbox is polled every few minutes.
const UNREAD: i64 = 2 * Timestamp::HOUR;

/// What one mailbox holds, and what is known of it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Account {
    pub queue: String,
    /// Messages on the server now.
    pub on_server: usize,
    /// Messages that were there before first contact.
    pub before_first_contact: usize,
    /// Messages of this count of UIDs that were recorded.
    pub recorded: usize,
    /// Recorded, and not yet handled.
    pub unfinished: usize,
    /// Listed by the server and not handed over; tried again.
    pub gaps: Vec<i64>,
    /// On the server and above the cursor: not read yet.
    pub unread: usize,
    /// Recorded by their headers only; the server keeps them.
    pub headers_only: Vec<i64>,
    /// On the server, below the cursor, and not known at all.
    pub unaccounted: Vec<u32>,
    pub error: Option<String>,
    /// What of it is to be looked at.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// Looks at the mailbox of a queue.
pub(super) async fn look(app: &App, queue: &Queue) -> Account {
    let mut account = Account { queue: queue.config.slug.clone(), ..Account::default() };
    let what = format!("mailbox of queue {}", account.queue);
    if let Err(error) = known(app, queue, &what, &mut account).await {
        account.findings.push(Finding::new("mailbox-unread", &what, error.to_string()));
    }
    if let Err(error) = compare(app, queue, &mut account).await {
        account.findings.push(Finding::new("mailbox-unreachable", &what, error.to_string()));
        account.error = Some(error.to_string());
    }
    let unaccounted = account.unaccounted.iter().map(|uid| {
        let says = "it is on the server, and the journal does not know it";
        Finding::new("unaccounted", format!("{what}, UID {uid}"), says)
    });
    let unaccounted: Vec<Finding> = unaccounted.collect();
    account.findings.extend(unaccounted);
    account
}

/// What the desk itself knows of the mailbox: when it was read last, and what its server did not hand over.
async fn known(app: &App, queue: &Queue, what: &str, account: &mut Account) -> Result<(), sqlx::Error> {
    let mut tx = app.db.read().await?;
    let Some(row) = row(&mut tx, queue).await? else { return Ok(()) };
    let now = app.now();
    // Where mail comes all the time, the look that notes the mailbox as well is never begun anew.
    let newest = store::proofs::newest(&mut tx, row.id, row.uid_validity).await?;
    let read_at = row.healthy_at.max(newest).unwrap_or(row.created_at);
    if now.0 - read_at.0 > UNREAD {
        let hours = (now.0 - read_at.0) / Timestamp::HOUR;
        let error = row.last_error.as_deref().unwrap_or("no process reads it");
        let says = format!("nobody has read it for {hours} hours: {error}");
        account.findings.push(Finding::new("mailbox-unread", what, says));
    }
    let gaps = store::gaps::list(&mut tx, row.id).await?;
    for gap in gaps.iter().filter(|gap| Some(gap.uid_validity) == row.uid_validity) {
        account.gaps.push(gap.uid);
        let says = format!("its server did not hand it over, {} times: {}", gap.attempts, gap.reason);
        account.findings.push(Finding::new("gap", format!("{what}, UID {}", gap.uid), says));
    }
    Ok(())
}

async fn row(tx: &mut store::db::Tx, queue: &Queue) -> Result<Option<Mailbox>, sqlx::Error> {
    let Some(config) = &queue.config.imap else { return Ok(None) };
    let identity = config.identity();
    let rows = store::mailboxes::list(tx).await?;
    Ok(rows.into_iter().find(|row| row.queue_id == queue.id && row.identity == identity))
}

async fn compare(app: &App, queue: &Queue, account: &mut Account) -> Result<(), IntakeError> {
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
    let uid_validity = i64::from(selected.uid_validity);
    account.on_server = uids.len();
    let Some(row) = row(&mut tx, queue).await?.filter(|row| row.uid_validity == Some(uid_validity)) else {
        account.unread = uids.len();
        return Ok(());
    };
    let known: HashSet<i64> =
        store::inbox::list_uids(&mut tx, row.id, uid_validity).await?.into_iter().collect();
    // Once more: one that was closed since is recorded now.
    let gaps = store::gaps::list(&mut tx, row.id).await?;
    let gaps: HashSet<i64> =
        gaps.iter().filter(|gap| gap.uid_validity == uid_validity).map(|gap| gap.uid).collect();
    account.recorded = known.len();
    account.unfinished = store::inbox::list_unfinished(&mut tx, row.id).await?.len();
    account.headers_only = store::inbox::list_headers_only(&mut tx, row.id, uid_validity).await?;
    sort(&uids, &row, &(&known | &gaps), account);
    Ok(())
}

fn sort(uids: &[u32], row: &Mailbox, known: &HashSet<i64>, account: &mut Account) {
    for &uid in uids {
        let number = i64::from(uid);
        if known.contains(&number) {
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
