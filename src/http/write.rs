//! Calls that change something: each in one transaction, and in a task of its own.
//!
//! A client that hangs up ends its request, not the task: what is committed is also told to delivery.

use std::future::Future;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::app::App;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::once::Once;
use crate::http::server::Server;
use crate::store::db::Tx;
use crate::tasks;

/// Two calls that deadlock again and again are more than bad luck.
const MOST_ATTEMPTS: usize = 5;

/// What a call does inside its transaction, perhaps more than once: an error leaves nothing behind.
pub(crate) trait Write<A = Answer, E = ApiError>: Send + Sync + 'static {
    fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> impl Future<Output = Result<A, E>> + Send;
}

/// Why a call that changes something failed.
pub(crate) trait Failure: From<ApiError> + Send + 'static {
    /// Two calls were in each other's way, and the next attempt may go well.
    fn is_conflict(&self) -> bool;
}

impl Failure for ApiError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}

/// A call that is done once for each `Idempotency-Key`.
#[derive(Debug)]
pub(crate) struct Repeatable<W> {
    pub(crate) work: W,
    pub(crate) once: Option<Once>,
}

/// Does it, whether or not its client still waits; `size` is how many bytes it brings in.
pub(crate) async fn carry_out<A: Send + 'static, E: Failure, W: Write<A, E>>(
    server: &Server,
    desk: Arc<Desk>,
    size: usize,
    work: W,
) -> Result<A, E> {
    let place = server.gate.pass().await;
    let app = server.app.clone();
    let attempts = Box::pin(async move {
        let _place = place;
        for _ in 1..MOST_ATTEMPTS {
            match attempt(&app, &desk, &work).await {
                Err(error) if error.is_conflict() => {}
                outcome => return outcome,
            }
        }
        attempt(&app, &desk, &work).await
    });
    let done = server.app.tasks.spawn(tasks::carry(size, attempts)).await;
    done.flatten().unwrap_or_else(|_| {
        tracing::error!("a call that changes something panicked");
        Err(ApiError::Internal.into())
    })
}

async fn attempt<A, E: Failure, W: Write<A, E>>(app: &App, desk: &Desk, work: &W) -> Result<A, E> {
    let mut tx = app.db.write().await.map_err(ApiError::from)?;
    match work.run(desk, &mut tx, app.now()).await {
        Ok(answer) => {
            tx.commit().await.map_err(ApiError::from)?;
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

impl<W: Write> Write for Repeatable<W> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let Some(once) = &self.once else { return self.work.run(desk, tx, now).await };
        if let Some(first) = once.begin(tx, now).await? {
            return Ok(first);
        }
        let answer = self.work.run(desk, tx, now).await?;
        once.finish(tx, &answer).await?;
        Ok(answer)
    }
}
