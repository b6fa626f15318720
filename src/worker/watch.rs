//! Looking for troubles that operators must see to, and the daily count of mail that waits for them.
//!
//! Reads what the other loops noted; repairs nothing.

use jiff::tz::TimeZone;
use tracing::warn;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::alert;
use crate::desk::alert::Trouble;
use crate::desk::app::App;
use crate::desk::relay;
use crate::mail::journal::Became;
use crate::store;
use crate::store::channels::AccountState;
use crate::store::db::Tx;
use crate::store::inbox::upkeep::Waiting;
use crate::store::outbox::Backlog;

/// How long a mailbox fails, or a mail waits, before it is a trouble: shorter ones end by themselves.
const PATIENCE: i64 = Timestamp::HOUR;
/// What the names of the troubles found here begin with; others are not ours to end.
const OURS: [&str; 2] = ["mailbox ", "account "];
/// Reasons that are listed in the daily count.
const MOST_REASONS: usize = 20;

/// Tells of each new trouble once, and forgets those that are over.
pub async fn run(app: &App) -> Result<(), DeskError> {
    let desk = app.desk();
    if desk.config.desk.alerts.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.db.read().await?;
    let mut troubles = mailboxes(app, &mut tx, now).await?;
    troubles.extend(accounts(app, &mut tx, now).await?);
    let known = store::alerts::list(&mut tx).await?;
    drop(tx);
    let lasts = |key: &str| troubles.iter().any(|trouble| trouble.key == key);
    let ours = known.iter().filter(|key| OURS.iter().any(|word| key.starts_with(word)));
    let over: Vec<&String> = ours.filter(|key| !lasts(key)).collect();
    let new: Vec<&Trouble> = troubles.iter().filter(|trouble| !known.contains(&trouble.key)).collect();
    if over.is_empty() && new.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    for key in over {
        store::alerts::delete(&mut tx, key).await?;
    }
    for trouble in new {
        if alert::raise(&desk, &mut tx, trouble, now).await? {
            warn!(trouble = trouble.key, "told the operators of {}", trouble.key);
        }
    }
    tx.commit().await?;
    app.wake.delivery();
    Ok(())
}

/// Mails the count of suspended and quarantined mail, if there is any.
pub async fn report(app: &App, tx: &mut Tx, now: Timestamp) -> Result<(), DeskError> {
    let desk = app.desk();
    if desk.config.desk.alerts.is_empty() {
        return Ok(());
    }
    let listed = now.minus(desk.config.retention.suspended);
    let yesterday = Timestamp(now.0 - Timestamp::DAY);
    let suspended = store::inbox::upkeep::count_waiting(tx, Became::Suspended, listed, yesterday).await?;
    let quarantined =
        store::inbox::upkeep::count_waiting(tx, Became::Quarantined, Timestamp(0), yesterday).await?;
    let title: Vec<String> = [("suspended", &suspended), ("quarantined", &quarantined)]
        .iter()
        .filter(|(_, waiting)| !waiting.is_empty())
        .map(|(word, waiting)| format!("{} {word}", total(waiting)))
        .collect();
    if title.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    describe(&mut text, "Suspended", &suspended);
    describe(&mut text, "Quarantined", &quarantined);
    text.push_str("See `helpdeskd suspended list` and `helpdeskd quarantine list`.");
    alert::post(&desk, tx, &format!("mail waits for you: {}", title.join(", ")), &text, now).await
}

/// Declared mailboxes that could not be read for a while.
async fn mailboxes(app: &App, tx: &mut Tx, now: Timestamp) -> Result<Vec<Trouble>, sqlx::Error> {
    let desk = app.desk();
    let rows = store::mailboxes::list(tx).await?;
    let mut troubles = Vec::new();
    for queue in desk.directory.queues() {
        let Some(config) = &queue.config.imap else { continue };
        let identity = config.identity();
        let row = rows.iter().find(|row| row.queue_id == queue.id && row.identity == identity);
        let Some((row, since)) = row.and_then(|row| Some((row, row.failing_since?))) else { continue };
        if now.0 - since.0 < PATIENCE {
            continue;
        }
        let slug = &queue.config.slug;
        let since = local(since, &desk.config.desk.timezone);
        let error = row.last_error.as_deref().unwrap_or("unknown");
        troubles.push(Trouble {
            key: format!("mailbox {}", row.id),
            title: format!("the mailbox of queue {slug} cannot be read"),
            text: format!(
                "The mailbox of queue {slug} cannot be read since {since}. It is tried again and again.\n\nThe last error: {error}"
            ),
        });
    }
    Ok(troubles)
}

/// Declared accounts whose mail waits although it was never tried, or that rest because their server turns
/// them away.
async fn accounts(app: &App, tx: &mut Tx, now: Timestamp) -> Result<Vec<Trouble>, sqlx::Error> {
    let desk = app.desk();
    if desk.config.delivery.paused {
        return Ok(Vec::new());
    }
    let backlogs = store::outbox::backlogs(tx, Timestamp(now.0 - PATIENCE)).await?;
    let channels = store::channels::list(tx).await?;
    let paused = relay::paused(&desk, tx).await?;
    let mut troubles = Vec::new();
    for backlog in &backlogs {
        let channel = channels.iter().find(|channel| channel.account == backlog.account);
        let resting = channel.filter(|channel| channel.paused_until > now);
        let declared = desk.config.smtp_account(&backlog.account).is_some();
        // Of a paused sender they were told when its pause began.
        let told = paused.iter().any(|pause| pause.account == backlog.account);
        if declared && (resting.is_some() || backlog.least_attempts == 0 && !told) {
            troubles.push(account(backlog, resting, &desk.config.desk.timezone));
        }
    }
    Ok(troubles)
}

fn account(backlog: &Backlog, resting: Option<&AccountState>, zone: &TimeZone) -> Trouble {
    let Backlog { account, count, oldest, .. } = backlog;
    let mails = if *count == 1 { "1 mail waits".to_owned() } else { format!("{count} mails wait") };
    let why = match resting.and_then(|channel| channel.last_error.as_deref()) {
        Some(error) => format!("The server turns us away: {error}"),
        None => "No process sends it. See `helpdeskd outbox list`.".to_owned(),
    };
    Trouble {
        key: format!("account {account}"),
        title: format!("mail of account {account} does not leave"),
        text: format!(
            "{mails} to be sent by account {account}, the oldest since {}.\n\n{why}",
            local(*oldest, zone)
        ),
    }
}

fn total(waiting: &[Waiting]) -> i64 {
    waiting.iter().map(|row| row.count).sum()
}

fn describe(text: &mut String, word: &str, waiting: &[Waiting]) {
    if waiting.is_empty() {
        return;
    }
    let fresh: i64 = waiting.iter().map(|row| row.fresh).sum();
    let mut lines = vec![format!("{word}: {}, {fresh} of them since yesterday", total(waiting))];
    for row in waiting.iter().take(MOST_REASONS) {
        lines.push(format!("- {}: {}", row.reason.as_deref().unwrap_or("no reason"), row.count));
    }
    text.push_str(&lines.join("\n"));
    text.push_str("\n\n");
}

/// To the minute, as people at the desk have it.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_microsecond(at.0) {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => at.to_string(),
    }
}
