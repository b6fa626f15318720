//! Forgetting, now and then, what the APIs remember for a while only: failed log-ins and repeated calls.

use std::time::Duration;

use crate::desk::app::App;
use crate::http::once;
use crate::http::throttle;

/// Rows that wait to be forgotten count for nothing; this only keeps their tables small.
const PAUSE: Duration = Duration::from_mins(10);

/// Until the process drains.
pub async fn run(app: App) {
    while app.tasks.pause(PAUSE).await {
        if let Err(error) = step(&app).await {
            tracing::warn!("cannot forget old log-ins and calls now: {error}");
        }
    }
}

/// Forgets whatever is old enough.
pub async fn step(app: &App) -> Result<(), sqlx::Error> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    throttle::forget(&mut tx, now).await?;
    once::forget(&mut tx, now).await?;
    tx.commit().await
}
