//! `#nospam` in the answer to the mail that told an agent what became of spam: its mails are handled again.
//!
//! Only such an answer is believed: what waits as spam was written by strangers, and becomes a ticket by it.

use crate::desk::DeskError;
use crate::desk::ignore;
use crate::desk::receive::case::Case;
use crate::desk::receive::junk;
use crate::desk::receive::look::RELEASED;
use crate::desk::spam;
use crate::email::Email;
use crate::mail::journal::Became;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::id::InboxId;
use crate::ticket::person::User;
use crate::ticket::question::Taken;

impl Case<'_> {
    /// Takes a judgement back, as far as the report has it that the mail answers; says what came of it.
    pub(super) async fn no_spam(
        &self,
        tx: &mut Tx,
        author: &User,
        taken: &Taken,
    ) -> Result<Sentence, DeskError> {
        if !self.answers_report(tx, author).await? {
            return Ok(Sentence::new("note.nospam_where"));
        }
        let mut released = 0;
        for &id in &taken.messages {
            released += usize::from(self.release(tx, id).await?);
        }
        let heard = match &taken.address {
            Some(address) => ignore::remove(tx, address).await? > 0,
            None => false,
        };
        Ok(match released {
            0 if !heard => Sentence::new("note.nospam_nothing"),
            count => Sentence::new("note.nospam_done").with("count", &count),
        })
    }

    /// Whether it answers a report of spam that was sent to its author.
    async fn answers_report(&self, tx: &mut Tx, author: &User) -> Result<bool, sqlx::Error> {
        for (token, _) in self.keys.tokens.iter().filter(|(token, _)| token.purpose == Purpose::AgentReply) {
            let Some(row) = store::outbox::find_by_key(tx, token.row).await? else { continue };
            let recipient = Email::key_of(&row.recipient);
            // It is about no ticket: that is gone.
            let is_ours = token.is_genuine(&self.desk.keys.ring(), "", &recipient);
            if row.event == junk::REASON && is_ours && author.has_address(&recipient) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn release(&self, tx: &mut Tx, id: InboxId) -> Result<bool, sqlx::Error> {
        let found = store::inbox::find(tx, id).await?;
        let waits = found.is_some_and(|row| {
            row.outcome == Some(Became::Suspended) && row.reason.as_deref() == Some(spam::REASON)
        });
        Ok(waits && store::inbox::reopen(tx, id, Became::Suspended, RELEASED).await?)
    }
}
