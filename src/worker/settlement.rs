//! What the end of an attempt means for a mail. Pure but for the spread of retries.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::suppress::Believed;
use crate::desk::suppress::Failure;
use crate::mail::classify::BounceKind;
use crate::mail::classify::blame::Blame;
use crate::mail::classify::status;
use crate::mail::delivery::State;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Stage;
use crate::store::outbox::Outgoing;
use crate::worker::backoff;

/// When a mail is sent again that was not answered: whatever kept the answer may be over by then.
const AGAIN: Duration = Duration::from_mins(5);

/// A mail that really waited for days was tried so often, by far; one that was not only looks old to a clock that is
/// ahead.
const FEWEST_TRIES: i64 = 10;

/// What an outcome means for the row.
#[derive(Debug)]
pub struct Decision {
    pub state: State,
    pub due_at: Timestamp,
    pub unclear: i64,
    pub relay_id: Option<String>,
    pub answer: String,
    /// The author is told now that it takes longer.
    pub(crate) warns: bool,
    /// The server refuses us, not the recipient.
    pub(crate) about_us: bool,
}

/// Reads an outcome: sent, tried again, given up, or unknown.
pub fn decide(desk: &Desk, row: &Outgoing, outcome: Outcome, unclear: i64, now: Timestamp) -> Decision {
    let delivery = &desk.config.delivery;
    let age = now.since(row.created_at);
    let base = Decision {
        state: State::Queued,
        due_at: now,
        unclear,
        relay_id: None,
        answer: String::new(),
        warns: false,
        about_us: false,
    };
    let later = backoff::delivery(row.attempts, now, desk.ids.below(u64::MAX));
    match outcome {
        Outcome::Sent { answer } => {
            Decision { state: State::Sent, relay_id: relay_id(&answer), answer, ..base }
        }
        Outcome::Rejected(refusal) if !is_alert(row) => {
            Decision { state: State::Rejected, answer: refusal.to_string(), ..base }
        }
        Outcome::Unclear if unclear > 0 && !is_alert(row) => Decision {
            state: State::Unknown,
            answer: "no answer after the text was sent, twice".to_owned(),
            ..base
        },
        Outcome::Unclear => {
            let answer = "no answer after the text was sent".to_owned();
            let due_at = later.max(now.plus(AGAIN));
            Decision { unclear: 1, due_at, answer, ..base }
        }
        Outcome::Deferred(refusal)
            if age > delivery.give_up && row.attempts >= FEWEST_TRIES && !is_alert(row) =>
        {
            Decision { state: State::Rejected, answer: format!("given up: {refusal}"), ..base }
        }
        Outcome::Deferred(refusal) | Outcome::Rejected(refusal) => {
            let due_at = later;
            let warns = age > delivery.warn_after && row.warned_at.is_none();
            Decision { due_at, answer: refusal.to_string(), warns, ..base }
        }
    }
}

/// What a server's final word on a recipient means for the next mail to them.
pub fn failure(row: &Outgoing, outcome: &Outcome) -> Option<Failure> {
    let Outcome::Rejected(refusal) = outcome else { return None };
    if is_alert(row) {
        return None;
    }
    refusal.code?;
    let status = refusal.status();
    let kind = status::kind(&status, &refusal.text);
    // What does not say whom it is about is shown, and blamed on nobody.
    let believed = match refusal.blame() {
        Blame::Recipient | Blame::Message => Believed::Surely,
        Blame::Us | Blame::Nobody => Believed::Perhaps,
    };
    // What is said of the text is not about the address, unless its mailbox is full.
    let about_recipient = refusal.stage == Stage::Recipient || kind == BounceKind::MailboxFull;
    about_recipient.then(|| Failure { kind, status, answer: refusal.to_string(), believed, inbox_id: None })
}

/// A word to the operators is tried until it is delivered: it may be about what keeps it.
fn is_alert(row: &Outgoing) -> bool {
    row.event == "alert"
}

/// Some relays give the mail an id of their own and name it in their answer.
fn relay_id(answer: &str) -> Option<String> {
    let inside = answer.split_once('<')?.1.split_once('>')?.0;
    (inside.contains('@') && inside.len() < 250 && inside.chars().all(|c| c.is_ascii_graphic()))
        .then(|| inside.to_owned())
}
