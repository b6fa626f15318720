//! Messages that the server listed and did not hand over: tried again soon, then patiently, and all of them as soon
//! as the server is well again.

use std::time::Duration;

use tracing::info;

use crate::config::sections::Intake;
use crate::desk::app::App;
use crate::imap::Session;
use crate::store;
use crate::store::gaps::Gap;
use crate::store::mailboxes::Mailbox;
use crate::worker::backoff;
use crate::worker::fetch;
use crate::worker::fetch::Manner;
use crate::worker::intake::error::IntakeError;
use crate::worker::intake::source::Standing;
use crate::worker::record::Batch;

/// Those of this count of UIDs.
pub async fn list(app: &App, mailbox: &Mailbox) -> Result<Vec<Gap>, sqlx::Error> {
    let mut tx = app.db.read().await?;
    let mut gaps = store::gaps::list(&mut tx, mailbox.id).await?;
    gaps.retain(|gap| Some(gap.uid_validity) == mailbox.uid_validity);
    Ok(gaps)
}

/// Makes all of them due.
pub async fn wake(app: &App, mailbox: &Mailbox) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::gaps::wake(&mut tx, mailbox.id, app.now()).await?;
    tx.commit().await
}

/// How long it is to the next one, if that is before `span`.
pub async fn wait(app: &App, mailbox: &Mailbox, span: Duration) -> Result<Duration, sqlx::Error> {
    let gaps = list(app, mailbox).await?;
    let next = gaps.iter().map(|gap| gap.due_at.0.saturating_sub(app.now().0)).min();
    let next = next.map(|micros| Duration::from_micros(u64::try_from(micros).unwrap_or(0)));
    Ok(next.map_or(span, |next| next.clamp(Duration::from_secs(1), span.max(Duration::from_secs(1)))))
}

/// Tries one again; gives what came, and nothing where the server did not hand it over.
pub async fn retry(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    gap: &Gap,
    standing: &Standing,
) -> Result<Option<Batch>, IntakeError> {
    let Ok(uid) = u32::try_from(gap.uid) else { return Ok(None) };
    let intake: &Intake = &app.desk().config.intake;
    // First of all, since the attempt may end the session.
    attempt(app, gap).await?;
    standing.tries_gap();
    // What fails in one way may succeed in the other.
    let manner = if gap.attempts % 2 == 0 { Manner::Usual } else { Manner::Pieces };
    let fetched = fetch::retry_gap(session, mailbox, intake, uid, manner).await;
    let reason = match &fetched {
        Ok(batch) => batch.gaps.first().map(|(_, reason)| reason.clone()),
        Err(error) => Some(fetch::failed(error)),
    };
    if let Some(reason) = &reason {
        explain(app, gap, reason).await?;
    }
    match fetched {
        Ok(batch) => {
            standing.tried_gap();
            if reason.is_none() {
                info!(mailbox.id = %mailbox.id, "a message of mailbox {} that was missing is there", mailbox.id);
            }
            Ok(Some(batch).filter(|_| reason.is_none()))
        }
        Err(error) if error.is_survivable() => {
            standing.tried_gap();
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn attempt(app: &App, gap: &Gap) -> Result<(), sqlx::Error> {
    let due_at = app.now().plus(backoff::gap(gap.attempts));
    let mut tx = app.db.write().await?;
    store::gaps::upsert(&mut tx, &Gap { due_at, ..gap.clone() }).await?;
    tx.commit().await
}

async fn explain(app: &App, gap: &Gap, reason: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::gaps::explain(&mut tx, gap, reason).await?;
    tx.commit().await
}
