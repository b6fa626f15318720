//! An agent's answer that is kept as a draft because another agent had answered before, and `#send`, which sends it.

use std::sync::Arc;

use crate::config::queue;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::collision::Collision;
use crate::desk::command::Plan;
use crate::desk::command::report::Remark;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::draft;
use crate::desk::draft::Sending;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::desk::receive::agent::Fate;
use crate::desk::receive::case::Case;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::store::drafts::Draft;
use crate::store::drafts::NewDraft;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::draft::DraftKind;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

impl Case<'_> {
    /// Whether answers that another agent came before are kept.
    pub(super) fn holds(&self, ticket: &Ticket) -> bool {
        let queue = self.desk.directory.queue(ticket.queue_id).map_or(self.queue, |queue| queue);
        queue.config.collision == queue::Collision::Hold
    }

    /// Keeps what would go out as a draft, and as a note for the others. Nothing leaves to the customer.
    pub(super) async fn hold(
        &mut self,
        tx: &mut Tx,
        action: &mut Action,
        text: String,
        plan: &mut Plan,
        collision: &Collision,
    ) -> Result<Fate, DeskError> {
        let mut text = text;
        if plan.visibility == Visibility::Private {
            self.note_below(tx, action, std::mem::take(&mut text)).await?;
        }
        let words = self.own_words(text, plan);
        let entry = Entry {
            kind: EntryKind::Withheld,
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: Some(&self.origin),
        };
        let written =
            entry::write(self.desk, tx, (action.ticket.id, &action.actor), &entry, self.now).await?;
        let status = plan.status.take().map(|(line, status)| {
            plan.refuse(&line, Sentence::new("reply.kept_back"));
            status
        });
        if let Some(author) = action.actor.id() {
            let new = NewDraft {
                owner_id: author,
                ticket_id: action.ticket.id,
                kind: DraftKind::Answer,
                body: &words.text,
                status,
                entry_id: Some(written.id),
                send_at: None,
            };
            plan.report.draft = Some(draft::keep(tx, action, &new, self.now).await?);
        }
        let id = written.id;
        action.tell(News {
            words: Some(words),
            written: Some(written),
            origin: Some(Arc::clone(&self.origin)),
            note: Some(collision.held()),
            answered_before: collision.first(),
            ..News::new(table::Event::Noted)
        });
        Ok(Fate::Held(id))
    }

    /// The draft that `#send` means: the one that the answered mail tells of, else the only one of this agent.
    /// Refuses the line where there is none.
    pub(super) async fn draft_to_send(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
        plan: &mut Plan,
    ) -> Result<Option<Draft>, DeskError> {
        if plan.send.is_none() {
            return Ok(None);
        }
        let mut drafts = store::drafts::list_of_owner(tx, ticket.id, author.id).await?;
        if let Some(entry) = self.told_of(tx).await? {
            drafts.retain(|draft| draft.entry_id == Some(entry));
        }
        if drafts.len() > 1 {
            plan.refuse_send("reply.which_draft");
            return Ok(None);
        }
        let draft = drafts.pop();
        if draft.is_none() {
            plan.refuse_send("reply.no_draft");
        }
        Ok(draft)
    }

    /// The entry that was kept of an earlier mail, if this one answers the report on that.
    async fn told_of(&self, tx: &mut Tx) -> Result<Option<FollowupId>, sqlx::Error> {
        for (token, _) in &self.keys.tokens {
            let row = store::outbox::find_by_key(tx, token.row).await?;
            let report = row.filter(|row| row.template == Name::CommandsDone.as_str());
            if let Some(entry) = report.and_then(|row| row.followup_id) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Sends a draft. What stands below the commands is kept as a note: it is not what was to be sent.
    pub(super) async fn send(
        &mut self,
        tx: &mut Tx,
        action: &mut Action,
        text: String,
        plan: &mut Plan,
        draft: Draft,
    ) -> Result<Fate, DeskError> {
        self.note_below(tx, action, text).await?;
        let status = plan.status.take();
        let lines = plan.send.take().into_iter().chain(status.iter().map(|(line, _)| line.clone()));
        plan.report.done.extend(lines.map(Remark::Order));
        let origin = Some(Arc::clone(&self.origin));
        let sending = Sending { status: status.map(|(_, status)| status), origin };
        draft::send(self.desk, tx, action, draft, sending, self.now).await?;
        Ok(Fate::Public)
    }

    async fn note_below(&mut self, tx: &mut Tx, action: &mut Action, text: String) -> Result<(), DeskError> {
        if !self.says_something(&text) {
            return Ok(());
        }
        let (attachments, left_out) = Arc::make_mut(&mut self.words).take_files();
        let words = Message { text, attachments, left_out, ..Message::default() };
        let said = Said {
            origin: Some(Arc::clone(&self.origin)),
            ..Said::of(Visibility::Private, Arc::new(Prepared::received(words)))
        };
        comment::comment(self.desk, tx, action, said, self.now).await?;
        Ok(())
    }
}
