//! A report of mail that did not arrive: its rows, and the note on the ticket. Nobody outside is mailed.

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::bounce;
use crate::desk::bounce::Report;
use crate::desk::bounce::Returned;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::locale;
use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::suppress;
use crate::desk::suppress::Believed;
use crate::desk::suppress::Failure;
use crate::desk::table;
use crate::desk::trace::Trace;
use crate::desk::undelivered;
use crate::desk::volume;
use crate::mail::classify::Class;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::status::Status;

impl Case<'_> {
    /// Whether this is a report about deliveries.
    pub(super) fn is_delivery_report(&self) -> bool {
        matches!(self.verdict.class, Class::Bounce | Class::Delay)
    }

    /// Takes a report of mail that we sent; gives the trace back when it is about nothing of ours.
    pub(super) async fn bounced(
        &self,
        tx: &mut Tx,
        mut trace: Trace,
    ) -> Result<Result<Done, Trace>, DeskError> {
        let report = Report { mail: self.mail, verdict: self.verdict, authentication: self.authentication };
        let returned = bounce::correlate(self.desk, tx, report, &mut trace, self.now).await?;
        let mut done = None;
        for one in &returned {
            let kind = suppress::word(one.said.kind);
            if one.believed == Believed::Perhaps {
                trace.note("not suppressed", "the report shows nothing that others cannot know");
            }
            let ticket_id = if self.note_failure(tx, one).await? {
                self.on_returned(tx, one).await?
            } else {
                trace.note("repeated", format!("the failure of mail {} is known", one.row.id));
                one.row.ticket_id
            };
            done.get_or_insert((kind, ticket_id));
        }
        let Some((kind, ticket_id)) = done else { return Ok(Err(trace)) };
        if let Some(id) = ticket_id {
            self.remember(tx, id).await?;
        }
        Ok(Ok(Done { outcome: Became::Bounce, reason: Some(kind.to_owned()), ticket_id, trace }))
    }

    /// Writes what became of the mail; false if that is known.
    async fn note_failure(&self, tx: &mut Tx, one: &Returned) -> Result<bool, DeskError> {
        let failure = Failure {
            kind: one.said.kind,
            status: one.said.status.clone(),
            answer: one.said.diagnostic.clone(),
            believed: one.believed,
            inbox_id: Some(self.received.id),
        };
        if self.is_failure(one) {
            suppress::failed(self.desk, tx, &one.row, &failure, self.now).await
        } else {
            Ok(suppress::delayed(tx, &one.row, &failure, self.now).await?)
        }
    }

    fn is_failure(&self, one: &Returned) -> bool {
        self.verdict.class == Class::Bounce && one.said.action != "delayed"
    }

    /// The report as a note on the ticket; a failed answer to the customer makes it wait for us again.
    async fn on_returned(&self, tx: &mut Tx, one: &Returned) -> Result<Option<TicketId>, DeskError> {
        let Some(id) = one.row.ticket_id else { return Ok(None) };
        let Some(mut action) = Action::begin_if_there(tx, &Actor::desk(), id).await? else {
            return Ok(None);
        };
        let sentence = self.sentence(tx, one).await?;
        let locale = locale::of_agents(self.desk, action.ticket.queue_id);
        let said = self.desk.templates.sentence(&locale, &sentence);
        let text = format!("{said}\n\n{}", self.words.text);
        let words = Prepared::received(Message { text, new_text: Some(said), ..Message::clone(&self.words) });
        let entry = Entry {
            kind: EntryKind::Bounce,
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: Some(&self.origin),
        };
        let written =
            entry::write(self.desk, tx, (action.ticket.id, &action.actor), &entry, self.now).await?;
        let row = one.row.id.to_string();
        action.add(Event::added(Kind::DeliveryFailed, "bounce", row).by_entry(written.id));
        let to_submitter = one.row.user_id.is_some() && one.row.user_id == action.ticket.submitter_id;
        if self.is_failure(one) && to_submitter {
            self.needs_attention(tx, &mut action, one.believed).await?;
        }
        if self.is_failure(one) {
            undelivered::mishap(&mut action, &one.row, table::Event::Returned, sentence);
        }
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        Ok(Some(ticket.id))
    }

    async fn needs_attention(
        &self,
        tx: &mut Tx,
        action: &mut Action,
        believed: Believed,
    ) -> Result<(), DeskError> {
        let reopens = believed == Believed::Surely
            && matches!(action.ticket.status, Status::Resolved | Status::Closed)
            && volume::may_reopen(self.desk, tx, action.ticket.id, self.authentication, self.now).await?;
        if reopens {
            let change = action.ticket.reopen(self.now);
            action.moved(change);
        }
        action.ticket.need_attention(self.now);
        Ok(())
    }

    /// Which of our mails it was, to whom, and what the server said.
    async fn sentence(&self, tx: &mut Tx, one: &Returned) -> Result<Sentence, sqlx::Error> {
        let (row, said) = (&one.row, &one.said);
        let entry = match row.followup_id {
            Some(id) => store::followups::find_time(tx, id).await?,
            None => None,
        };
        let failed = if self.is_failure(one) { "failed" } else { "" };
        let sentence = Sentence::new("note.mail_returned")
            .with("to", &row.recipient)
            .with("entry", &entry.map(|at| at.to_string()).unwrap_or_default())
            .with("written", &row.created_at)
            .with("failed", failed);
        Ok(suppress::told(sentence, "kind", suppress::word(said.kind))
            .with("status", &said.status)
            .with("words", said.diagnostic.trim()))
    }
}
