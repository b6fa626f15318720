//! Why a message became what it became: which rule matched, on what evidence.
//!
//! Written for the operator's `explain`, into the journal; never into the log.

use serde::Serialize;

/// The steps of one decision, in order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Trace(Vec<Step>);

#[derive(Clone, Debug, Serialize)]
struct Step {
    rule: &'static str,
    evidence: String,
}

/// Evidence is quoted from hostile mail; more than this explains nothing.
const LONGEST: usize = 300;

impl Trace {
    pub fn note(&mut self, rule: &'static str, evidence: impl Into<String>) {
        let mut evidence: String = evidence.into();
        if let Some((at, _)) = evidence.char_indices().nth(LONGEST) {
            evidence.truncate(at);
            evidence.push('…');
        }
        self.0.push(Step { rule, evidence });
    }

    /// As the journal keeps it.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}
