//! What becomes of a received mail: the one decision, with its trace, and all of its effects.
//!
//! Runs inside the transaction that also writes the outcome, so that handling a mail twice changes nothing.

mod admit;
mod again;
mod agent;
mod begin;
mod bounced;
pub mod case;
pub mod claim;
mod confirm;
pub(crate) mod form;
mod held;
mod junk;
mod leak;
mod look;
mod onward;
mod program;
mod question;
mod rated;
mod release;
pub mod ruled;
pub mod silence;
mod storm;
mod third;
pub mod understood;
mod warn;

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority::Known;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::event;
use crate::desk::part;
use crate::desk::people;
use crate::desk::probe;
use crate::desk::receive::admit::Outside;
use crate::desk::receive::again::Again;
use crate::desk::receive::again::Known as KnownMail;
use crate::desk::receive::case::Answering;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::receive::case::Incoming;
use crate::desk::receive::understood::Understood;
use crate::desk::route;
use crate::desk::route::Hit;
use crate::desk::spam;
use crate::desk::suppress;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::classify::Class;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::store;
use crate::store::db::Tx;
use crate::store::inbox::Received;
use crate::store::message_ids::KnownMessage;
use crate::ticket::authentication::Authentication;
use crate::ticket::authentication::Covers;
use crate::ticket::entry::Visibility;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::status::Status;

/// The journal's reason for a message that a person let through.
pub const RELEASED: &str = look::RELEASED;

/// Decides what becomes of one message and writes all of it, in a transaction that began with `claim::Claims`.
pub async fn receive(
    desk: &Desk,
    tx: &mut Tx,
    incoming: Incoming<'_>,
    now: Timestamp,
) -> Result<Done, DeskError> {
    let Incoming { received, mut understood, authentication, evidence, covers, seals, silence } = incoming;
    let fired = ruled::of(desk, tx, received, &mut understood, authentication).await?;
    let Understood { mut mail, mut verdict, words, whole, passed_on, .. } = understood;
    let mut trace = look::begun(&mail, &verdict, authentication, evidence, silence);
    let Some(queue) = desk.directory.queue(received.queue_id) else {
        return Ok(suspended("queue-disabled", trace));
    };
    if probe::is_ours(desk, tx, &mail).await? {
        trace.note("probe", "sent by `check --probe`");
        return Ok(ignored(probe::REASON, trace));
    }
    let Some(found) = look::speak_for(desk, queue, &mut mail, &mut verdict, authentication, &mut trace)
    else {
        return Ok(suspended("own-address", trace));
    };
    if let Some(reason) = look::ignore(desk, queue, received, &mail, &mut trace) {
        return Ok(ignored(reason, trace));
    }
    let seals = if found == Authentication::Pass { seals } else { Vec::new() };
    let KnownMail { same_id, same } = again::find(tx, &mail, received, &seals).await?;
    let author = author(tx, &mail).await?;
    if let Some(KnownMessage { ticket_id, .. }) = same {
        let again =
            Again { desk, queue, received, mail: &mail, words, class: verdict.class, author, ticket_id };
        return Box::pin(again.note(tx, trace, now)).await;
    }
    let is_staff = author.as_ref().is_some_and(User::is_active_staff);
    let authentication = if is_staff { found } else { look::trusted(queue, found, &mut trace) };
    let author = hear(tx, author, &mail, authentication, now).await?;
    reached(tx, author.as_ref().filter(|_| found == Authentication::Pass), &mut trace).await?;
    let case = Case {
        desk,
        queue,
        received,
        keys: case::keys(&mail, &verdict, &seals),
        repeats_id: (!same_id.is_empty()).then(|| mail.message_id.clone()).flatten(),
        origin: Arc::new(origin(queue, &mail, received, (authentication, covers))),
        forwarded: is_staff.then(|| passed_on.take(&mail)).flatten(),
        author,
        mail: &mail,
        verdict: &verdict,
        authentication,
        covers,
        seals,
        silence,
        words: case::words(desk, queue, words, received),
        whole: whole.filter(|_| received.extent != Extent::Headers),
        answering: Answering::default(),
        fired,
        owner_by_rule: None,
        now,
    };
    Box::pin(case.decide(tx, trace)).await
}

fn ignored(reason: &str, trace: Trace) -> Done {
    Done { outcome: Became::Ignored, reason: Some(reason.to_owned()), ticket_id: None, trace }
}

fn suspended(reason: &str, trace: Trace) -> Done {
    Done { outcome: Became::Suspended, reason: Some(reason.to_owned()), ticket_id: None, trace }
}

/// The author as the desk knows him, without making him known.
async fn author(tx: &mut Tx, mail: &Mail) -> Result<Option<User>, sqlx::Error> {
    match mail.author() {
        Some(author) => store::users::find_by_email(tx, &author.address).await,
        None => Ok(None),
    }
}

/// Whoever surely has an address can be written to: a mail of theirs was shown to be, or answers one that they got.
async fn reached(tx: &mut Tx, author: Option<&User>, trace: &mut Trace) -> Result<(), sqlx::Error> {
    if let Some(address) = author.and_then(|author| author.email.as_deref())
        && suppress::heard_from(tx, address).await?
    {
        trace.note("suppression", "the author's address is written to again");
    }
    Ok(())
}

/// Whoever surely wrote from their address is known from now on.
async fn hear(
    tx: &mut Tx,
    author: Option<User>,
    mail: &Mail,
    authentication: Authentication,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let (Authentication::Pass, Some(author), Some(from)) = (authentication, &author, mail.author()) else {
        return Ok(author);
    };
    people::vouched(tx, author.clone(), from.name.as_deref(), mail.language.as_deref(), now).await.map(Some)
}

/// Where answers go, if the author says so: else who forges them would have the answers, and nobody would see it.
fn reply_to(queue: &Queue, mail: &Mail, proof: (Authentication, Covers)) -> Option<String> {
    let wished = form::reply_to(&queue.config, mail).filter(|_| proof == (Authentication::Pass, Covers::All));
    wished.map(|address| address.address.clone())
}

fn origin(queue: &Queue, mail: &Mail, received: &Received, proof: (Authentication, Covers)) -> Origin {
    let recipients = mail.to.iter().chain(&mail.cc).map(|to| Email::key_of(&to.address));
    Origin {
        inbox_id: received.id,
        message_id: case::message_id(mail, received),
        author: mail.author().map(|author| Email::key_of(&author.address)),
        writer: mail.author().cloned(),
        received_at: received.received_at,
        authentication: proof.0,
        reply_to: reply_to(queue, mail, proof),
        recipients: recipients.collect(),
    }
}

impl Case<'_> {
    async fn decide(mut self, tx: &mut Tx, mut trace: Trace) -> Result<Done, DeskError> {
        let released = look::is_released(self.received);
        if self.verdict.class == Class::Own && !released {
            return Ok(suspended("own-address", trace));
        }
        // Whatever it answers: who forges an agent may know our mails to him.
        if self.authentication == Authentication::Fail
            && let Some(agent) = self.staff()
            && !released
            && !self.tell_forged(tx, agent).await?
        {
            return Ok(suspended("spoofed", trace));
        }
        if self.is_delivery_report() {
            match Box::pin(self.bounced(tx, trace)).await? {
                Ok(done) => return Ok(done),
                Err(back) if !released => return Ok(suspended("backscatter", back)),
                Err(back) => trace = back,
            }
        }
        let hit = match self.find(tx, &mut trace).await? {
            Some(hit) if self.is_sent_again(tx, &hit).await? => {
                trace.note("not signed", "what it answers; it is taken for a new request of its author's");
                None
            }
            hit => hit,
        };
        if !released && self.is_spam_on(tx, hit.as_ref()).await? {
            return Ok(suspended(spam::REASON, trace));
        }
        if let Some(hit) = hit
            && (self.mail.author().is_some() || self.is_machine())
        {
            return self.on_ticket(tx, hit, trace).await;
        }
        if let Some(reason) = self.verdict.suspend.filter(|_| !released) {
            return Ok(suspended(reason, trace));
        }
        self.note_rules(&mut trace);
        if self.fired.suspends && !released {
            return Ok(suspended("by-rule", trace));
        }
        if released { self.open(tx, None, trace).await } else { self.open_or_fold(tx, trace).await }
    }

    async fn find(&self, tx: &mut Tx, trace: &mut Trace) -> Result<Option<Hit>, DeskError> {
        let mut keys = self.keys.clone();
        keys.in_reply_to.extend(self.verdict.returned_message_id.clone());
        if let Some(token) =
            self.verdict.returned_message_id.as_deref().and_then(crate::mail::token::in_message_id)
        {
            keys.tokens.push((token, "returned mail"));
        }
        if let Some(hit) = route::find(self.desk, tx, (self.mail, &keys), trace).await? {
            return Ok(Some(hit));
        }
        if let Some(hit) = self.find_repeated(tx, trace).await? {
            return Ok(Some(hit));
        }
        route::find_by_tag(self.desk, tx, (&self.keys, self.author.as_ref()), trace).await
    }

    /// The same id with other content belongs to the same conversation, if its author takes part there. Else somebody
    /// used it first to have the mail of another put away.
    async fn find_repeated(&self, tx: &mut Tx, trace: &mut Trace) -> Result<Option<Hit>, DeskError> {
        let (Some(id), Some(author)) = (&self.repeats_id, &self.author) else { return Ok(None) };
        for known in store::message_ids::find(tx, id).await?.iter().rev() {
            let Some(ticket) = route::load_known(tx, known.ticket_id).await? else { continue };
            if part::takes_part(tx, &ticket, author).await? {
                trace.note("message-id", format!("was that of another mail of ticket {}", ticket.id));
                return Ok(Some(Hit { ticket, token: None }));
            }
        }
        trace.note("message-id", "was that of a mail in which its author takes no part");
        Ok(None)
    }

    /// Whether anybody who has a signed mail can have said what this one answers: neither its signature does, nor a mail
    /// of ours that its author got.
    async fn is_sent_again(&self, tx: &mut Tx, hit: &Hit) -> Result<bool, DeskError> {
        let proven = self.authentication == Authentication::Pass;
        if !proven || self.covers == Covers::All || self.is_machine() || self.staff().is_some() {
            return Ok(false);
        }
        let Some(author) = &self.author else { return Ok(false) };
        Ok(!route::has_own_token(self.desk, tx, &self.keys, &hit.ticket, author).await?)
    }

    async fn on_ticket(&mut self, tx: &mut Tx, hit: Hit, mut trace: Trace) -> Result<Done, DeskError> {
        let Hit { ticket, token } = hit;
        if self.staff().is_none() {
            self.show_subject(&ticket);
        }
        if self.is_machine() {
            return self.keep(tx, ticket, trace).await;
        }
        if self.authentication == Authentication::Fail {
            return self.external(tx, ticket, trace, (Outside::Forged, token.as_ref())).await;
        }
        if self.staff().is_none() && Self::answers_forward(token.as_ref()) {
            // On the heap, as few mails are.
            return Box::pin(self.keep_third_party(tx, ticket, trace)).await;
        }
        let Some(author) = self.author.clone() else {
            return self.outside(tx, ticket, trace, token.as_ref()).await;
        };
        if author.is_active_staff() {
            // Boxed, as few mails are by staff: their many steps would be a part of every mail.
            return Box::pin(self.by_staff(tx, ticket, &author, trace)).await;
        }
        if !part::takes_part(tx, &ticket, &author).await? {
            return self.outside(tx, ticket, trace, token.as_ref()).await;
        }
        let proven = self.authentication == Authentication::Pass;
        let has_own_token = (!proven || self.queue.config.trust_unproven)
            && route::has_own_token(self.desk, tx, &self.keys, &ticket, &author).await?;
        if has_own_token {
            reached(tx, Some(&author), &mut trace).await?;
        }
        let reopen_for = i64::from(self.desk.config.desk.reopen_days) * Timestamp::DAY;
        let too_late = ticket.closed_at.is_some_and(|at| self.now.0 - at.0 > reopen_for);
        if too_late && ticket.status == Status::Closed {
            trace.note("closed too long ago", format!("ticket {} is continued in a new one", ticket.id));
            return self.open(tx, Some(&ticket), trace).await;
        }
        if !proven && !has_own_token {
            return self.unproven(tx, ticket, &author, trace).await;
        }
        if let Some(rating) = self.rating(tx, &ticket, &author).await? {
            return Box::pin(self.rated(tx, ticket, (author, rating), trace)).await;
        }
        self.say_as_customer(tx, ticket, author, trace).await
    }

    /// Keeps what somebody says who takes no part in the ticket.
    async fn outside(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        trace: Trace,
        token: Option<&Known>,
    ) -> Result<Done, DeskError> {
        if self.is_third_party(tx, ticket.id).await? {
            return Box::pin(self.keep_third_party(tx, ticket, trace)).await;
        }
        self.external(tx, ticket, trace, (Outside::Stranger, token)).await
    }

    /// Adds what somebody says who takes part in the ticket.
    async fn say_as_customer(
        &self,
        tx: &mut Tx,
        ticket: Ticket,
        author: User,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        let mut action = Action::on(&Actor::customer(author.clone()), ticket);
        if self.authentication == Authentication::Pass {
            people::heard_at(tx, &mut action, &author).await?;
        }
        let words = Arc::clone(&self.words);
        let said = Said { origin: Some(Arc::clone(&self.origin)), ..Said::of(Visibility::Public, words) };
        comment::comment(self.desk, tx, &mut action, said, self.now).await?;
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        self.remember(tx, ticket.id).await?;
        Ok(Done { outcome: Became::Followup, reason: None, ticket_id: Some(ticket.id), trace })
    }
}
