//! What a mail can become on the desk without being believed to be an agent's, with all of its rows.
//!
//! Which of them it is was decided before.

use std::sync::Arc;

use crate::config::queue::CcPolicy;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority::Doubt;
use crate::desk::authority::Known;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Written;
use crate::desk::event;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::receive::case;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::receive::silence::Silence;
use crate::desk::table;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Address;
use crate::mail::Mail;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::store::message_ids::KnownMessage;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::authentication::Covers;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

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

    /// For the agents, with what lets the author in.
    fn sentence(self, mail: &Mail) -> Sentence {
        let address = mail.author().map_or("", |author| &author.address);
        match self {
            Self::Stranger => Sentence::new("note.external_stranger").with("address", address),
            Self::Forged => Sentence::new("note.external_forged"),
        }
    }
}

impl Case<'_> {
    /// Writes the mail as a private entry of this kind.
    pub(super) async fn keep_entry(
        &self,
        tx: &mut Tx,
        action: &mut Action,
        kind: EntryKind,
        told_as: Kind,
    ) -> Result<Written, DeskError> {
        let entry = self.entry(kind, Visibility::Private);
        let written =
            entry::write(self.desk, tx, (action.ticket.id, &action.actor), &entry, self.now).await?;
        action.add(Event::added(told_as, kind.as_str(), self.received.id.to_string()).by_entry(written.id));
        Ok(written)
    }

    /// What staff read of a mail that was only kept.
    pub(super) fn news(&self, event: table::Event, written: Written, note: Sentence) -> News {
        News {
            words: Some(Arc::clone(&self.words)),
            written: Some(written),
            origin: Some(Arc::clone(&self.origin)),
            note: Some(note),
            ..News::new(event)
        }
    }

    /// Keeps a mail whose author cannot be believed: staff see it, nobody else does.
    pub(super) async fn external(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        mut trace: Trace,
        (outside, token): (Outside, Option<&Known>),
    ) -> Result<Done, DeskError> {
        trace.note("external", format!("{}: {}", self.named(), outside.evidence()));
        let mut action = Action::on(&Actor::stranger(None), ticket);
        let written = self.keep_entry(tx, &mut action, EntryKind::External, Kind::EntryExternal).await?;
        let news = self.news(table::Event::Kept, written, outside.sentence(self.mail));
        action.tell(News { writer: self.writer("note.writer_external"), ..news });
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        let id = ticket.id;
        self.remember(tx, id).await?;
        self.tell_owner_of(tx, &ticket, token).await?;
        Ok(Done {
            outcome: Became::Followup,
            reason: Some("external".to_owned()),
            ticket_id: Some(id),
            trace,
        })
    }

    /// Keeps what came in the name of somebody who takes part, and may be anybody's: staff decide.
    pub(super) async fn unproven(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        author: &User,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let why = "nothing shows that the author wrote it, and it answers no mail to them";
        trace.note("unproven", format!("{}: {why}", self.named()));
        let mut action = Action::on(&Actor::stranger(Some(author.clone())), ticket);
        let written = self.keep_entry(tx, &mut action, EntryKind::Unproven, Kind::EntryUnproven).await?;
        action.tell(self.news(table::Event::Noted, written, Sentence::new("note.unproven")));
        let id = event::record(self.desk, tx, action, self.now).await?.id;
        self.remember(tx, id).await?;
        Ok(Done {
            outcome: Became::Followup,
            reason: Some("unproven".to_owned()),
            ticket_id: Some(id),
            trace,
        })
    }

    /// Keeps an agent's mail as a private note, and tells him what to do instead.
    pub(super) async fn unverified(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        (author, doubt): (&User, Doubt),
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("agent not verified", doubt.evidence());
        let mut action = Action::on(&Actor::stranger(Some(author.clone())), ticket);
        let written = self.keep_entry(tx, &mut action, EntryKind::Unverified, Kind::EntryUnproven).await?;
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        self.remember(tx, ticket.id).await?;
        self.tell_unverified(tx, &ticket, (author, doubt), written.id).await?;
        let reason = Some("unverified".to_owned());
        Ok(Done { outcome: Became::Followup, reason, ticket_id: Some(ticket.id), trace })
    }

    /// Opens a ticket for whoever wrote.
    pub(super) async fn open(
        &mut self,
        tx: &mut Tx,
        follows: Option<&Ticket>,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        self.choose_owner(tx, &mut trace).await?;
        if let Some(author) = self.staff().cloned() {
            return Box::pin(self.open_by_staff(tx, &author, trace)).await;
        }
        let submitter = match (&self.author, self.mail.author()) {
            (Some(known), _) => Some(known.clone()),
            (None, Some(from)) => Some(self.meet(tx, from).await?),
            (None, None) => None,
        };
        let actor = Actor::author(submitter.clone());
        let request = Request {
            subject: self.subject(follows),
            submitter: submitter.as_ref(),
            follows: follows.map(|ticket| ticket.id),
            ..self.request(Visibility::Public)
        };
        let mut action = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.age(&mut action);
        self.tag_by_rules(tx, &mut action).await?;
        self.remember(tx, action.ticket.id).await?;
        if !self.is_machine() {
            self.add_ccs(tx, &action.ticket, submitter.as_ref()).await?;
        }
        self.announce(tx, &mut action).await?;
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        Ok(Done { outcome: Became::Ticket, reason: None, ticket_id: Some(ticket.id), trace })
    }

    /// Who wrote for the first time; what an unproven mail says of itself is not believed.
    async fn meet(&self, tx: &mut Tx, from: &Address) -> Result<User, sqlx::Error> {
        if self.authentication != Authentication::Pass {
            return people::meet_unproven(tx, &from.address, self.now).await;
        }
        let locale = self.mail.language.as_deref();
        people::meet(tx, &from.address, from.name.as_deref(), locale, self.now).await
    }

    /// Keeps what came in an agent's name as the only entry of a ticket that is nobody's.
    pub(super) async fn open_unverified(
        &self,
        tx: &mut Tx,
        (author, doubt): (&User, Doubt),
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("agent not verified", doubt.evidence());
        let actor = Actor::stranger(Some(author.clone()));
        let request = self.request(Visibility::Private);
        let mut action = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.age(&mut action);
        self.tag_by_rules(tx, &mut action).await?;
        let entry = action.entry();
        self.remember(tx, action.ticket.id).await?;
        self.announce(tx, &mut action).await?;
        // Nobody is shown to have written it: staff hear of it as of a stranger's.
        action.disown();
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        if let Some(entry) = entry {
            self.tell_unverified(tx, &ticket, (author, doubt), entry).await?;
        }
        let reason = Some("unverified".to_owned());
        Ok(Done { outcome: Became::Ticket, reason, ticket_id: Some(ticket.id), trace })
    }

    /// A request as the mail has it, of nobody.
    pub(super) fn request(&self, visibility: Visibility) -> Request<'_> {
        Request {
            queue: self.target(),
            type_id: self.kind_by_rule(),
            subject: &self.mail.subject,
            submitter: None,
            owner_id: self.owner_by_rule,
            priority: self.fired.priority.or(self.mail.priority),
            due_at: None,
            follows: None,
            authentication: self.authentication,
            locale: self.mail.language.as_deref(),
            visibility,
            words: Arc::clone(self.whole.as_ref().unwrap_or(&self.words)),
            origin: Some(Arc::clone(&self.origin)),
            no_acknowledgement: self.no_acknowledgement(),
        }
    }

    /// Says what staff are to know of a mail that opened a ticket, or keeps them from hearing of it.
    async fn announce(&self, tx: &mut Tx, action: &mut Action) -> Result<(), DeskError> {
        if self.is_machine() && !self.is_news(tx).await? {
            action.hush();
            return Ok(());
        }
        if let Some(opening) = action.opening() {
            opening.writer = self.staff().and_then(|_| self.writer("note.writer_unverified"));
            opening.note = self.is_machine().then(|| self.about_program());
        }
        Ok(())
    }

    /// Who wrote this, as staff read it, with what is to be known of him: `Ann <ann@x.example> (external)`.
    pub(super) fn writer(&self, key: &'static str) -> Option<Sentence> {
        self.mail.author()?;
        Some(Sentence::new(key).with("writer", &self.named()))
    }

    /// The author as the mail names them.
    fn named(&self) -> String {
        match self.mail.author() {
            Some(Address { name: Some(name), address }) => format!("{name} <{address}>"),
            Some(Address { name: None, address }) => address.clone(),
            None => "nobody".to_owned(),
        }
    }

    /// Below our own title the old ticket's says more.
    fn subject<'s>(&'s self, follows: Option<&'s Ticket>) -> &'s str {
        let answered = follows.filter(|old| self.keys.tags.iter().any(|(_, id)| *id == old.id));
        answered.map_or(&self.mail.subject, |old| &old.subject)
    }

    pub(super) fn no_acknowledgement(&self) -> Option<&'static str> {
        let failed = (self.authentication == Authentication::Fail).then_some("authentication failed");
        let ruled = self.fired.is_silent.then_some("a rule says so");
        self.verdict.no_acknowledgement.or(self.silence.map(Silence::as_str)).or(failed).or(ruled)
    }

    /// The other recipients of a new request take part, as far as the queue wants that and its author is proven.
    pub(super) async fn add_ccs(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        submitter: Option<&User>,
    ) -> Result<(), DeskError> {
        let policy = self.queue.config.cc;
        let is_proven = self.authentication == Authentication::Pass && self.covers == Covers::All;
        if policy == CcPolicy::Never || !is_proven {
            return Ok(());
        }
        let lists = self.queue.config.new_ticket_cc.iter().chain(&self.queue.config.updated_ticket_cc);
        let lists: Vec<String> = lists.map(|address| Email::key_of(address)).collect();
        for other in self.mail.to.iter().chain(&self.mail.cc).take(MOST_CCS) {
            let address = &other.address;
            if self.desk.directory.is_own(address)
                || !Email::of(address).is_deliverable()
                || lists.contains(&Email::key_of(address))
            {
                continue;
            }
            let known = store::users::find_by_email(tx, address).await?;
            let user = match (known, policy) {
                (Some(user), CcPolicy::All) => user,
                (Some(user), _) if user.proven_at.is_some() => user,
                // Their name is for themselves to say.
                (None, CcPolicy::All) => people::meet_unproven(tx, address, self.now).await?,
                _ => continue,
            };
            if submitter.is_none_or(|submitter| submitter.id != user.id) && !user.role.is_staff() {
                let added = store::ticket_ccs::insert(tx, ticket.id, user.id, self.now).await?;
                if added && user.elsewhere().is_some() {
                    store::ticket_ccs::update_address(tx, ticket.id, user.id, user.elsewhere()).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn entry(&self, kind: EntryKind, visibility: Visibility) -> Entry<'_> {
        Entry { kind, visibility, words: &self.words, new_status: None, origin: Some(&self.origin) }
    }

    /// So that an answer to this mail, or the same mail again, finds the ticket.
    pub(super) async fn remember(&self, tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
        let author_key = self.mail.author().map(|author| Email::key_of(&author.address)).unwrap_or_default();
        let known = |digest: &[u8]| KnownMessage {
            ticket_id,
            author_key: author_key.clone(),
            content_digest: digest.to_vec(),
        };
        for seal in &self.seals {
            store::message_ids::insert(tx, &case::seal_id(*seal), &known(&seal.0), self.now).await?;
        }
        let content = known(&self.mail.content_digest);
        store::message_ids::insert(tx, &self.origin.message_id, &content, self.now).await
    }
}
