//! Tickets that agents open by mail: for themselves, or for a customer whose mail they pass on.
//!
//! In whose name one was opened can be changed afterwards (`ticket submitter`).

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Doubt;
use crate::desk::authority::Evidence;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::desk::command;
use crate::desk::command::Plan;
use crate::desk::command::report::Remark;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::event;
use crate::desk::message::File;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::desk::receive::agent::Fate;
use crate::desk::receive::agent::ReportAbout;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::receive::silence::Silence;
use crate::desk::receive::understood::Forwarded;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::forward::Original;
use crate::mail::forward::Way;
use crate::mail::journal::Became;
use crate::store;
use crate::store::db::Tx;
use crate::store::message_ids::KnownMessage;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view;
use crate::ticket;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::question;

impl Case<'_> {
    /// A ticket of old mail rests until its customer writes anew.
    pub(super) fn age(&self, action: &mut Action) {
        if self.silence.is_some_and(Silence::is_of_old) {
            action.ticket.come_with_old_mail(self.now);
        }
    }

    /// Opens a ticket for an agent who shows that he is one; needs no token, since nothing is changed.
    pub(super) async fn open_by_staff(
        &mut self,
        tx: &mut Tx,
        author: &User,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        if self.is_machine() {
            return self.open_unverified(tx, (author, Doubt::Automatic), trace).await;
        }
        let queue = &self.queue.config;
        let evidence = Evidence { authentication: self.authentication, tokens: &[], queue };
        match authority::standing(author, Proof::Mail(evidence), Aim::Open) {
            Standing::Agent => {}
            Standing::Unverified(doubt) => return self.open_unverified(tx, (author, doubt), trace).await,
            Standing::Forged | Standing::Outsider => {
                return self.open_unverified(tx, (author, Doubt::NotAuthenticated), trace).await;
            }
        }
        trace.note("agent", "verified: his mail is authenticated");
        let asked = question::read(self.words.newest());
        if !asked.is_empty() {
            return self.answer_questions(tx, author, asked, trace).await;
        }
        match self.forwarded.take().filter(|forwarded| !self.is_ours(&forwarded.original)) {
            Some(forwarded) => self.pass_on(tx, author, forwarded, trace).await,
            None => self.begin(tx, author, trace).await,
        }
    }

    /// Whether what is passed on is a mail of this desk.
    fn is_ours(&self, original: &Original) -> bool {
        original.author.as_ref().is_some_and(|author| self.desk.directory.is_own(&author.address))
    }

    /// Opens a ticket of the agent's own.
    async fn begin(&mut self, tx: &mut Tx, author: &User, trace: Trace) -> Result<Done, DeskError> {
        let actor = Actor::author(Some(author.clone()));
        let orders = ticket::command::read(self.words.newest());
        let asked = !orders.orders.is_empty();
        let mut plan = command::plan(orders.orders);
        plan.refuse_send("reply.no_draft");
        plan.refuse_reply("reply.nothing_to_answer");
        let outgoing = plan.take_outgoing();
        self.hold_back_leaks(tx, (&[], &orders.text), &mut plan).await?;
        if !plan.is_refused() {
            let own = Arc::make_mut(&mut self.words);
            let (files, left_out) = own.take_files();
            *own = Prepared::plain(orders.text).with_files(files, left_out);
        }
        let request = Request { submitter: Some(author), ..self.request(Visibility::Private) };
        let mut action = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.age(&mut action);
        self.tag_by_rules(tx, &mut action).await?;
        self.remember(tx, action.ticket.id).await?;
        if !plan.is_refused() && plan.visibility == Visibility::Public {
            self.add_ccs(tx, &action.ticket, Some(author)).await?;
        }
        let entry = action.entry();
        if let Some(opening) = action.opening() {
            // The Message-ID of an agent is nobody's to see.
            opening.origin =
                Some(Arc::new(Origin { message_id: String::new(), ..Origin::clone(&self.origin) }));
        }
        let waiting = self.keep_waiting(tx, action.ticket.id, author, (&outgoing, "", &plan)).await?;
        let ticket = self.settle(tx, action, &mut plan, None).await?;
        if asked || plan.is_refused() {
            let withheld = entry.filter(|_| plan.is_refused());
            let fate = withheld.map_or(Fate::Public, Fate::Withheld);
            plan.wait(outgoing);
            self.report(tx, &ticket, author, (&plan, fate), ReportAbout { waiting, note: None }).await?;
        }
        Ok(Done { outcome: Became::Ticket, reason: None, ticket_id: Some(ticket.id), trace })
    }

    /// Opens a ticket in the name of whoever wrote the mail that the agent passes on.
    async fn pass_on(
        &mut self,
        tx: &mut Tx,
        author: &User,
        forwarded: Box<Forwarded>,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let Forwarded { original, words } = *forwarded;
        let actor = Actor::author(Some(author.clone()));
        let submitter = self.first_author(tx, &original).await?;
        let named = submitter.as_ref().map(named).unwrap_or_default();
        let whose = if named.is_empty() { "nobody: no address is in it" } else { &named };
        trace.note("forwarded", format!("a mail of {whose}"));
        let orders = ticket::command::read(&original.cover);
        let mut plan = command::plan(orders.orders);
        plan.refuse_send("reply.no_draft");
        plan.refuse_reply("reply.nothing_to_answer");
        let outgoing = plan.take_outgoing();
        let note = self.note(author, &original, &named, &orders.text);
        let origin = Origin {
            message_id: original.message_id.clone().unwrap_or_default(),
            reply_to: None,
            // The agent wrote only what stands above.
            writer: original.author.clone(),
            ..Origin::clone(&self.origin)
        };
        let ids = (original.message_id.clone(), original.content_digest);
        let subject =
            if original.subject.is_empty() { &self.mail.subject } else { &original.subject }.clone();
        let request = Request {
            subject: &subject,
            submitter: submitter.as_ref(),
            words: Arc::new(self.passed_on(original.way, words)),
            origin: Some(Arc::new(origin)),
            ..self.request(Visibility::Private)
        };
        let writer = Actor::author(submitter.clone());
        let mut action = open::open_as(self.desk, tx, (&actor, &writer), &request, self.now).await?;
        self.age(&mut action);
        self.tag_by_rules(tx, &mut action).await?;
        let id = action.ticket.id;
        self.remember(tx, id).await?;
        self.remember_original(tx, id, submitter.as_ref(), ids).await?;
        let waiting = self.keep_waiting(tx, id, author, (&outgoing, &orders.text, &plan)).await?;
        if waiting.is_none() {
            self.keep_cover(tx, &actor, id, &Prepared::plain(orders.text)).await?;
        }
        let tag = action.ticket.tag(&self.queue.config.slug);
        let done = Sentence::new("reply.opened").with("tag", &tag).with("customer", &named);
        plan.report.done.insert(0, Remark::Sentence(done));
        let ticket = self.settle(tx, action, &mut plan, Some(note)).await?;
        if submitter.is_none() {
            plan.refuse(&tag, Sentence::new("reply.no_customer").with("id", &id));
        }
        plan.wait(outgoing);
        self.report(tx, &ticket, author, (&plan, Fate::Public), ReportAbout { waiting, note: None }).await?;
        Ok(Done { outcome: Became::Ticket, reason: Some("forwarded".to_owned()), ticket_id: Some(id), trace })
    }

    async fn first_author(&self, tx: &mut Tx, original: &Original) -> Result<Option<User>, DeskError> {
        let Some(author) =
            original.author.as_ref().filter(|author| Email::of(&author.address).is_deliverable())
        else {
            return Ok(None);
        };
        let locale = self.mail.language.as_deref();
        Ok(Some(people::contact(tx, &author.address, author.name.as_deref(), locale, self.now).await?))
    }

    /// The words of the mail that is passed on, with its attachments and those of the mail around it.
    fn passed_on(&mut self, way: Way, words: Prepared) -> Prepared {
        let (mut outer, left_out) = Arc::make_mut(&mut self.words).take_files();
        outer.retain(|file: &File| way != Way::Enclosed || !file.content_type.starts_with("message/"));
        words.with_files(outer, left_out).written_before(self.origin.received_at)
    }

    /// So that an answer to the customer's own mail, or the same mail by another way, finds the ticket.
    async fn remember_original(
        &self,
        tx: &mut Tx,
        ticket_id: TicketId,
        submitter: Option<&User>,
        (message_id, digest): (Option<String>, [u8; 32]),
    ) -> Result<(), sqlx::Error> {
        let Some(message_id) = message_id else { return Ok(()) };
        let address = submitter.and_then(|user| user.email.as_deref()).unwrap_or_default();
        let known =
            KnownMessage { ticket_id, author_key: Email::key_of(address), content_digest: digest.to_vec() };
        store::message_ids::insert(tx, &message_id, &known, self.now).await
    }

    /// Keeps what would send something of the agent's to others until they confirm it: a mail that opens a ticket shows
    /// no more than whose address it has.
    async fn keep_waiting(
        &self,
        tx: &mut Tx,
        id: TicketId,
        author: &User,
        (outgoing, text, plan): (&[String], &str, &Plan),
    ) -> Result<Option<FollowupId>, DeskError> {
        if outgoing.is_empty() {
            return Ok(None);
        }
        let note = (plan.visibility == Visibility::Private).then_some("#note");
        let lines: Vec<&str> = note.into_iter().chain(outgoing.iter().map(String::as_str)).collect();
        let words = Prepared::plain(format!("{}\n\n{text}", lines.join("\n")).trim_end());
        let entry = Entry {
            kind: EntryKind::Unverified,
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: Some(&self.origin),
        };
        let actor = Actor::stranger(Some(author.clone()));
        Ok(Some(entry::write(self.desk, tx, (id, &actor), &entry, self.now).await?.id))
    }

    /// What the agent wrote above is for his colleagues.
    async fn keep_cover(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: TicketId,
        cover: &Prepared,
    ) -> Result<(), DeskError> {
        if cover.text.trim().is_empty() {
            return Ok(());
        }
        let entry = Entry {
            kind: EntryKind::Comment,
            visibility: Visibility::Private,
            words: cover,
            new_status: None,
            origin: Some(&self.origin),
        };
        entry::write(self.desk, tx, (id, actor), &entry, self.now).await?;
        Ok(())
    }

    /// Does what was asked for with the new ticket, and records it.
    ///
    /// `note` is what staff are told above a mail that was passed on.
    async fn settle(
        &self,
        tx: &mut Tx,
        mut action: Action,
        plan: &mut Plan,
        note: Option<Sentence>,
    ) -> Result<Ticket, DeskError> {
        command::carry_out(self.desk, tx, &mut action, plan, self.now).await?;
        // What was passed on is the customer's, whatever becomes of the agent's own words.
        let is_private = plan.is_refused() || plan.visibility == Visibility::Private;
        if note.is_some() || !is_private {
            publish(tx, &mut action).await?;
        }
        if let Some(opening) = action.opening() {
            opening.note = note;
        }
        event::record(self.desk, tx, action, self.now).await
    }

    /// What staff are told above a mail that was passed on.
    fn note(&self, author: &User, original: &Original, named: &str, cover: &str) -> Sentence {
        let config = &self.desk.config.desk;
        let facts = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
        let written = original.date.map(|date| view::moment(&facts, date));
        Sentence::new("note.passed_on")
            .with("agent", &author.name)
            .with("customer", named)
            .with("when", written.as_ref().unwrap_or(&original.date_text))
            .followed_by(cover)
    }
}

/// Lets everybody read what a ticket was opened with.
async fn publish(tx: &mut Tx, action: &mut Action) -> Result<(), sqlx::Error> {
    let Some(opening) = action.opening() else { return Ok(()) };
    opening.visibility = Visibility::Public;
    let first = opening.written.as_ref().map(|written| written.id);
    let words = opening.words.clone().unwrap_or_default();
    action.ticket.quote(words.newest());
    match first {
        Some(id) => store::followups::publish(tx, id).await,
        None => Ok(()),
    }
}

fn named(user: &User) -> String {
    match &user.email {
        Some(email) if *email != user.name => format!("{} <{email}>", user.name),
        _ => user.name.clone(),
    }
}
