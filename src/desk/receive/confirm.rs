//! What an agent answers to a warning of a mail in their name: `#confirm` has that mail done, once. Anything else is
//! for agents only, lest a word about a forgery goes to the customer.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority::About;
use crate::desk::authority::Known;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::event;
use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::trace::Trace;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::ticket;
use crate::ticket::command::Command;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// What an agent's mail answers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answered {
    /// A mail that warned them of one in their name; with the entry that keeps that.
    Warning(Option<FollowupId>),
    /// Any other, and the entry that it told of.
    Mail(Option<FollowupId>),
}

/// The entry, if it waits for this author's word: they may not have written it.
async fn waiting(
    tx: &mut Tx,
    ticket: TicketId,
    author: &User,
    id: FollowupId,
) -> Result<Option<Followup>, sqlx::Error> {
    let waits = |entry: &Followup| match entry.kind {
        EntryKind::Unverified => true,
        EntryKind::Opened => entry.visibility == Visibility::Private,
        _ => false,
    };
    let own = |entry: &Followup| entry.ticket_id == ticket && entry.author_id == Some(author.id);
    Ok(store::followups::find(tx, id).await?.filter(own).filter(waits))
}

impl Case<'_> {
    /// Whether an agent answers a warning.
    pub(super) async fn answered(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
        tokens: &[Known],
    ) -> Result<Answered, sqlx::Error> {
        let Some(known) = tokens.first() else { return Ok(Answered::Mail(None)) };
        let is_theirs = author.has_address(&known.recipient);
        Ok(match known.about {
            About::Doubt(entry) if is_theirs => Answered::Warning(entry),
            About::Report(entry) if is_theirs && waiting(tx, ticket.id, author, entry).await?.is_some() => {
                Answered::Warning(Some(entry))
            }
            About::Report(entry) => Answered::Mail(Some(entry)),
            About::Doubt(entry) | About::Ticket(entry) => Answered::Mail(entry),
        })
    }

    /// Takes the answer to a warning.
    pub(super) async fn answer_warning(
        &mut self,
        tx: &mut Tx,
        ticket: Ticket,
        author: &User,
        entry: Option<FollowupId>,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let orders = ticket::command::read(self.words.newest());
        let confirms = orders.orders.first().is_some_and(|order| order.asks == Ok(Command::Confirm));
        if confirms
            && let Some(entry) = entry
            && let Some(kept) = self.take_waiting(tx, ticket.id, author, entry).await?
        {
            trace.note("confirmed", format!("entry {entry} is done now"));
            return self.do_kept(tx, ticket, author, kept, trace).await;
        }
        trace.note("answer to a warning", "kept for agents only");
        let mut action = Action::on(&Actor::author(Some(author.clone())), ticket);
        let said = Said {
            origin: Some(Arc::clone(&self.origin)),
            ..Said::of(Visibility::Private, Arc::clone(&self.words))
        };
        comment::comment(self.desk, tx, &mut action, said, self.now).await?;
        let id = event::record(self.desk, tx, action, self.now).await?.id;
        self.remember(tx, id).await?;
        Ok(Done { outcome: Became::Followup, reason: Some("note".to_owned()), ticket_id: Some(id), trace })
    }

    /// The entry that waits to be confirmed, which it does no more.
    async fn take_waiting(
        &self,
        tx: &mut Tx,
        ticket: TicketId,
        author: &User,
        id: FollowupId,
    ) -> Result<Option<Followup>, DeskError> {
        let Some(entry) = waiting(tx, ticket, author, id).await? else { return Ok(None) };
        let is_taken = entry.kind == EntryKind::Opened || store::followups::confirm(tx, id).await?;
        Ok(Some(entry).filter(|_| is_taken))
    }

    /// Does what an agent's earlier mail asked for, as if it came now.
    async fn do_kept(
        &mut self,
        tx: &mut Tx,
        ticket: Ticket,
        author: &User,
        kept: Followup,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        self.answering.kept = Some(kept.id);
        let newest = kept.new_text.unwrap_or(kept.text);
        if kept.kind != EntryKind::Opened {
            let attachments = store::attachments::list_of_followup(tx, kept.id).await?;
            self.answering.confirmed = Some(newest.clone());
            let words = Message { kept: attachments, html: kept.html, ..Message::plain(newest) };
            self.words = Arc::new(Prepared::received(words));
            return self.act(tx, ticket, author, trace).await;
        }
        let mut action = Action::on(&Actor::author(Some(author.clone())), ticket);
        let change = action.ticket.give_to(author.id);
        action.moved(change);
        store::followups::publish(tx, kept.id).await?;
        action.ticket.quote(&newest);
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        let lines: Vec<String> =
            ticket::command::read(&newest).orders.into_iter().map(|order| order.line).collect();
        if lines.is_empty() {
            self.remember(tx, ticket.id).await?;
            let reason = Some("commands".to_owned());
            return Ok(Done { outcome: Became::Followup, reason, ticket_id: Some(ticket.id), trace });
        }
        self.words = Arc::new(Prepared::plain(lines.join("\n")));
        self.answering.confirmed = Some(lines.join("\n"));
        self.act(tx, ticket, author, trace).await
    }
}
