//! What stands of somebody where they took no part: their addresses and full names in the rows of every table, some
//! rows at a time.

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::draft;
use crate::desk::index;
use crate::desk::person::erase::case::Case;
use crate::desk::person::erase::case::Next;
use crate::desk::person::erase::case::Remembered;
use crate::desk::person::erase::case::is_to;
use crate::desk::person::erase::ticket;
use crate::desk::person::erase::words;
use crate::mail::delivery::State;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::store::inbox::Received;
use crate::store::message_ids::erased;
use crate::store::tickets::erasing::TicketText;
use crate::ticket::id::DraftId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;
use crate::ticket::traces::ERASED;
use crate::ticket::traces::Stage;

/// Rows of a step.
const BATCH: i64 = 300;
/// Received mails of a step; each is read.
const MAILS: i64 = 20;
/// Drafts; there are never many.
const DRAFTS: i64 = 100_000;

impl Case<'_> {
    /// The next rows of a stage.
    pub(super) async fn scan(&self, tx: &mut Tx, stage: Stage, after: i64) -> Result<Next, DeskError> {
        match stage {
            Stage::Entries => self.scan_entries(tx, after).await,
            Stage::Subjects => self.scan_subjects(tx, after).await,
            Stage::Events => self.scan_events(tx, after).await,
            Stage::Received => self.scan_received(tx, after).await,
            Stage::Sent => self.scan_sent(tx, after).await,
            Stage::Bodies => self.scan_bodies(tx, after).await,
            Stage::Tickets | Stage::Rest | Stage::Done => Ok(Next::Over),
        }
    }

    async fn scan_entries(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let out_of = |text: &str| self.sought.everywhere.taken_out(text);
        let entries = store::followups::erasing::list_after(tx, FollowupId(after), BATCH).await?;
        let last = entries.last().map(|entry| entry.id.0);
        for mut entry in entries {
            ticket::clean_entry(tx, &mut entry, &out_of).await?;
        }
        Ok(behind(last))
    }

    async fn scan_subjects(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let out_of = |text: &str| self.sought.everywhere.taken_out(text);
        let tickets = store::tickets::erasing::list_after(tx, TicketId(after), BATCH).await?;
        for ticket in &tickets {
            let before = TicketText {
                subject: ticket.subject.clone(),
                preview: ticket.preview.clone(),
                resolution: ticket.resolution.clone(),
                reply_to: ticket.reply_to.clone(),
            };
            let mut words = before.clone();
            words::cleaned(&mut words.subject, &out_of);
            words::cleaned(&mut words.preview, &out_of);
            words::cleaned_option(&mut words.resolution, &out_of);
            words.reply_to = words.reply_to.filter(|asked| out_of(asked).is_none());
            if words != before {
                store::tickets::erasing::rewrite(tx, ticket.id, &words).await?;
                index::renew_openings(tx, ticket.id).await?;
            }
        }
        Ok(behind(tickets.last().map(|ticket| ticket.id.0)))
    }

    async fn scan_events(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let out_of = |text: &str| self.sought.everywhere.taken_out(text);
        let events = store::events::erasing::list_after(tx, after, BATCH).await?;
        let last = events.last().map(|event| event.id);
        for mut event in events {
            let old = words::cleaned_option(&mut event.old, &out_of);
            if words::cleaned_option(&mut event.new, &out_of) || old {
                store::events::erasing::rewrite(tx, &event).await?;
            }
        }
        Ok(behind(last))
    }

    async fn scan_received(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let mails = store::inbox::erasing::list_after(tx, InboxId(after), MAILS).await?;
        let last = mails.last().map(|mail| mail.id.0);
        for mail in mails.iter().filter(|mail| mail.outcome.is_some()) {
            self.scan_mail(tx, mail).await?;
        }
        Ok(behind(last))
    }

    /// Lets go of a mail of theirs, and of the bytes of one that names them, unless it waits for a person's decision.
    async fn scan_mail(&self, tx: &mut Tx, mail: &Received) -> Result<(), DeskError> {
        let Some(blob) = mail.blob_id else { return Ok(()) };
        // Whom it is from and to stands in the first piece.
        let raw = store::blobs::read_chunk(tx, blob, 0).await?.unwrap_or_default();
        let raw = String::from_utf8_lossy(&raw);
        let is_theirs =
            author_line(&raw).is_some_and(|line| self.sought.everywhere.taken_out(&line).is_some());
        let waits = matches!(mail.outcome, Some(Became::Suspended | Became::Quarantined));
        let traced =
            mail.trace.as_deref().is_some_and(|trace| self.sought.everywhere.taken_out(trace).is_some());
        let names_them = || traced || self.sought.everywhere.taken_out(&raw).is_some();
        if !is_theirs && (waits || !names_them()) {
            return Ok(());
        }
        let message_id = mail.message_id.as_deref();
        let message_id = message_id.map(|id| if is_theirs { erased(&[id]) } else { id.to_owned() });
        store::inbox::erasing::forget(tx, mail.id, message_id.as_deref()).await?;
        if is_theirs {
            let ticket = mail.ticket_id.unwrap_or(TicketId(0));
            store::tombstones::insert_one(tx, &mail.digest, ticket, self.actor.id(), self.now).await?;
        }
        Ok(store::blobs::delete_unnamed(tx, blob).await?)
    }

    async fn scan_sent(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let out_of = |text: &str| self.sought.everywhere.taken_out(text);
        let mails = store::outbox::erasing::list_after(tx, OutboxId(after), BATCH).await?;
        for mail in &mails {
            if is_to(mail, self.id, &self.sought.keys) {
                if !store::outbox::erasing::delete(tx, mail.id, self.now).await? {
                    return Ok(Next::Waiting(mail.id));
                }
                if let Some(ticket) = mail.ticket_id {
                    store::written_mails::add(tx, ticket, -1).await?;
                }
                continue;
            }
            let content = words::mail(&mail.content, mail.state != State::Queued, &out_of);
            let answer = mail.answer.as_deref().and_then(out_of);
            if content.is_some() || answer.is_some() {
                let content = content.as_deref().unwrap_or(&mail.content);
                let answer = answer.as_deref().or(mail.answer.as_deref());
                store::outbox::erasing::rewrite(tx, mail.id, content, answer).await?;
            }
        }
        Ok(behind(mails.last().map(|mail| mail.id.0)))
    }

    async fn scan_bodies(&self, tx: &mut Tx, after: i64) -> Result<Next, DeskError> {
        let out_of = |text: &str| self.sought.everywhere.taken_out(text);
        let bodies = store::outbox_bodies::list_after(tx, OutboxBodyId(after), BATCH).await?;
        let last = bodies.last().map(|body| body.0.0);
        for body in bodies {
            ticket::clean_body(tx, body, &out_of).await?;
        }
        Ok(behind(last))
    }

    /// What is left of them, and at last their own row.
    pub(super) async fn rest(&self, tx: &mut Tx, remembered: &Remembered) -> Result<(), DeskError> {
        for one in store::drafts::list(tx, DraftId(0), DRAFTS).await? {
            if one.owner_id == self.id {
                draft::discard(tx, self.actor, &one, self.now).await?;
            } else if let Some(body) = self.sought.everywhere.taken_out(&one.body) {
                store::drafts::rewrite(tx, one.id, &body).await?;
            }
        }
        for key in &remembered.addresses {
            store::suppressions::delete(tx, key).await?;
            store::storms::delete_of_sender(tx, key).await?;
        }
        for account in remembered.addresses.iter().chain(&remembered.username) {
            store::login_failures::delete(tx, account).await?;
            store::login_origins::delete(tx, account).await?;
        }
        for trouble in store::alerts::list(tx).await? {
            if self.sought.everywhere.taken_out(&trouble).is_some() {
                store::alerts::delete(tx, &trouble).await?;
            }
        }
        // Answers of calls may have told of them; they are kept for a day at most.
        store::idempotency_keys::delete_since(tx, Timestamp(0)).await?;
        store::user_addresses::delete_of_user(tx, self.id).await?;
        store::morning_digests::delete(tx, self.id).await?;
        store::ticket_ccs::delete_of_user(tx, self.id).await?;
        store::shared_actors::delete_of_user(tx, self.id).await?;
        store::events::erasing::blank_person(tx, self.id).await?;
        for merged in store::users::list_merged(tx, self.id).await? {
            store::events::erasing::blank_person(tx, merged.id).await?;
            store::users::erase(tx, merged.id, ERASED, self.now).await?;
        }
        Ok(store::users::erase(tx, self.id, ERASED, self.now).await?)
    }
}

fn behind(last: Option<i64>) -> Next {
    last.map_or(Next::Over, Next::Behind)
}

/// Who a mail says that it is from, with the lines that go on.
fn author_line(raw: &str) -> Option<String> {
    let head = raw.lines().take_while(|line| !line.trim_end().is_empty());
    let mut found: Option<String> = None;
    for line in head {
        let goes_on = line.starts_with([' ', '\t']);
        match &mut found {
            Some(author) if goes_on => author.push_str(line),
            Some(_) => break,
            None if line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("from:")) => {
                found = Some(line[5..].to_owned());
            }
            None => {}
        }
    }
    found
}
