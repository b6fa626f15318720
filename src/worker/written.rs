//! A mail as it goes over the wire, from its frozen row and the stored bytes of its attachments.

use crate::desk::app::App;
use crate::mail::compose::ComposeError;
use crate::mail::compose::Draft;
use crate::store;
use crate::store::outbox::Outgoing;
use crate::ticket::id::BlobId;

/// Writes it; the inner error is the row's own fault.
pub async fn compose(app: &App, row: &Outgoing) -> Result<Result<Vec<u8>, ComposeError>, sqlx::Error> {
    let draft = match Draft::thaw(&row.content) {
        Ok(draft) => draft,
        Err(error) => return Ok(Err(error)),
    };
    let mut bytes = Vec::with_capacity(draft.attachments.len());
    if !draft.attachments.is_empty() {
        let mut tx = app.db.read().await?;
        for enclosure in &draft.attachments {
            bytes.push(store::blobs::read(&mut tx, BlobId(enclosure.blob)).await?.unwrap_or_default());
        }
    }
    Ok(draft.compose(bytes))
}
