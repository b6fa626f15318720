//! Storms: the same request from the same sender again and again becomes one ticket, and a count.
//!
//! What is only counted is suspended: it can be looked at, released or deleted as any other such message.

use std::fmt::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::receive::Case;
use crate::desk::receive::Done;
use crate::desk::trace::Trace;
use crate::mail::thread;
use crate::store;
use crate::store::db::Tx;
use crate::store::storms::Storm;
use crate::ticket::id::TicketId;
use crate::ticket::person::address_key;

/// From this one on, requests within the time are only counted.
const MOST: usize = 10;
const WITHIN: i64 = 10 * Timestamp::MINUTE;

impl Case<'_> {
    /// Opens a ticket, unless this is one more of a storm.
    pub(super) async fn open_or_fold(&self, tx: &mut Tx, mut trace: Trace) -> Result<Done, DeskError> {
        let Some(author) = self.mail.author() else { return self.open(tx, None, trace).await };
        let sender_key = address_key(&author.address);
        let subject_key = Sha256::digest(thread::base_subject(&self.mail.subject)).to_vec();
        let known = store::storms::find(tx, self.queue.id, &sender_key, &subject_key).await?;
        let at = self.received.received_at;
        let mut arrivals = known.as_ref().map(|storm| read(&storm.arrivals)).unwrap_or_default();
        arrivals.retain(|&earlier| (at.0 - earlier).abs() < WITHIN);
        let (ticket_id, folded) = match known {
            Some(storm) if !arrivals.is_empty() => (storm.ticket_id, storm.folded),
            _ => (None, 0),
        };
        let is_storm = arrivals.len() + 1 >= MOST;
        arrivals.push(at.0);
        arrivals.drain(..arrivals.len().saturating_sub(MOST - 1));
        let mut storm = Storm {
            queue_id: self.queue.id,
            sender_key,
            subject_key,
            ticket_id,
            arrivals: write(&arrivals),
            folded,
            changed_at: self.now,
        };
        if let (true, Some(id)) = (is_storm, ticket_id) {
            trace.note(
                "storm",
                format!("the same sender wrote the same {MOST} times or more; see ticket {id}"),
            );
            storm.folded += 1;
            store::storms::upsert(tx, &storm).await?;
            if storm.folded == 1 {
                self.note_storm(tx, id).await?;
            }
            return Ok(Done {
                outcome: "suspended",
                reason: Some("storm".to_owned()),
                ticket_id: Some(id),
                trace,
            });
        }
        let done = self.open(tx, None, trace).await?;
        storm.ticket_id = ticket_id.or(done.ticket_id);
        store::storms::upsert(tx, &storm).await?;
        Ok(done)
    }

    async fn note_storm(&self, tx: &mut Tx, id: TicketId) -> Result<(), DeskError> {
        let minutes = WITHIN / Timestamp::MINUTE;
        let text = format!(
            "The sender wrote the same {MOST} times within {minutes} minutes. What comes now is counted here and \
             waits in `helpdeskd suspended list`; no more tickets are opened."
        );
        let words = Words::plain(text);
        let entry = Entry {
            kind: "storm",
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: None,
        };
        entry::write(self.desk, tx, (id, &Actor::desk()), &entry, self.now).await?;
        Ok(())
    }
}

fn read(arrivals: &str) -> Vec<i64> {
    arrivals.split(',').filter_map(|text| text.parse().ok()).collect()
}

fn write(arrivals: &[i64]) -> String {
    let mut text = String::new();
    for at in arrivals {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{at}");
    }
    text
}
