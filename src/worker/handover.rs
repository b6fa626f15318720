//! The small steps around one delivery: the text of the mail, and the commits before and instead of sending.
//!
//! Speaks to no server.

use crate::clock::Timestamp;
use crate::crash;
use crate::desk::app::App;
use crate::desk::outgoing;
use crate::mail::compose::ComposeError;
use crate::mail::compose::Draft;
use crate::mail::compose::Files;
use crate::mail::compose::SharedBody;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::tasks;
use crate::ticket::id::BlobId;
use crate::ticket::id::FollowupId;

/// Why the text of a mail must not leave now.
#[derive(Debug)]
pub(crate) enum StartError {
    /// Another process has the mail.
    Lost,
    Store(sqlx::Error),
}

impl From<sqlx::Error> for StartError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error)
    }
}

/// From the commit of this on, the mail may be at its recipient.
pub async fn start_data(app: &App, row: &Outgoing, unclear: i64) -> Result<(), StartError> {
    let mut tx = app.db.write_one().await?;
    crash::point("delivery.data.before_commit");
    if !store::outbox::start_data(&mut tx, row.id, row.attempts, unclear, app.now()).await? {
        return Err(StartError::Lost);
    }
    crash::point("delivery.data.after_commit");
    Ok(())
}

/// The mail as it goes out.
#[derive(Debug)]
pub(crate) struct Composed {
    pub raw: Vec<u8>,
    /// The address in its From.
    pub from: String,
}

/// After a refusal of the text: the next attempt must not take this one for unclear.
pub async fn withdraw_data(app: &App, row: &Outgoing) -> Result<(), StartError> {
    let mut tx = app.db.write_one().await?;
    let withdrawn = store::outbox::turns::withdraw_data(&mut tx, row.id, row.attempts).await?;
    if withdrawn { Ok(()) } else { Err(StartError::Lost) }
}

/// The mail as it goes out, with its attachments. A large one is written on a thread where it holds up nobody.
pub async fn compose(app: &App, row: &Outgoing) -> Result<Result<Composed, ComposeError>, sqlx::Error> {
    let content = row.content.clone();
    let thawed = tasks::aside_if_large(content.len(), move || Draft::thaw(&content)).await;
    let draft = match thawed.unwrap_or(Err(ComposeError::Failed)) {
        Ok(draft) => draft,
        Err(error) => return Ok(Err(error)),
    };
    let Some((bodies, files)) = stored(app, &draft).await? else {
        return Ok(Err(ComposeError::Incomplete));
    };
    let from = draft.from.clone();
    // What is stored elsewhere is large.
    let is_whole = bodies.is_empty() && files.text.is_empty() && files.attachments.is_empty();
    let size = if is_whole { row.content.len() } else { usize::MAX };
    let raw = tasks::aside_if_large(size, move || draft.filled(&bodies).compose(files)).await;
    let raw = raw.unwrap_or(Err(ComposeError::Failed));
    Ok(raw.map(|raw| Composed { raw, from }))
}

/// What of a mail is stored elsewhere; none where words of it are missing. Most mails are whole, and ask for nothing.
async fn stored(app: &App, draft: &Draft) -> Result<Option<(Vec<SharedBody>, Files)>, sqlx::Error> {
    if draft.bodies.is_empty() && !draft.has_files() {
        return Ok(Some((Vec::new(), Files::default())));
    }
    let mut tx = app.db.read().await?;
    let Some(bodies) = outgoing::bodies(&mut tx, draft).await? else { return Ok(None) };
    Ok(Some((bodies, files(&mut tx, draft).await?)))
}

async fn files(tx: &mut Tx, draft: &Draft) -> Result<Files, sqlx::Error> {
    let mut files = Files::default();
    if let Some(entry) = draft.whole_text {
        files.text = store::followups::find_new_text(tx, FollowupId(entry)).await?.unwrap_or_default();
    }
    if let Some(entry) = draft.full_text {
        files.full = store::followups::find_text(tx, FollowupId(entry)).await?.unwrap_or_default();
    }
    for enclosure in &draft.attachments {
        let bytes = store::blobs::read(tx, BlobId(enclosure.blob)).await?;
        files.attachments.push(bytes.unwrap_or_default());
    }
    Ok(files)
}

/// Lets go of mails that were claimed and not tried.
pub async fn give_back(app: &App, rows: &[Outgoing], due_at: Timestamp) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    for row in rows {
        store::outbox::give_back(&mut tx, row.id, row.attempts, due_at).await?;
    }
    crash::point("delivery.give_back.before_commit");
    tx.commit().await?;
    crash::point("delivery.give_back.after_commit");
    Ok(())
}
