//! Parsing beside the loops: on a blocking thread, with a limit of time, and with panics caught.
//!
//! Nothing is stored here; a message that cannot be read is quarantined by the caller.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::time::Duration;

use bytes::Bytes;

use crate::desk::app::App;
use crate::desk::receive::understood::Understood;
use crate::mail::classify::Own;
use crate::mail::classify::judge;
use crate::mail::parse;
use crate::mail::parse::Limits;

/// A message that was understood, or why not.
pub type Parsed = Result<Understood, String>;

/// Parses on another thread; a panic or a run over time is that message's own fault.
pub async fn all(app: &App, raws: &[Bytes]) -> Vec<Parsed> {
    let desk = app.desk();
    let own = desk.directory.own().clone();
    let limit = desk.config.intake.parse_limit;
    if let [raw] = raws {
        return vec![one(own, raw.clone(), limit).await];
    }
    let batch = raws.to_vec();
    let shared_own = own.clone();
    let all =
        tokio::task::spawn_blocking(move || batch.iter().map(|raw| understand(raw, &shared_own)).collect());
    if let Ok(Ok(parsed)) = tokio::time::timeout(limit, all).await {
        parsed
    } else {
        let mut parsed = Vec::with_capacity(raws.len());
        for raw in raws {
            parsed.push(one(own.clone(), raw.clone(), limit).await);
        }
        parsed
    }
}

async fn one(own: Own, raw: Bytes, limit: Duration) -> Parsed {
    let task = tokio::task::spawn_blocking(move || understand(&raw, &own));
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(parsed)) => parsed,
        Ok(Err(_)) => Err("reading it failed".to_owned()),
        Err(_) => Err("reading it took too long".to_owned()),
    }
}

fn understand(raw: &[u8], own: &Own) -> Parsed {
    let read = AssertUnwindSafe(|| {
        let mail = parse::parse(raw, &Limits::default());
        let verdict = judge::judge(&mail, own);
        Understood::of(mail, verdict)
    });
    catch_unwind(read).map_err(|_| "reading it failed".to_owned())
}
