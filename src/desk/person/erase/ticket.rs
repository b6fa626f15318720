//! One ticket in which somebody took part: their entries, and what of them stands in everything else there.

use crate::desk::DeskError;
use crate::desk::index;
use crate::desk::person::erase::case::Case;
use crate::desk::person::erase::case::Next;
use crate::desk::person::erase::case::Remembered;
use crate::desk::person::erase::case::is_by;
use crate::desk::person::erase::case::is_to;
use crate::desk::person::erase::case::tickets_of;
use crate::desk::person::erase::words;
use crate::desk::person::erase::words::InTicket;
use crate::email::Email;
use crate::mail::delivery::State;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::message_ids::erased;
use crate::store::tickets::erasing::TicketText;
use crate::ticket;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::traces::ERASED;

/// What was theirs in a ticket.
#[derive(Default)]
struct Theirs {
    entries: Vec<FollowupId>,
    mails: Vec<InboxId>,
    message_ids: Vec<String>,
}

impl Case<'_> {
    /// The next ticket of those that are remembered, or that are found behind them.
    pub(super) async fn next_ticket(
        &self,
        tx: &mut Tx,
        remembered: &mut Remembered,
        after: i64,
    ) -> Result<Next, DeskError> {
        if remembered.tickets.is_empty() {
            let found = tickets_of(tx, self.id, &self.sought.keys, TicketId(after)).await?;
            remembered.tickets = found.iter().map(|id| id.0).rev().collect();
        }
        let Some(&id) = remembered.tickets.last() else { return Ok(Next::Over) };
        if let Some(ticket) = store::tickets::lock(tx, TicketId(id)).await?
            && let Some(waiting) = self.erase_in(tx, &ticket).await?
        {
            return Ok(Next::Waiting(waiting));
        }
        remembered.tickets.pop();
        Ok(Next::Behind(id))
    }

    /// Gives the mail that must be settled first, where one is just being sent to them.
    async fn erase_in(&self, tx: &mut Tx, ticket: &Ticket) -> Result<Option<OutboxId>, DeskError> {
        for mail in store::outbox::list_of_ticket(tx, ticket.id).await? {
            if is_to(&mail, self.id, &self.sought.keys) {
                if !store::outbox::erasing::delete(tx, mail.id, self.now).await? {
                    return Ok(Some(mail.id));
                }
                store::written_mails::add(tx, ticket.id, -1).await?;
            }
        }
        let entries = store::followups::list(tx, ticket.id).await?;
        let own = entries.iter().filter(|entry| is_by(entry, self.id, &self.sought.keys));
        let names: Vec<String> = own.filter_map(|entry| entry.writer_name.clone()).collect();
        let mut sought = self.sought.in_ticket(&names);
        let mut theirs = Theirs::default();
        let mut newest = None;
        for entry in entries {
            let entry = self.erase_entry(tx, entry, &mut sought, &mut theirs).await?;
            if entry.visibility == Visibility::Public {
                newest = Some(entry);
            }
        }
        self.erase_ids(tx, ticket.id, &mut theirs).await?;
        self.erase_received(tx, ticket.id, &theirs).await?;
        self.erase_sent(tx, ticket.id, &sought, &theirs).await?;
        self.erase_shared(tx, ticket.id, &sought).await?;
        self.erase_called(tx, ticket, &sought, newest.as_ref()).await?;
        Ok(None)
    }

    /// Takes the words out of an entry: all of their own, and what stands of those in a later one.
    async fn erase_entry(
        &self,
        tx: &mut Tx,
        mut entry: Followup,
        sought: &mut InTicket,
        theirs: &mut Theirs,
    ) -> Result<Followup, DeskError> {
        if is_by(&entry, self.id, &self.sought.keys) {
            sought.say(entry.new_text.as_deref().unwrap_or(&entry.text));
            theirs.entries.push(entry.id);
            theirs.mails.extend(entry.inbox_id);
            theirs.message_ids.extend(entry.message_id.take());
            ERASED.clone_into(&mut entry.text);
            (entry.new_text, entry.html) = (None, None);
            entry.writer_name = entry.writer_name.map(|_| ERASED.to_owned());
            entry.writer_address = entry.writer_address.map(|_| ERASED.to_owned());
            store::followups::erasing::rewrite(tx, &entry).await?;
            self.erase_files(tx, entry.id).await?;
            index::rewrite(tx, &entry).await?;
            return Ok(entry);
        }
        let out_of = |text: &str| sought.out_of(text);
        clean_entry(tx, &mut entry, &out_of).await?;
        for file in store::attachments::list_of_followup(tx, entry.id).await? {
            if let Some(name) = out_of(&file.name) {
                store::attachments::rename_of_followup(tx, entry.id, &file.name, &name).await?;
            }
        }
        index::renew(tx, entry.id).await?;
        Ok(entry)
    }

    /// Takes the files of an entry away, and their bytes where nobody else's entry has them.
    async fn erase_files(&self, tx: &mut Tx, id: FollowupId) -> Result<(), sqlx::Error> {
        let files = store::attachments::list_of_followup(tx, id).await?;
        store::attachments::delete_of_followup(tx, id).await?;
        store::attachment_links::delete_of_followup(tx, id).await?;
        store::partner_files::delete_of_followup(tx, id).await?;
        for blob in files.iter().filter_map(|file| file.blob_id) {
            store::blobs::delete_unnamed(tx, blob).await?;
        }
        Ok(())
    }

    /// Keeps of their Message-IDs what is needed to know the same mail again.
    async fn erase_ids(&self, tx: &mut Tx, id: TicketId, theirs: &mut Theirs) -> Result<(), sqlx::Error> {
        for mail in store::message_ids::list_of_ticket(tx, id).await? {
            if self.sought.keys.contains(&mail.author_key) {
                store::message_ids::erase(tx, &mail).await?;
                theirs.message_ids.push(mail.message_id);
            }
        }
        Ok(())
    }

    /// Lets go of the raw mails of the ticket, whoever wrote them: each may quote what was said before.
    async fn erase_received(&self, tx: &mut Tx, id: TicketId, theirs: &Theirs) -> Result<(), sqlx::Error> {
        for mail in store::inbox::erasing::list_of_ticket(tx, id).await? {
            if mail.outcome.is_none() {
                continue;
            }
            let own = theirs.mails.contains(&mail.id)
                || mail.message_id.as_ref().is_some_and(|id| theirs.message_ids.contains(id));
            let message_id =
                mail.message_id.as_deref().map(|id| if own { erased(&[id]) } else { id.to_owned() });
            store::inbox::erasing::forget(tx, mail.id, message_id.as_deref()).await?;
            if own {
                store::tombstones::insert_one(tx, &mail.digest, id, self.actor.id(), self.now).await?;
            }
            if let Some(blob) = mail.blob_id {
                store::blobs::delete_unnamed(tx, blob).await?;
            }
        }
        Ok(())
    }

    /// Takes their words out of what went to others.
    async fn erase_sent(
        &self,
        tx: &mut Tx,
        id: TicketId,
        sought: &InTicket,
        theirs: &Theirs,
    ) -> Result<(), DeskError> {
        let out_of = |text: &str| sought.out_of(text);
        for mail in store::outbox::list_of_ticket(tx, id).await? {
            let carried = mail.followup_id.is_some_and(|entry| theirs.entries.contains(&entry));
            let is_queued = mail.state == State::Queued;
            let content = if carried {
                if is_queued {
                    store::outbox::cancel(tx, mail.id, self.now).await?;
                }
                words::mail_of_theirs(&mail.content, &out_of)
            } else {
                words::mail(&mail.content, !is_queued, &out_of)
            };
            let answer = mail.answer.as_deref().and_then(out_of);
            if content.is_some() || answer.is_some() {
                let content = content.as_deref().unwrap_or(&mail.content);
                let answer = answer.as_deref().or(mail.answer.as_deref());
                store::outbox::erasing::rewrite(tx, mail.id, content, answer).await?;
            }
        }
        for body in store::outbox_bodies::list_of_ticket(tx, id).await? {
            clean_body(tx, body, &out_of).await?;
        }
        Ok(())
    }

    /// Takes their words out of what partners were sent. What a partner has stays there: their protocol has no word
    /// for this.
    async fn erase_shared(&self, tx: &mut Tx, id: TicketId, sought: &InTicket) -> Result<(), DeskError> {
        let out_of = |text: &str| sought.out_of(text);
        for mut share in store::shared_tickets::list(tx, id).await? {
            for request in store::partner_outbox::list_of_share(tx, share.id).await? {
                let body = words::json(&request.body, &out_of);
                let answer = request.answer.as_deref().and_then(out_of);
                if body.is_some() || answer.is_some() {
                    let body = body.as_deref().unwrap_or(&request.body);
                    let answer = answer.as_deref().or(request.answer.as_deref());
                    store::partner_outbox::rewrite(tx, request.id, body, answer).await?;
                }
            }
            let mut changed = false;
            for fields in [&mut share.custom_fields, &mut share.sent_fields] {
                if let Some(other) = fields.as_deref().and_then(|text| words::json(text, &out_of)) {
                    *fields = Some(other);
                    changed = true;
                }
            }
            if changed {
                store::shared_tickets::update(tx, &share, self.now).await?;
            }
        }
        Ok(())
    }

    /// What the ticket is called, begins with and was answered.
    async fn erase_called(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        sought: &InTicket,
        newest: Option<&Followup>,
    ) -> Result<(), DeskError> {
        let is_theirs = ticket.submitter_id == Some(self.id);
        let out_of = |text: &str| sought.out_of(text);
        let subject = if is_theirs { Some(ERASED.to_owned()) } else { out_of(&ticket.subject) };
        if subject.is_some() {
            store::events::erasing::blank_subjects(tx, ticket.id).await?;
        }
        let begins = newest.map(|entry| ticket::preview(entry.new_text.as_deref().unwrap_or(&entry.text)));
        let keys = &self.sought.keys;
        let reply_to =
            ticket.reply_to.clone().filter(|asked| !is_theirs && !keys.contains(&Email::key_of(asked)));
        let resolution = ticket.resolution.clone();
        let words = TicketText {
            subject: subject.unwrap_or_else(|| ticket.subject.clone()),
            preview: begins
                .unwrap_or_else(|| out_of(&ticket.preview).unwrap_or_else(|| ticket.preview.clone())),
            resolution: resolution.map(|text| out_of(&text).unwrap_or(text)),
            reply_to,
        };
        store::tickets::erasing::rewrite(tx, ticket.id, &words).await?;
        Ok(index::renew_openings(tx, ticket.id).await?)
    }
}

/// Takes something out of another's entry. Its HTML goes where any of it stood, as it may stand across tags.
pub(super) async fn clean_entry(
    tx: &mut Tx,
    entry: &mut Followup,
    out_of: &impl Fn(&str) -> Option<String>,
) -> Result<(), sqlx::Error> {
    let in_html = entry.html.as_deref().is_some_and(|html| words::stands_in_html(html, out_of));
    let mut changed = words::cleaned(&mut entry.text, out_of);
    changed |= words::cleaned_option(&mut entry.new_text, out_of);
    if changed || in_html {
        entry.html = None;
    }
    changed |= in_html | words::cleaned_option(&mut entry.writer_name, out_of);
    changed |= words::cleaned_option(&mut entry.writer_address, out_of);
    if changed {
        store::followups::erasing::rewrite(tx, entry).await?;
        index::rewrite(tx, entry).await?;
    }
    Ok(())
}

/// Takes something out of a long body of mails.
pub(super) async fn clean_body(
    tx: &mut Tx,
    (id, mut text, mut html): (OutboxBodyId, String, String),
    out_of: &impl Fn(&str) -> Option<String>,
) -> Result<(), sqlx::Error> {
    let in_html = words::stands_in_html(&html, out_of);
    let in_text = words::cleaned(&mut text, out_of);
    if in_html || in_text {
        html.clear();
        store::outbox_bodies::rewrite(tx, id, &text, &html).await?;
    }
    Ok(())
}
