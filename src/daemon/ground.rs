//! What the daemon stands on: the file of its database, looked at every second, and written to now and then.
//!
//! A file that is gone or another's is never written to again. Nothing of it is mended here.

use std::process;
use std::time::Duration;

use tracing::error;
use tracing::info;
use tracing::warn;

use crate::desk::app::App;
use crate::store;
use crate::store::database_file::Lost;

/// Looks between two trials to write.
const LOOKS: u32 = 15;
/// How long the end waits for what is under way.
const LAST: Duration = Duration::from_secs(5);
/// How the process ends that cannot let go of its database in order: `EX_IOERR` of sysexits(3).
const EX_IOERR: i32 = 74;

/// What was found out so far.
#[derive(Debug, Default)]
pub(super) struct Ground {
    looks: u32,
    /// What was said last, so that it is said once.
    complaint: Option<String>,
    is_deleted: bool,
}

impl Ground {
    /// Whether the process must end: its database is not there any more, and another one is.
    pub(super) async fn look(&mut self, app: &App) -> Option<Lost> {
        match app.db.lost() {
            Some(lost @ Lost::Deleted(_)) => {
                if !std::mem::replace(&mut self.is_deleted, true) {
                    self.keep(app, &lost).await;
                }
                return None;
            }
            Some(lost) => return Some(lost),
            None => {}
        }
        if std::mem::take(&mut self.is_deleted) {
            info!("the database's file is back");
        }
        self.looks += 1;
        if app.db.file().is_some() && self.looks.is_multiple_of(LOOKS) {
            self.try_to_write(app).await;
        }
        None
    }

    /// Nobody else has what is in a deleted file: it is made complete, and stays as long as the process does.
    async fn keep(&self, app: &App, lost: &Lost) {
        if let Err(error) = app.db.settle_log().await {
            warn!("the deleted database is not complete without the log beside it: {error}");
        }
        let place =
            app.db.file().and_then(store::database_file::DatabaseFile::remains_at).unwrap_or_default();
        error!(
            "{lost}: nothing is taken from mailboxes or sent. As long as this process lives its content is in {place}: \
             copy that, end the process, put the copy in the file's place, and start again"
        );
    }

    async fn try_to_write(&mut self, app: &App) {
        let written = async {
            let mut tx = app.db.write().await?;
            store::schedules::note(&mut tx, "ground", app.now()).await?;
            tx.commit().await
        };
        let complaint = match written.await {
            Ok(()) => None,
            Err(error) => {
                Some(app.db.wrong().unwrap_or_else(|| format!("the database cannot be written: {error}")))
            }
        };
        match (&self.complaint, &complaint) {
            (before, Some(now)) if before.as_ref() != Some(now) => error!("{now}"),
            (Some(_), None) => info!("the database can be written again"),
            _ => {}
        }
        self.complaint = complaint;
    }
}

/// Lets go of a database whose file another one has taken the place of. Gives the error with which the process ends.
pub(super) async fn leave(app: &App, lost: Lost) -> anyhow::Error {
    error!("{lost}: this process ends, and writes nothing to it");
    app.tasks.drain();
    let is_moved = matches!(lost, Lost::Replaced(_));
    let closing = async {
        app.db.settle_log().await?;
        app.db.close().await;
        Ok::<_, sqlx::Error>(())
    };
    // Into a file that was moved away belongs what the log has for it; into one that was overwritten SQLite must not
    // write it, as it would when it is closed.
    let is_closed = is_moved && matches!(tokio::time::timeout(LAST, closing).await, Ok(Ok(())));
    match app.db.file().map(|file| file.set_log_aside(app.now().0)) {
        Some(Ok(Some(aside))) => error!("what was not yet in the file is in {}", aside.display()),
        Some(Err(error)) => warn!("the log of the lost database cannot be set aside: {error}"),
        _ => {}
    }
    if is_closed { lost.into() } else { process::exit(EX_IOERR) }
}
