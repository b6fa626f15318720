//! `/healthz`, `/readyz` and `/metrics`: what a supervisor and a monitoring system ask; and `/openapi.json`.
//!
//! Answers tell states and counts, never names or addresses.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::clock::Timestamp;
use crate::desk::relay;
use crate::http::Server;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::store;
use crate::store::db;
use crate::store::migrate;

/// Leases use the database's time; a clock further off than this would take them too early or too late.
const MOST_SKEW: i64 = 5 * Timestamp::SECOND;

/// `GET /healthz`: the process answers.
pub async fn alive() -> Answer {
    Answer::text("ok\n")
}

/// `GET /metrics`: the numbers in Prometheus' text format.
pub async fn metrics(State(server): State<Server>) -> Response {
    answer::with_type(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", (server.render)())
}

/// `GET /openapi.json`: the document of both APIs.
pub async fn document(State(server): State<Server>) -> Answer {
    Answer { content_type: answer::JSON, body: server.document.to_string() }
}

/// `GET /readyz`: whether calls would work now, and answers leave. A mailbox that fails is told, and is no reason to be
/// unready.
pub async fn ready(State(server): State<Server>) -> Response {
    let checks = match check(&server).await {
        Ok(checks) => checks,
        Err(error) => {
            tracing::warn!("not ready: {error}");
            Checks { database: "does not answer".to_owned(), ..Checks::default() }
        }
    };
    let draining = server.app.tasks.is_draining();
    let works = [&checks.database, &checks.schema, &checks.clock].iter().all(|word| *word == "ok");
    let ready = !draining && works && checks.refused_senders == 0;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = match (draining, ready) {
        (true, _) => "stopping",
        (false, true) => "ready",
        (false, false) => "not ready",
    };
    let body = json!({
        "status": word,
        "database": checks.database,
        "schema": checks.schema,
        "clock": checks.clock,
        "failing_mailboxes": checks.failing_mailboxes,
        "refused_senders": checks.refused_senders,
    });
    answer::with_type(status, answer::JSON, body.to_string())
}

#[derive(Default)]
struct Checks {
    database: String,
    schema: String,
    clock: String,
    failing_mailboxes: i64,
    /// Addresses whose mail waits, because their server refuses all of it.
    refused_senders: usize,
}

async fn check(server: &Server) -> Result<Checks, anyhow::Error> {
    let schema = match migrate::require_current(&server.app.db).await {
        Ok(()) => "ok".to_owned(),
        Err(migrate::MigrateError::Database(error)) => return Err(error.into()),
        Err(error) => error.to_string(),
    };
    let mut tx = server.app.db.read().await?;
    let here = server.app.now();
    let skew = db::now(&mut tx, here).await?.0.saturating_sub(here.0).saturating_abs();
    let clock = if skew < MOST_SKEW {
        "ok".to_owned()
    } else {
        format!("{} s from the database's", skew / Timestamp::SECOND)
    };
    let (mut failing_mailboxes, mut refused_senders) = (0, 0);
    if schema == "ok" {
        failing_mailboxes = store::mailboxes::count_failing(&mut tx).await?;
        refused_senders = relay::paused(&server.app.desk, &mut tx).await?.len();
    }
    tx.commit().await?;
    Ok(Checks { database: "ok".to_owned(), schema, clock, failing_mailboxes, refused_senders })
}
