//! `/healthz`, `/readyz` and `/metrics`: what a supervisor and a monitoring system ask; and `/openapi.json`.
//!
//! Answers tell states and counts, never names or addresses.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::clock::MOST_SKEW;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::relay;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::current::Current;
use crate::http::server::Server;
use crate::store;
use crate::store::channels::AccountState;
use crate::store::db;
use crate::store::migrate;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> Answer {
    Answer::text("ok\n")
}

/// `GET /metrics`: the numbers in Prometheus' text format.
pub(crate) async fn metrics(State(server): State<Server>) -> Answer {
    Answer::of("text/plain; version=0.0.4; charset=utf-8", (server.render)())
}

/// `GET /openapi.json`: the document of both APIs.
pub(crate) async fn document(State(server): State<Server>) -> Answer {
    Answer::of(answer::JSON, &*server.document)
}

/// `GET /readyz`: whether calls would work now, the database can be written, and answers leave. A mailbox that fails is told, and is no reason to be
/// unready.
pub(crate) async fn ready(State(server): State<Server>, Current(desk): Current) -> Answer {
    let checks = check(&server, &desk).await.unwrap_or_else(|error| {
        let error = server.app.db.wrong().unwrap_or_else(|| error.to_string());
        tracing::warn!("not ready: {error}");
        Checks { database: "does not answer".to_owned(), ..Checks::default() }
    });
    let works = [&checks.database, &checks.schema, &checks.clock].iter().all(|word| *word == "ok");
    let is_well = works && checks.refused_senders == 0 && checks.resting_accounts == 0;
    let (status, word) = match (server.app.tasks.is_draining(), is_well) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
        (false, true) => (StatusCode::OK, "ready"),
        (false, false) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    Answer::json(&Readiness { checks, status: word }).with_status(status)
}

/// The answer, in the order of its keys.
#[derive(Serialize)]
struct Readiness {
    #[serde(flatten)]
    checks: Checks,
    status: &'static str,
}

#[derive(Default, Serialize)]
struct Checks {
    clock: String,
    database: String,
    failing_mailboxes: i64,
    /// Addresses whose mail waits, because their server refuses all of it.
    refused_senders: usize,
    /// Accounts whose server cannot be reached or turns us away.
    resting_accounts: usize,
    schema: String,
}

async fn check(server: &Server, desk: &Desk) -> Result<Checks, anyhow::Error> {
    let schema = match migrate::require_current(&server.app.db).await {
        Ok(()) => "ok".to_owned(),
        Err(migrate::MigrateError::Database(error)) => return Err(error.into()),
        Err(error) => error.to_string(),
    };
    let mut tx = server.app.db.read().await?;
    let here = server.app.now();
    let skew = db::now(&mut tx, here).await?.0.saturating_sub(here.0).saturating_abs();
    // The clock tells the database's time where this machine's is wrong.
    let skew = skew.max(server.app.clock.corrected_by());
    let clock = if skew < MOST_SKEW {
        "ok".to_owned()
    } else {
        format!("{} s from the database's", skew / Timestamp::SECOND)
    };
    let (mut failing_mailboxes, mut refused_senders, mut resting_accounts) = (0, 0, 0);
    if schema == "ok" {
        failing_mailboxes = store::mailboxes::count_failing(&mut tx).await?;
        refused_senders = relay::paused(desk, &mut tx).await?.len();
        let declared = |account: &str| desk.config.smtp_account(account).is_some();
        let channels = store::channels::list(&mut tx).await?;
        let rests = |channel: &&AccountState| channel.paused_until > here && declared(&channel.account);
        resting_accounts = channels.iter().filter(rests).count();
    }
    tx.commit().await?;
    // A disk that is full or read-only, or a file that is gone, still lets itself be read.
    let mut tx = server.app.db.write().await?;
    store::schedules::note(&mut tx, "readyz", here).await?;
    tx.commit().await?;
    let database = "ok".to_owned();
    Ok(Checks { clock, database, failing_mailboxes, refused_senders, resting_accounts, schema })
}
