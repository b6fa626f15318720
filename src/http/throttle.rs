//! Failed log-ins: counted by account and by address, across processes and restarts, and refused when there
//! are too many.
//!
//! Does not know how a log-in is proved.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use metrics::counter;

use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::store;
use crate::store::db::Tx;

/// Failures are counted for so long from the first.
const WINDOW: Duration = Duration::from_mins(15);
/// Guesses at one account, from everywhere.
const MOST_PER_ACCOUNT: i64 = 10;
/// Guesses from one address, at all accounts; offices and proxies share one.
const MOST_PER_ORIGIN: i64 = 50;
/// From where an account logged in within this time, strangers' failures do not count against it.
const KNOWN: Duration = Duration::from_hours(30 * 24);
/// A log-in from a known address is written down this often.
const REFRESH: Duration = Duration::from_hours(24);
/// Log-ins that are remembered in memory; more are asked about again.
const MOST_REMEMBERED: usize = 10_000;

/// Whose log-in is tried, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Attempt {
    /// The API that is tried: guesses at passwords do not shut out a neighbour's program with a key.
    pub(crate) api: &'static str,
    /// `user:7`, `token:3`, or a digest of a name that nobody has.
    pub(crate) account: String,
    pub(crate) origin: String,
}

/// What came of an attempt, as the metrics call it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Accepted,
    Failed,
    Throttled,
}

/// Successful log-ins that are written down already.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    noted: Mutex<HashMap<Attempt, Timestamp>>,
}

/// How often it went wrong lately.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failures {
    pub(crate) of_account: i64,
    pub(crate) of_origin: i64,
}

impl Failures {
    /// Those that count against an attempt now.
    pub(crate) async fn of(tx: &mut Tx, attempt: &Attempt, now: Timestamp) -> Result<Self, sqlx::Error> {
        let origin = subject_of_origin(attempt.api, &attempt.origin);
        let found = store::login_failures::list(tx, (&attempt.account, &origin), cutoff(now)).await?;
        let count = |subject: &str| {
            found.iter().find(|(named, _)| named == subject).map_or(0, |(_, failures)| *failures)
        };
        Ok(Self { of_account: count(&attempt.account), of_origin: count(&origin) })
    }
}

/// As what the failures from an address at one API are counted.
pub(crate) fn subject_of_origin(api: &str, origin: &str) -> String {
    format!("{api} from {origin}")
}

/// Failures that began before count no longer.
pub(crate) fn cutoff(now: Timestamp) -> Timestamp {
    now.minus(WINDOW)
}

impl Throttle {
    /// Whether an attempt after these failures must be refused without a look at its proof.
    pub(crate) async fn is_refused(
        &self,
        tx: &mut Tx,
        attempt: &Attempt,
        failures: Failures,
        now: Timestamp,
    ) -> Result<bool, sqlx::Error> {
        if failures.of_origin >= MOST_PER_ORIGIN {
            return Ok(true);
        }
        if failures.of_account < MOST_PER_ACCOUNT {
            return Ok(false);
        }
        let last = store::login_origins::find(tx, &attempt.account, &attempt.origin).await?;
        Ok(last.is_none_or(|at| at < now.minus(KNOWN)))
    }

    /// Counts a failure.
    pub(crate) async fn failed(&self, app: &App, attempt: &Attempt) -> Result<(), sqlx::Error> {
        let now = app.now();
        let (cutoff, origin) = (cutoff(now), subject_of_origin(attempt.api, &attempt.origin));
        let mut tx = app.db.write().await?;
        store::login_failures::add(&mut tx, &attempt.account, cutoff, now).await?;
        store::login_failures::add(&mut tx, &origin, cutoff, now).await?;
        tx.commit().await
    }

    /// Notes from where an account logged in, once a day.
    pub(crate) async fn succeeded(&self, app: &App, attempt: Attempt) -> Result<(), sqlx::Error> {
        let now = app.now();
        let lock = || self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if lock().get(&attempt).is_some_and(|at| *at > now.minus(REFRESH)) {
            return Ok(());
        }
        let mut tx = app.db.write().await?;
        store::login_origins::upsert(&mut tx, &attempt.account, &attempt.origin, now).await?;
        tx.commit().await?;
        let mut noted = lock();
        if noted.len() >= MOST_REMEMBERED {
            noted.clear();
        }
        noted.insert(attempt, now);
        Ok(())
    }
}

/// Forgets what no longer counts.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    store::login_failures::delete_before(tx, cutoff(now)).await?;
    store::login_origins::delete_before(tx, now.minus(KNOWN)).await?;
    Ok(())
}

/// Counts an attempt in the metrics.
pub(crate) fn count(attempt: &Attempt, outcome: Outcome) {
    let outcome = match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Failed => "failed",
        Outcome::Throttled => "throttled",
    };
    counter!("helpdeskd_logins_total", "api" => attempt.api, "outcome" => outcome).increment(1);
}
