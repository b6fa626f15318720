//! The return path of each mail: its own secret one, or the account's address where a server takes no other.

use crate::mail::token;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Stage;
use crate::store::outbox::Outgoing;

/// What one connection's worth of sending has learned.
#[derive(Debug, Default)]
pub struct ReturnPaths {
    /// Only for as long as the process lives: a server may learn to take others.
    own_refused: bool,
}

impl ReturnPaths {
    /// Whom a mail is from; none for the null path.
    pub fn of(&self, row: &Outgoing) -> Option<String> {
        let path = &row.envelope_from;
        if path.is_empty() {
            return None;
        }
        let plain = if self.own_refused { without_token(path) } else { None };
        Some(plain.unwrap_or_else(|| path.clone()))
    }

    /// Whether a mail is to be tried once more at once: it was refused for its secret return path.
    pub fn refused(&mut self, row: &Outgoing, outcome: &Outcome) -> bool {
        let (Outcome::Deferred(refusal) | Outcome::Rejected(refusal)) = outcome else { return false };
        let final_word = refusal.stage == Stage::Sender && refusal.code.is_some_and(|code| code >= 500);
        if !final_word || self.own_refused || without_token(&row.envelope_from).is_none() {
            return false;
        }
        self.own_refused = true;
        true
    }
}

/// `support@example.com` of `support+TOKEN@example.com`.
fn without_token(address: &str) -> Option<String> {
    token::in_address(address)?;
    let (local, domain) = address.rsplit_once('@')?;
    Some(format!("{}@{domain}", local.rsplit_once('+')?.0))
}
