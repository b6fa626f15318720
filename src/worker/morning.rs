//! The run that tells agents in the morning what waits for them, each in a transaction of their own: whoever was told
//! before it was cut short is not told again.

use tracing::error;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::morning;
use crate::store;
use crate::ticket::id::UserId;

/// Tells everybody who wants it and did not hear since `due`.
pub(crate) async fn run(app: &App, due: Timestamp) -> Result<(), DeskError> {
    let mut tx = app.db.read().await?;
    let all = store::morning_digests::list_due(&mut tx, due, future(app)).await?;
    drop(tx);
    for id in all {
        if app.tasks.is_draining() {
            return Ok(());
        }
        if let Err(error) = tell(app, id, due).await {
            error!(user.id = %id, "user {id} is not told in the morning what waits for them: {error}");
        }
    }
    Ok(())
}

async fn tell(app: &App, id: UserId, due: Timestamp) -> Result<(), DeskError> {
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    if !store::morning_digests::claim(&mut tx, id, due, future(app), now).await? {
        return Ok(());
    }
    let today = Timestamp(now.0 + Timestamp::DAY);
    morning::write(&desk, &mut tx, id, today, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A note of later than this was made by a clock that was wrong.
fn future(app: &App) -> Timestamp {
    Timestamp(app.now().0 + Timestamp::DAY)
}
