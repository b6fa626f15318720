//! Sending what was gathered for our own people: one mail each.

use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::digest;
use crate::store;

/// Tells everybody for whom something waits; what another process told meanwhile is there no more.
pub async fn run(app: &App) -> Result<(), DeskError> {
    let mut tx = app.db.read().await?;
    let recipients = store::digest_lines::list_recipients(&mut tx).await?;
    drop(tx);
    for recipient in recipients {
        let mut tx = app.db.write().await?;
        digest::write(&app.desk(), &mut tx, &recipient, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}
