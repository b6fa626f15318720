//! Mail that goes nowhere: kept for tests, which can also say how the next ones end.
//!
//! Never used by a configuration.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::smtp::mail::Mail;
use crate::smtp::outcome::Outcome;

/// One message as it was handed over, for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub message_id: String,
    pub sender: Option<String>,
    pub recipient: String,
    pub raw: Vec<u8>,
}

/// Everything that was sent, shared by all its copies.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    sent: Vec<Sent>,
    next: VecDeque<Outcome>,
}

impl Memory {
    /// Everything that was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.with(|inner| inner.sent.clone())
    }

    /// Says how the next message for one recipient ends; unclear ones are kept as if they had arrived.
    pub fn answer(&self, outcome: Outcome) {
        self.with(|inner| inner.next.push_back(outcome));
    }

    pub fn take(&self, mail: &Mail<'_>) -> Vec<Outcome> {
        let one = |recipient: &String| {
            let sent = Sent {
                message_id: mail.message_id.to_owned(),
                sender: mail.sender.map(str::to_owned),
                recipient: recipient.clone(),
                raw: mail.raw.to_vec(),
            };
            self.with(|inner| {
                let answer = || Outcome::Sent { answer: "kept in memory".to_owned() };
                let outcome = inner.next.pop_front().unwrap_or_else(answer);
                if matches!(outcome, Outcome::Sent { .. } | Outcome::Unclear) {
                    inner.sent.push(sent);
                }
                outcome
            })
        };
        mail.recipients.iter().map(one).collect()
    }

    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
