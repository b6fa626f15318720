//! Giving committed events their positions, and telling who follows them how far they can read.
//!
//! Each process places what it committed; what another one left, because it ended in between or is no daemon, is found
//! by looking now and then.

use std::time::Duration;

use tracing::error;

use crate::desk::app::App;
use crate::store::db::positions;

/// How often it is looked while somebody waits for events, and while nobody does.
const FOLLOWED: Duration = Duration::from_millis(200);
const UNFOLLOWED: Duration = Duration::from_secs(1);
/// After a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// Places events until the process drains. Commits are reacted to only while somebody waits: they are many.
pub async fn run(app: App) {
    while !app.tasks.is_draining() {
        let is_followed = app.wake.is_followed();
        if is_followed || app.db.is_shared() {
            match place(&app).await {
                Ok(position) => app.wake.placed(position),
                Err(error) => {
                    error!("events wait for their positions: {error}");
                    app.tasks.pause(PAUSE).await;
                }
            }
        }
        tokio::select! {
            () = app.wake.events_woken(), if is_followed => {}
            () = tokio::time::sleep(if is_followed { FOLLOWED } else { UNFOLLOWED }) => {}
            () = app.tasks.draining() => {}
        }
    }
}

/// Places all that is committed; says up to where events can be read.
pub async fn place(app: &App) -> Result<i64, sqlx::Error> {
    loop {
        let reach = positions::reach(&mut app.db.look().await?).await?;
        if !reach.is_any_unplaced {
            return Ok(reach.last);
        }
        let mut tx = app.db.write().await?;
        positions::place(&mut tx).await?;
        tx.commit().await?;
    }
}
