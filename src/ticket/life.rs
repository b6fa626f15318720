//! A ticket's life: every move that it can make, and nothing else writes its values.
//!
//! Each move takes what it needs, keeps what follows from it (attention, holds, who is waited for) and returns the
//! change that it made, if any. Nothing is stored and nobody is told here.

use std::ops::Deref;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::ticket::Row;
use crate::ticket::holder::Holder;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::preview;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

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
    Hold { from: Option<Holder>, to: Option<Holder> },
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

    /// Puts it on hold. Our own hold stays whoever else holds it.
    pub fn hold(&mut self, holder: Holder, now: Timestamp) -> Option<Change> {
        if self.row.held_by.as_ref() == Some(&holder) {
            return None;
        }
        self.row.held_at = self.row.held_at.or(Some(now));
        let from = self.row.held_by.replace(holder.clone());
        Some(Change::Hold { from, to: Some(holder) })
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
    fn lift_hold(&mut self, now: Timestamp) -> Option<Holder> {
        let holder = self.row.held_by.take();
        if self.row.held_at.take().is_some() {
            self.row.hold_ended_at = Some(now);
        }
        holder
    }
}

impl Deref for Ticket {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::authentication::Authentication;

    const NOW: Timestamp = Timestamp(1_000);
    const LATER: Timestamp = Timestamp(2_000);

    fn ticket() -> Ticket {
        Ticket::stored(Row {
            id: TicketId(1),
            uuid: String::new(),
            queue_id: QueueId(1),
            type_id: None,
            subject: "Printer".to_owned(),
            submitter_id: Some(UserId(1)),
            reply_to: Some("elsewhere@customer.test".to_owned()),
            owner_id: None,
            status: Status::Open,
            held_at: None,
            held_by: None,
            priority: Priority::default(),
            due_at: None,
            overdue_at: None,
            reminded_at: None,
            resolution: None,
            escalate_at: None,
            escalated_at: None,
            hold_ended_at: None,
            merged_into: None,
            old_since: None,
            follows: None,
            door: "mail".to_owned(),
            authentication: Authentication::Pass,
            locale: None,
            attention_at: None,
            waiting_since: Some(Timestamp(0)),
            customer_at: None,
            preview: String::new(),
            closed_at: None,
            created_at: Timestamp(0),
            changed_at: Timestamp(0),
            version: 1,
            events: 1,
        })
    }

    #[test]
    fn whatever_ends_a_ticket_ends_its_hold_and_asks_for_nobody() {
        let ends: [fn(&mut Ticket) -> Change; 3] = [
            |ticket| ticket.resolve(Some("Water."), LATER),
            |ticket| ticket.close(LATER),
            |ticket| ticket.merge_into(TicketId(2), LATER),
        ];
        for end in ends {
            let mut ticket = ticket();
            ticket.hold(Holder::Us, NOW);
            ticket.need_attention(NOW);
            assert!(matches!(end(&mut ticket), Change::Status { from: Status::Open, .. }));
            assert_eq!((ticket.closed_at, ticket.hold_ended_at), (Some(LATER), Some(LATER)));
            assert_eq!((ticket.is_held(), ticket.attention_at, &ticket.held_by), (false, None, &None));
        }
    }

    #[test]
    fn beginning_again_takes_the_resolution_away_and_happens_once() {
        let mut ticket = ticket();
        assert_eq!(ticket.reopen(NOW), None, "it is open");
        ticket.assign(Some(UserId(7)));
        ticket.resolve(Some("Water."), NOW);
        assert_eq!(ticket.resolution.as_deref(), Some("Water."));
        let change = ticket.reopen(LATER);
        assert_eq!(change, Some(Change::Status { from: Status::Resolved, to: Status::Reopened }));
        assert_eq!((&ticket.resolution, ticket.closed_at, ticket.owner_id), (&None, None, Some(UserId(7))));
    }

    #[test]
    fn a_customers_word_lifts_a_partners_hold_and_never_ours() {
        for (holder, speaker, held) in [
            (Holder::Us, Speaker::Customer, true),
            (Holder::Partner("a".to_owned()), Speaker::Customer, false),
            (Holder::Partner("a".to_owned()), Speaker::Partner, true),
            (Holder::Partner("a".to_owned()), Speaker::Staff, true),
        ] {
            let mut ticket = ticket();
            ticket.hold(holder.clone(), NOW);
            ticket.hear(speaker, "", LATER);
            assert_eq!(ticket.is_held(), held, "{holder} {speaker:?}");
        }
    }

    #[test]
    fn attention_is_asked_for_since_the_first_word_and_ends_with_an_answer() {
        let mut ticket = ticket();
        ticket.hear(Speaker::Staff, "We look.", NOW);
        ticket.hear(Speaker::Customer, "And?", NOW);
        ticket.hear(Speaker::Partner, "Well?", LATER);
        assert_eq!((ticket.attention_at, ticket.waiting_since), (Some(NOW), Some(NOW)));
        assert_eq!((ticket.customer_at, ticket.preview.as_str()), (Some(NOW), "Well?"));
        ticket.hear(Speaker::Staff, " ", LATER);
        assert_eq!((ticket.attention_at, ticket.waiting_since), (None, None));
        assert_eq!(ticket.preview, "Well?");
    }

    #[test]
    fn what_is_so_already_is_no_change() {
        let mut ticket = ticket();
        assert_eq!(ticket.assign(None), None);
        assert_eq!(ticket.prioritise(Priority::default()), None);
        assert_eq!(ticket.move_to(QueueId(1), Some(TypeId(9))), None);
        assert_eq!(ticket.rename("Printer".to_owned()), None);
        assert_eq!(ticket.give_to(UserId(1)), None);
        assert_eq!(ticket.unhold(NOW), None);
        assert!(ticket.type_id.is_none() && ticket.reply_to.is_some());
        ticket.hold(Holder::Us, NOW);
        assert_eq!(ticket.hold(Holder::Us, LATER), None);
        assert_eq!(ticket.unhold_by(&Holder::Partner("a".to_owned()), LATER), None);
    }

    #[test]
    fn another_submitter_has_no_wish_of_the_first() {
        let mut ticket = ticket();
        assert_eq!(
            ticket.give_to(UserId(2)),
            Some(Change::Submitter { from: Some(UserId(1)), to: UserId(2) })
        );
        assert_eq!(ticket.reply_to, None);
    }
}
