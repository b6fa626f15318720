//! An answer to the mail that says that a ticket is resolved and asks how it went: its first line may be a rating.
//!
//! Only from the submitter, who is shown to be them or answers with their own token, and only where the desk asks.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority::About;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::people;
use crate::desk::rate;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::route;
use crate::desk::table;
use crate::desk::trace::Trace;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::rating;
use crate::ticket::rating::Rating;
use crate::ticket::status::Status;

impl Case<'_> {
    /// The rating that the mail is; nothing for what answers anything but being asked for one.
    pub(super) async fn rating(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
    ) -> Result<Option<Rating<'_>>, DeskError> {
        let ended = matches!(ticket.status, Status::Resolved | Status::Closed);
        let is_theirs = ticket.submitter_id == Some(author.id);
        let asked = ended && is_theirs && rate::is_asked_for(self.desk, ticket.queue_id);
        let Some(rating) = asked.then(|| rating::read(self.words.newest())).flatten() else {
            return Ok(None);
        };
        for token in route::tokens(self.desk, tx, &self.keys, ticket.id).await? {
            if let About::Ticket(Some(entry)) = token.about
                && let Some(entry) = store::followups::find(tx, entry).await?
                && entry.kind == EntryKind::Resolved
            {
                return Ok(Some(rating));
            }
        }
        Ok(None)
    }

    /// Keeps a rating. With words that want an answer the mail is a customer's word like any other; else it is kept on
    /// the ticket without opening that again, and whoever has the ticket reads the words, if there are any.
    pub(super) async fn rated(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        (author, rating): (User, Rating<'_>),
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("rating", format!("{} for ticket {}", rating.value, ticket.id));
        let mut action = Action::on(&Actor::customer(author.clone()), ticket);
        if self.authentication == Authentication::Pass {
            people::heard_at(tx, &mut action, &author).await?;
        }
        let words = Arc::clone(&self.words);
        let entry_id = if rating.wants_answer() || !words.attachments.is_empty() {
            let origin = Some(Arc::clone(&self.origin));
            let said = Said { origin, ..Said::of(Visibility::Public, words) };
            comment::comment(self.desk, tx, &mut action, said, self.now).await?
        } else {
            self.keep_rating(tx, &mut action, rating).await?
        };
        let given = rate::Given { user_id: author.id, value: rating.value, entry_id: Some(entry_id) };
        rate::rate(tx, &mut action, given, self.now).await?;
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        self.remember(tx, ticket.id).await?;
        Ok(Done { outcome: Became::Followup, reason: None, ticket_id: Some(ticket.id), trace })
    }

    async fn keep_rating(
        &self,
        tx: &mut Tx,
        action: &mut Action,
        rating: Rating<'_>,
    ) -> Result<FollowupId, DeskError> {
        let words = Arc::clone(&self.words);
        let entry = Entry {
            kind: EntryKind::Rated,
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: Some(&*self.origin),
        };
        let written =
            entry::write(self.desk, tx, (action.ticket.id, &action.actor), &entry, self.now).await?;
        let id = written.id;
        if !rating.comment.is_empty() {
            let origin = Some(Arc::clone(&self.origin));
            action.tell(News {
                words: Some(words),
                written: Some(written),
                origin,
                visibility: Visibility::Private,
                ..News::new(table::Event::Noted)
            });
        }
        Ok(id)
    }
}
