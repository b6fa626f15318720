//! The pulse of a daemon on a shared database: it shows that it lives, sets its clock by the database's, and takes back
//! what the dead hold.
//!
//! Who is only silent may go on where it was: of such, nothing is taken that they have begun to hand over.

use std::time::Duration;

use tracing::info;
use tracing::warn;

use crate::clock;
use crate::clock::MOST_SKEW;
use crate::clock::Timestamp;
use crate::daemon::process;
use crate::desk::app::App;
use crate::store;
use crate::store::db::Tx;
use crate::store::processes::Known;
use crate::store::processes::Process;

const BEAT: Duration = Duration::from_secs(5);
/// A process that is not found on this machine and was silent for so long is dead: the name of a machine may be
/// another's too, but not the silence.
const DEAD: i64 = 15 * Timestamp::SECOND;
/// A process anywhere that was silent for so long does not send what it has claimed.
const SILENT: i64 = 90 * Timestamp::SECOND;
/// A row of a process that nobody can look for is kept so long.
const FORGOTTEN: i64 = Timestamp::DAY;

/// Beats until the process drains.
pub(super) async fn run(app: App, process: Process) {
    while app.tasks.pause(BEAT).await {
        if let Err(error) = beat(&app, &process).await {
            warn!("the other processes do not hear of this one: {error}");
        }
    }
}

/// Shows that this process lives, and takes back what others hold that do not.
pub(super) async fn beat(app: &App, process: &Process) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    let now = set_clock(app, &mut tx).await?;
    store::processes::see(&mut tx, process, now).await?;
    for other in store::processes::list(&mut tx).await? {
        if other.name != process.name {
            bury(app, &mut tx, &other, now).await?;
        }
    }
    tx.commit().await?;
    app.wake.delivery();
    Ok(())
}

/// Gives the database's time, and has the clock tell it where this machine's is wrong.
async fn set_clock(app: &App, tx: &mut Tx) -> Result<Timestamp, sqlx::Error> {
    let before = app.now();
    let there = store::db::now(tx, before).await?;
    // Somewhere between the question and the answer.
    let here = Timestamp(before.0.midpoint(app.now().0));
    let ahead = there.0.saturating_sub(here.0);
    if app.db.is_shared() && ahead.saturating_abs() > MOST_SKEW {
        let was = clock::ahead();
        clock::set_ahead(was.saturating_add(ahead));
        if clock::ahead().saturating_abs() > MOST_SKEW {
            let seconds = clock::ahead().saturating_abs() / Timestamp::SECOND;
            warn!(
                "this machine's clock is {seconds} s from the database's: this process sends nothing until it is set"
            );
        } else {
            clock::set_ahead(0);
            info!("this machine's clock agrees with the database's again");
        }
    }
    Ok(there)
}

async fn bury(app: &App, tx: &mut Tx, other: &Known, now: Timestamp) -> Result<(), sqlx::Error> {
    let silence = now.0.saturating_sub(other.seen_at.0);
    let is_dead = !app.db.is_shared() || silence > DEAD && process::is_gone(other);
    if is_dead {
        info!("process {} is dead; what it held is taken up", other.pid);
        store::mailboxes::release_of(tx, &other.name).await?;
        store::outbox::LEASES.release_of(tx, &other.name).await?;
        store::partner_outbox::LEASES.release_of(tx, &other.name).await?;
        store::partner_files::LEASES.release_of(tx, &other.name).await?;
    } else if silence > SILENT {
        store::outbox::turns::release_unstarted(tx, &other.name).await?;
    }
    if is_dead || silence > FORGOTTEN {
        store::processes::delete(tx, &other.name).await?;
    }
    Ok(())
}
