//! Calls that change something: each in one transaction, and in a task of its own.
//!
//! A client that hangs up ends its request, not the task: what is committed is also told to delivery.

use std::future::Future;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::app::App;
use crate::http::Server;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::once::Once;
use crate::store::db::Tx;
use crate::tasks;

/// Two calls that deadlock again and again are more than bad luck.
const MOST_ATTEMPTS: usize = 5;

/// What a call does inside its transaction.
pub trait Write: Send + Sync + 'static {
    /// Bytes that it brings in.
    fn size(&self) -> usize;

    fn run(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        now: Timestamp,
    ) -> impl Future<Output = Result<Answer, ApiError>> + Send;
}

/// Does it, once for each `Idempotency-Key`. An error leaves nothing behind.
pub async fn write<W: Write>(server: &Server, work: W, once: Option<Once>) -> Result<Answer, ApiError> {
    let place = server.gate.pass().await;
    let app = server.app.clone();
    let work = tasks::carry(work.size(), async move {
        let _place = place;
        for _ in 1..MOST_ATTEMPTS {
            match attempt(&app, &work, once.as_ref()).await {
                Err(ApiError::Conflict) => {}
                outcome => return outcome,
            }
        }
        attempt(&app, &work, once.as_ref()).await
    });
    let done = server.app.tasks.spawn(work).await;
    done.flatten().unwrap_or_else(|_| {
        tracing::error!("a call that changes something panicked");
        Err(ApiError::Internal)
    })
}

async fn attempt<W: Write>(app: &App, work: &W, once: Option<&Once>) -> Result<Answer, ApiError> {
    let mut tx = app.db.write().await?;
    match inside(app, &mut tx, work, once).await {
        Ok(answer) => {
            tx.commit().await?;
            app.wake.delivery();
            Ok(answer)
        }
        Err(error) => {
            // A connection that cannot roll back is closed, which does the same.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

async fn inside<W: Write>(app: &App, tx: &mut Tx, work: &W, once: Option<&Once>) -> Result<Answer, ApiError> {
    let now = app.now();
    let Some(once) = once else { return work.run(&app.desk, tx, now).await };
    if let Some(first) = once.begin(tx, now).await? {
        return Ok(first);
    }
    let answer = work.run(&app.desk, tx, now).await?;
    once.finish(tx, &answer).await?;
    Ok(answer)
}
