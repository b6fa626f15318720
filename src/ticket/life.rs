//! A ticket's life: every move that it can make, and nothing else writes its values.
//!
//! Each move takes what it needs, keeps what follows from it (attention, holds, who is waited for) and returns the
//! change that it made, if any. Nothing is stored and nobody is told here.

use std::ops::Deref;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::ticket::Row;
use crate::ticket::heard::Heard;
use crate::ticket::holder::Hold;
use crate::ticket::holder::Holder;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::preview;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;
use crate::ticket::targets::Clocks;

/// One request and everything that is true of it now. Read like its [`Row`]; changed by its moves only.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Ticket {
    row: Row,
}

/// What a move changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Status { from: Status, to: Status },
    Owner { from: Option<UserId>, to: Option<UserId> },
    Priority { from: Priority, to: Priority },
    Queue { from: QueueId, to: QueueId },
    Subject { from: String, to: String },
    Submitter { from: Option<UserId>, to: UserId },
    Hold { from: Option<Hold>, to: Option<Hold> },
    Due { from: Option<Timestamp>, to: Option<Timestamp> },
    Type { from: Option<TypeId>, to: TypeId },
}

/// Whose public word was heard, as far as the ticket is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The submitter or a CC: an agent must look.
    Customer,
    /// Somebody who answers customers here, or at a partner that the ticket was given to.
    Staff,
    /// An agent of the partner from whom we have the ticket: they wait for us as a customer does.
    Partner,
}

impl Ticket {
    /// A ticket as it is stored.
    pub fn stored(row: Row) -> Self {
        Self { row }
    }

    /// The row was written: this copy is of the next version.
    pub fn saved(&mut self, now: Timestamp) {
        self.row.version += 1;
        self.row.changed_at = now;
    }

    /// When it escalates, as the rule of its queue has it now.
    pub fn plan(&mut self, escalate_at: Option<Timestamp>) {
        self.row.escalate_at = escalate_at;
    }

    /// What its clocks show after an action.
    pub fn clock(&mut self, clocks: Clocks) {
        self.row.clocks = clocks;
    }

    /// So many events were there until now.
    pub fn count(&mut self, events: i64) {
        self.row.events = events;
    }

    /// The newest public words; where there are none, those before them stay.
    pub fn quote(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.row.preview = preview(text);
        }
    }

    /// A public word of somebody, which does not by itself change the status.
    pub fn hear(&mut self, speaker: Speaker, text: &str, now: Timestamp) {
        self.quote(text);
        if speaker == Speaker::Staff {
            self.row.attention_at = None;
            self.row.waiting_since = None;
            return;
        }
        self.row.waiting_since = self.row.waiting_since.or(Some(now)).filter(|_| self.is_open());
        if speaker == Speaker::Customer {
            self.row.customer_at = Some(now);
            self.row.old_since = None;
        }
        // A partner's hold says "we wait for the customer"; the customer has spoken.
        if speaker == Speaker::Customer && self.row.held_by.as_ref().is_some_and(Holder::is_partner) {
            self.lift_hold(now);
        }
        self.row.attention_at = self.row.attention_at.or(Some(now));
    }

    /// What was heard on it, without what is another ticket's now, or with that.
    pub(crate) fn retell(&mut self, heard: Heard) {
        let waiting = heard.waiting_since.filter(|_| self.is_open());
        if self.row.waiting_since.is_some() && waiting.is_none() {
            self.row.attention_at = None;
        }
        self.row.waiting_since = waiting;
        self.row.customer_at = heard.customer_at;
        self.row.preview = heard.preview;
    }

    /// Its mail is old: nobody waits for it now, and it rests until its customer writes anew.
    pub fn come_with_old_mail(&mut self, now: Timestamp) {
        self.row.old_since = Some(now);
        self.row.due_at = None;
    }

    /// An agent must look, for instance because a mail came back.
    pub(crate) fn need_attention(&mut self, now: Timestamp) {
        self.row.attention_at = Some(now);
    }

    /// Ends it with an answer.
    pub fn resolve(&mut self, resolution: Option<&str>, now: Timestamp) -> Change {
        self.row.resolution = resolution.map(str::to_owned).or(self.row.resolution.take());
        self.end(Status::Resolved, now)
    }

    /// Ends it for good.
    pub fn close(&mut self, now: Timestamp) -> Change {
        self.end(Status::Closed, now)
    }

    /// Begins it again: the resolution goes, the owner stays. None where it is open already.
    pub fn reopen(&mut self, now: Timestamp) -> Option<Change> {
        (!self.is_open()).then(|| self.enter(Status::Reopened, now))
    }

    /// Makes it a part of another ticket.
    pub(crate) fn merge_into(&mut self, survivor: TicketId, now: Timestamp) -> Change {
        self.row.merged_into = Some(survivor);
        self.end(Status::Merged, now)
    }

    /// Gives it to somebody, or to nobody.
    pub fn assign(&mut self, owner: Option<UserId>) -> Option<Change> {
        let from = std::mem::replace(&mut self.row.owner_id, owner);
        (from != owner).then_some(Change::Owner { from, to: owner })
    }

    /// Puts it on hold, or changes until when. Our own hold stays whoever else holds it.
    pub fn hold(&mut self, hold: impl Into<Hold>, now: Timestamp) -> Option<Change> {
        let hold = hold.into();
        let from = self.held();
        if from.as_ref() == Some(&hold) {
            return None;
        }
        self.row.held_at = self.row.held_at.or(Some(now));
        self.row.held_by = Some(hold.by.clone());
        self.row.held_until = hold.until;
        Some(Change::Hold { from, to: Some(hold) })
    }

    /// The time of its hold has come, and an agent must look. It ended when it was to, however late that is seen.
    pub fn wake(&mut self, now: Timestamp) -> Option<Change> {
        let until = self.row.held_until.filter(|until| *until <= now)?;
        let change = self.unhold(until)?;
        self.row.attention_at = self.row.attention_at.or(Some(now));
        Some(change)
    }

    /// Ends a hold, whoever made it.
    pub fn unhold(&mut self, now: Timestamp) -> Option<Change> {
        let from = self.lift_hold(now)?;
        Some(Change::Hold { from: Some(from), to: None })
    }

    /// Ends the hold of this holder, and no other's.
    pub(crate) fn unhold_by(&mut self, holder: &Holder, now: Timestamp) -> Option<Change> {
        if self.row.held_by.as_ref() == Some(holder) { self.unhold(now) } else { None }
    }

    pub(crate) fn prioritise(&mut self, priority: Priority) -> Option<Change> {
        let from = std::mem::replace(&mut self.row.priority, priority);
        (from != priority).then_some(Change::Priority { from, to: priority })
    }

    /// It waited too long: it is more urgent now, and the count begins anew.
    pub fn escalate(&mut self, priority: Priority, escalated_at: Option<Timestamp>) -> Change {
        let from = std::mem::replace(&mut self.row.priority, priority);
        self.row.escalated_at = escalated_at;
        Change::Priority { from, to: priority }
    }

    /// Moves it to another queue. Its number stays.
    pub fn move_to(&mut self, queue: QueueId, kind: Option<TypeId>) -> Option<Change> {
        let from = std::mem::replace(&mut self.row.queue_id, queue);
        if from == queue {
            return None;
        }
        self.row.type_id = kind;
        Some(Change::Queue { from, to: queue })
    }

    pub(crate) fn retype(&mut self, kind: TypeId) -> Option<Change> {
        let from = self.row.type_id.replace(kind);
        (from != Some(kind)).then_some(Change::Type { from, to: kind })
    }

    /// It is due then, or never.
    pub(crate) fn fall_due(&mut self, at: Option<Timestamp>) -> Option<Change> {
        let from = std::mem::replace(&mut self.row.due_at, at);
        (from != at).then_some(Change::Due { from, to: at })
    }

    pub fn rename(&mut self, subject: String) -> Option<Change> {
        if self.row.subject == subject {
            return None;
        }
        let from = std::mem::replace(&mut self.row.subject, subject.clone());
        Some(Change::Subject { from, to: subject })
    }

    /// Makes it another customer's. Where answers were asked to go was the other one's wish.
    pub(crate) fn give_to(&mut self, submitter: UserId) -> Option<Change> {
        let from = self.row.submitter_id.replace(submitter);
        if from == Some(submitter) {
            return None;
        }
        self.row.reply_to = None;
        Some(Change::Submitter { from, to: submitter })
    }

    /// Answers go to this address of its submitter; none: to their first one.
    pub(crate) fn answer_at(&mut self, address: Option<&str>) {
        self.row.reply_to = address.map(str::to_owned);
    }

    fn end(&mut self, status: Status, now: Timestamp) -> Change {
        self.lift_hold(now);
        self.enter(status, now)
    }

    fn enter(&mut self, to: Status, now: Timestamp) -> Change {
        self.row.closed_at = (!to.is_open()).then_some(now);
        self.row.attention_at = None;
        self.row.waiting_since = to.is_open().then_some(now);
        if to.is_open() {
            self.row.resolution = None;
        }
        let from = std::mem::replace(&mut self.row.status, to);
        Change::Status { from, to }
    }

    /// Ends a hold; escalation counts anew from here.
    fn lift_hold(&mut self, now: Timestamp) -> Option<Hold> {
        let hold = self.held();
        (self.row.held_by, self.row.held_until) = (None, None);
        if self.row.held_at.take().is_some() {
            self.row.hold_ended_at = Some(now);
        }
        hold
    }

    fn held(&self) -> Option<Hold> {
        self.row.held_by.clone().map(|by| Hold { by, until: self.row.held_until })
    }
}

impl Deref for Ticket {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.row
    }
}

#[cfg(test)]
pub(crate) mod tests;
