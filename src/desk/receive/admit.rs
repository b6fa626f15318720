//! What a mail can become on the desk without being believed to be an agent's, with all of its rows.
//!
//! Which of them it is was decided before.

use crate::config::queue::CcPolicy;
use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::audit;
use crate::desk::authority::Doubt;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Written;
use crate::desk::notify;
use crate::desk::notify::Answer;
use crate::desk::notify::Occasion;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::receive::Case;
use crate::desk::receive::Done;
use crate::desk::table::Event;
use crate::desk::trace::Trace;
use crate::mail::authentication::Authentication;
use crate::mail::classify::Class;
use crate::store;
use crate::store::db::Tx;
use crate::store::message_ids::KnownMessage;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::Ticket;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::is_deliverable;

/// More CCs than these are a mailing list by hand.
const MOST_CCS: usize = 20;

/// Why a mail on a ticket is shown to agents only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    Stranger,
    Forged,
}

impl Outside {
    /// For the operator's trace.
    fn evidence(self) -> &'static str {
        match self {
            Self::Stranger => "the author takes no part in this ticket",
            Self::Forged => "the mail is not from whom it says",
        }
    }

    fn sentence(self) -> Sentence {
        Sentence::new(match self {
            Self::Stranger => "note.external_stranger",
            Self::Forged => "note.external_forged",
        })
    }
}

impl Case<'_> {
    /// Keeps a mail on a ticket for staff to see. Nobody is mailed, nothing changes.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        kind: &'static str,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        let actor = Actor { user: self.author.clone(), door: Door::Mail };
        let entry = self.entry(kind, Visibility::Private);
        entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, (kind, None, Some(self.received.id.to_string())), self.now).await?;
        self.remember(tx, ticket.id).await?;
        let outcome = if self.verdict.class == Class::Bounce { "bounce" } else { "followup" };
        Ok(Done { outcome, reason: Some(kind.to_owned()), ticket_id: Some(ticket.id), trace })
    }

    /// Keeps a mail whose author cannot be believed: staff see it, nobody else does.
    pub(super) async fn external(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        mut trace: Trace,
        outside: Outside,
    ) -> Result<Done, DeskError> {
        trace.note("external", outside.evidence());
        let actor = Actor { user: None, door: Door::Mail };
        let entry = self.entry("external", Visibility::Private);
        let written = entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, ("external", None, Some(self.received.id.to_string())), self.now)
            .await?;
        self.remember(tx, ticket.id).await?;
        let note = outside.sentence();
        let occasion = Occasion {
            words: Some(&self.words),
            written: Some(&written),
            origin: Some(&self.origin),
            note: Some(&note),
            ..Occasion::new(Event::Noted, &actor)
        };
        notify::tell(self.desk, tx, ticket, &occasion, self.now).await?;
        Ok(Done {
            outcome: "followup",
            reason: Some("external".to_owned()),
            ticket_id: Some(ticket.id),
            trace,
        })
    }

    /// Keeps an agent's mail as a private note, and tells him what to do instead.
    pub(super) async fn unverified(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        (author, doubt): (&User, Doubt),
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("agent not verified", doubt.evidence());
        let actor = Actor { user: Some(author.clone()), door: Door::Mail };
        let entry = self.entry("unverified", Visibility::Private);
        entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, ("unverified", None, Some(self.received.id.to_string())), self.now)
            .await?;
        self.remember(tx, ticket.id).await?;
        self.tell_unverified(tx, ticket, (author, doubt)).await?;
        Ok(Done {
            outcome: "followup",
            reason: Some("unverified".to_owned()),
            ticket_id: Some(ticket.id),
            trace,
        })
    }

    /// Tells an agent that his mail was only kept, unless a program would read that.
    async fn tell_unverified(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        (author, doubt): (&User, Doubt),
    ) -> Result<(), DeskError> {
        if self.no_acknowledgement().is_some() {
            return Ok(());
        }
        let answer = Answer {
            author,
            template: Name::AgentUnverified,
            origin: &self.origin,
            kept: Some(&self.words),
            note: Some(&doubt.advice()),
            report: None,
        };
        notify::answer(self.desk, tx, ticket, &answer, self.now).await
    }

    /// Opens a ticket for whoever wrote.
    pub(super) async fn open(
        &mut self,
        tx: &mut Tx,
        follows: Option<&Ticket>,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        if let Some(author) = self.staff().cloned() {
            return Box::pin(self.open_by_staff(tx, &author, trace)).await;
        }
        let submitter = match (&self.author, self.mail.author()) {
            (Some(known), _) => Some(known.clone()),
            (None, Some(from)) => {
                let locale = self.mail.language.as_deref();
                Some(people::meet(tx, &from.address, from.name.as_deref(), locale, self.now).await?)
            }
            (None, None) => None,
        };
        let actor = Actor { user: submitter.clone(), door: Door::Mail };
        let request = Request {
            subject: self.subject(follows),
            submitter: submitter.as_ref(),
            follows: follows.map(|ticket| ticket.id),
            ..self.request(Visibility::Public)
        };
        let (ticket, written) = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.remember(tx, ticket.id).await?;
        if !self.is_machine() {
            self.add_ccs(tx, &ticket, submitter.as_ref()).await?;
            self.tell_opened(tx, &ticket, (&actor, &written)).await?;
        }
        Ok(Done { outcome: "ticket", reason: None, ticket_id: Some(ticket.id), trace })
    }

    /// Keeps what came in an agent's name as the only entry of a ticket that is nobody's.
    pub(super) async fn open_unverified(
        &self,
        tx: &mut Tx,
        (author, doubt): (&User, Doubt),
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("agent not verified", doubt.evidence());
        let actor = Actor { user: Some(author.clone()), door: Door::Mail };
        let request = self.request(Visibility::Private);
        let (ticket, written) = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.remember(tx, ticket.id).await?;
        self.tell_unverified(tx, &ticket, (author, doubt)).await?;
        if !self.is_machine() {
            self.tell_opened(tx, &ticket, (&actor, &written)).await?;
        }
        let reason = Some("unverified".to_owned());
        Ok(Done { outcome: "ticket", reason, ticket_id: Some(ticket.id), trace })
    }

    /// A request as the mail has it, of nobody.
    pub(super) fn request(&self, visibility: Visibility) -> Request<'_> {
        Request {
            queue: self.queue,
            type_id: None,
            subject: &self.mail.subject,
            submitter: None,
            owner_id: None,
            priority: self.mail.priority,
            due_at: None,
            follows: None,
            authentication: self.authentication.as_str(),
            locale: self.mail.language.as_deref(),
            visibility,
            words: &self.words,
            origin: Some(&self.origin),
        }
    }

    async fn tell_opened(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        (actor, written): (&Actor, &Written),
    ) -> Result<(), DeskError> {
        // What came in an agent's name and is not shown to be his is for agents only.
        let visibility = if actor.is_staff() { Visibility::Private } else { Visibility::Public };
        let occasion = Occasion {
            visibility,
            words: Some(&self.words),
            written: Some(written),
            origin: Some(&self.origin),
            no_acknowledgement: self.no_acknowledgement(),
            ..Occasion::new(Event::Opened, actor)
        };
        notify::tell(self.desk, tx, ticket, &occasion, self.now).await
    }

    /// Below our own title the old ticket's says more.
    fn subject<'s>(&'s self, follows: Option<&'s Ticket>) -> &'s str {
        let answered = follows.filter(|old| self.keys.tags.iter().any(|(_, id)| *id == old.id));
        answered.map_or(&self.mail.subject, |old| &old.subject)
    }

    pub(super) fn no_acknowledgement(&self) -> Option<&'static str> {
        let failed = (self.authentication == Authentication::Fail).then_some("authentication failed");
        self.verdict.no_acknowledgement.or(self.silence).or(failed)
    }

    /// The other recipients of a new request take part, as far as the queue wants that.
    pub(super) async fn add_ccs(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        submitter: Option<&User>,
    ) -> Result<(), DeskError> {
        let policy = self.queue.config.cc;
        if policy == CcPolicy::Never || self.authentication == Authentication::Fail {
            return Ok(());
        }
        let lists = self.queue.config.new_ticket_cc.iter().chain(&self.queue.config.updated_ticket_cc);
        let lists: Vec<String> = lists.map(|address| address_key(address)).collect();
        for other in self.mail.to.iter().chain(&self.mail.cc).take(MOST_CCS) {
            let address = &other.address;
            if self.desk.directory.is_own(address)
                || !is_deliverable(address)
                || lists.contains(&address_key(address))
            {
                continue;
            }
            let known = store::users::find_by_email(tx, address).await?;
            let user = match (known, policy) {
                (Some(user), _) => user,
                (None, CcPolicy::All) => {
                    people::meet(tx, address, other.name.as_deref(), None, self.now).await?
                }
                (None, _) => continue,
            };
            if submitter.is_none_or(|submitter| submitter.id != user.id) && !user.role.is_staff() {
                store::ticket_ccs::insert(tx, ticket.id, user.id, self.now).await?;
            }
        }
        Ok(())
    }

    pub(super) fn entry(&self, kind: &'static str, visibility: Visibility) -> Entry<'_> {
        Entry { kind, visibility, words: &self.words, new_status: None, origin: Some(&self.origin) }
    }

    /// So that an answer to this mail, or the same mail again, finds the ticket.
    pub(super) async fn remember(&self, tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
        let author_key = self.mail.author().map(|author| address_key(&author.address)).unwrap_or_default();
        let known = KnownMessage { ticket_id, author_key, content_digest: self.mail.content_digest.to_vec() };
        store::message_ids::insert(tx, &self.origin.message_id, &known, self.now).await
    }
}
