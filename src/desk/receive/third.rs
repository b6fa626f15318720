//! What a third party answers to whom an agent passed an entry on: for agents only, whatever else the mail has.

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority::Known;
use crate::desk::event;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::table;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::journal::Became;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// The journal's reason.
const REASON: &str = "third party";

impl Case<'_> {
    /// Whether the mail answers one by which an entry was passed on, whoever answers it.
    pub(super) fn answers_forward(token: Option<&Known>) -> bool {
        token.is_some_and(|token| token.purpose == Purpose::ThirdParty)
    }

    /// Whether its author, who takes no part, is one to whom something of the ticket was passed on.
    pub(super) async fn is_third_party(&self, tx: &mut Tx, ticket: TicketId) -> Result<bool, sqlx::Error> {
        let Some(author) = self.mail.author() else { return Ok(false) };
        let key = Email::key_of(&author.address);
        for id in store::tickets::splitting::list_with_merged(tx, ticket).await? {
            if store::outbox::traffic::was_forwarded(tx, id, &key).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps what they say for agents. Nothing of the ticket changes but that somebody must look.
    pub(super) async fn keep_third_party(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace
            .note("third party", "an entry of this ticket was passed on to them; their answer is for agents");
        let mut action = Action::on(&Actor::stranger(None), ticket);
        let written = self.keep_entry(tx, &mut action, EntryKind::ThirdParty, Kind::EntryPrivate).await?;
        if action.ticket.attention_at.is_none() {
            action.ticket.need_attention(self.now);
        }
        let news = self.news(table::Event::Kept, written, Sentence::new("note.third_party"));
        action.tell(News { writer: self.writer("note.writer_third_party"), ..news });
        let id = event::record(self.desk, tx, action, self.now).await?.id;
        self.remember(tx, id).await?;
        let reason = Some(REASON.to_owned());
        Ok(Done { outcome: Became::Followup, reason, ticket_id: Some(id), trace })
    }
}
