//! An agent's mail about a ticket: what he says goes out in the queue's name, what he asks for is done.
//!
//! Where anything of it must not be, nothing goes out: it is kept as a private note, and he is told why.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Evidence;
use crate::desk::authority::Known;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::collision;
use crate::desk::collision::Collision;
use crate::desk::command;
use crate::desk::command::Plan;
use crate::desk::command::report::Remark;
use crate::desk::command::report::Why;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::entry;
use crate::desk::event;
use crate::desk::message::Message;
use crate::desk::notify;
use crate::desk::notify::Answer;
use crate::desk::notify::Kept;
use crate::desk::prepared::Prepared;
use crate::desk::receive::admit::Outside;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::receive::confirm::Answered;
use crate::desk::receive::leak;
use crate::desk::reply;
use crate::desk::reply::ReplyError;
use crate::desk::route;
use crate::desk::trace::Trace;
use crate::mail::internal;
use crate::mail::journal::Became;
use crate::mail::token::Purpose;
use crate::store::db::Tx;
use crate::store::followups::Statement;
use crate::template::locale;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket;
use crate::ticket::entry::Disposition;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// What became of the text of an agent's mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Public,
    Private,
    /// Kept in this entry and sent to nobody.
    Withheld(FollowupId),
    /// Kept in this entry, and as a draft.
    Held(FollowupId),
    /// It went to a third party alone.
    Forwarded,
    /// There was none.
    Silent,
}

/// What else a report to an agent is about.
#[derive(Clone, Copy, Default)]
pub(super) struct ReportAbout<'a> {
    pub(super) note: Option<&'a Sentence>,
    /// The entry that waits for the agent's word.
    pub(super) waiting: Option<FollowupId>,
}

impl Fate {
    fn reason(self) -> Option<String> {
        match self {
            Self::Public => None,
            Self::Private => Some("note".to_owned()),
            Self::Withheld(_) => Some("withheld".to_owned()),
            Self::Held(_) => Some("draft".to_owned()),
            Self::Forwarded => Some("forwarded".to_owned()),
            Self::Silent => Some("commands".to_owned()),
        }
    }
}

impl Case<'_> {
    /// Takes an agent's mail for what he can show that it is.
    pub(super) async fn by_staff(
        &mut self,
        tx: &mut Tx,
        ticket: Ticket,
        author: &User,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let queue = self.desk.directory.queue(ticket.queue_id).map_or(self.queue, |queue| queue);
        let tokens = route::tokens(self.desk, tx, &self.keys, ticket.id).await?;
        let evidence =
            Evidence { authentication: self.authentication, tokens: &tokens, queue: &queue.config };
        match authority::standing(author, Proof::Mail(evidence), Aim::Change) {
            Standing::Agent => {
                trace.note("agent", "verified: it answers a mail that was sent to staff");
                match self.answered(tx, &ticket, author, &tokens).await? {
                    Answered::Warning(entry) => {
                        Box::pin(self.answer_warning(tx, ticket, author, entry, trace)).await
                    }
                    Answered::Mail(entry) => {
                        self.answering.entry = entry;
                        self.act(tx, ticket, author, trace).await
                    }
                }
            }
            Standing::Unverified(_) if is_customers(&tokens, author) => {
                trace.note("agent", "answers as the customer they are here");
                self.say_as_customer(tx, ticket, author.clone(), trace).await
            }
            Standing::Unverified(doubt) => self.unverified(tx, ticket, (author, doubt), trace).await,
            Standing::Forged | Standing::Outsider => {
                self.external(tx, ticket, trace, (Outside::Forged, None)).await
            }
        }
    }

    pub(super) async fn act(
        &mut self,
        tx: &mut Tx,
        ticket: Ticket,
        author: &User,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let orders = ticket::command::read(self.words.newest());
        let mut refused = None;
        if let Some(sender) = self.calls_spam(&orders) {
            // On the heap: few mails say so.
            match Box::pin(self.call_spam(tx, &ticket, author, sender, &mut trace)).await {
                Err(DeskError::Refused(why)) => refused = Some(Why::Text(why)),
                done => return done,
            }
        }
        let mut action = Action::on(&Actor::author(Some(author.clone())), ticket);
        let entries = leak::said(tx, action.ticket.id).await?;
        let asked = !orders.orders.is_empty();
        let mut plan = command::plan(orders.orders);
        if let Some(why) = refused {
            plan.refuse_instead("#spam", why);
        }
        plan.answers = self.answering.entry;
        self.hold_back_leaks(tx, (&entries, &orders.text), &mut plan).await?;
        if !asked && !self.says_something(&orders.text) {
            plan.refuse_all(Sentence::new("reply.empty"));
        }
        let draft = self.draft_to_send(tx, &action.ticket, author, &mut plan).await?;
        command::carry_out(self.desk, tx, &mut action, &mut plan, self.now).await?;
        let text = self.own_text(&entries, orders.text);
        let text = self.with_reply(tx, &action, text, &mut plan).await?;
        let unseen = collision::unseen(self.desk, tx, &action.actor, &action.ticket, &self.keys).await?;
        let draft = draft.filter(|_| !plan.is_refused());
        let goes_out = draft.is_some() || self.goes_out(&plan, &text);
        let collision = unseen.clone().filter(|_| goes_out);
        let fate = match (draft, &collision) {
            (Some(draft), _) => self.send(tx, &mut action, text, &mut plan, draft).await?,
            (None, Some(collision)) if self.holds(&action.ticket) => {
                self.hold(tx, &mut action, text, &mut plan, collision).await?
            }
            _ => self.speak(tx, &mut action, text, &mut plan).await?,
        };
        if let Some(collision) = collision {
            trace.note("collision", collision.evidence());
            action.collides(collision);
        }
        let ticket = event::record(self.desk, tx, action, self.now).await?;
        self.remember(tx, ticket.id).await?;
        for refusal in &plan.report.refused {
            trace.note("refused", refusal.told(self.desk, locale::ENGLISH));
        }
        if asked || plan.is_refused() || goes_out && unseen.is_some() {
            let note = unseen.as_ref().map(Collision::to_second);
            let about = ReportAbout { note: note.as_ref(), waiting: None };
            self.report(tx, &ticket, author, (&plan, fate), about).await?;
        }
        Ok(Done { outcome: Became::Followup, reason: fate.reason(), ticket_id: Some(ticket.id), trace })
    }

    /// Refuses everything if what would go out holds what must not.
    pub(super) async fn hold_back_leaks(
        &self,
        tx: &mut Tx,
        (entries, text): (&[Statement], &str),
        plan: &mut Plan,
    ) -> Result<(), DeskError> {
        if plan.visibility == Visibility::Private {
            return Ok(());
        }
        let answer = leak::Answer { text, whole: self.whole_text(), words: &self.words };
        if let Some(leak) = leak::find(tx, entries, &answer).await? {
            plan.refuse_all(leak.reason());
        }
        Ok(())
    }

    /// The text without what is left of our own words around the quoted ones.
    fn own_text(&self, entries: &[Statement], text: String) -> String {
        let whole = self.whole_text();
        if internal::has_marker(whole) {
            let text = internal::without_introduction(whole, &text);
            internal::without_foreign_quotes(text, &leak::shown(entries))
        } else {
            text
        }
    }

    /// The text below the saved reply that was asked for.
    async fn with_reply(
        &self,
        tx: &mut Tx,
        action: &Action,
        text: String,
        plan: &mut Plan,
    ) -> Result<String, DeskError> {
        let Some((line, name)) = plan.reply.take() else { return Ok(text) };
        // On the heap: few mails ask for one.
        let filled = Box::pin(reply::filled(self.desk, tx, &action.actor, &action.ticket, &name)).await;
        let why = match filled {
            Ok(filled) => {
                plan.report.done.push(Remark::Order(line));
                let below = text.trim_start_matches('\n');
                return Ok(if below.trim().is_empty() { filled } else { format!("{filled}\n\n{below}") });
            }
            Err(ReplyError::Desk(error)) => return Err(error),
            Err(ReplyError::Unknown(_)) => Why::from(Sentence::new("reply.no_reply")),
            Err(error) => Why::Text(error.to_string()),
        };
        plan.refuse(&line, why);
        Ok(text)
    }

    /// Whether there is more than commands: pictures inside of a text are part of it, or of a signature.
    pub(super) fn says_something(&self, text: &str) -> bool {
        let has_kept = self.words.kept.iter().any(|file| file.disposition != Disposition::Inline);
        !text.trim().is_empty() || has_kept || self.words.attachments.iter().any(|file| !file.inline)
    }

    /// Whether the customer hears of it.
    fn goes_out(&self, plan: &Plan, text: &str) -> bool {
        let is_said = plan.visibility == Visibility::Public && self.says_something(text);
        !plan.is_refused() && plan.forward.is_none() && (is_said || plan.status.is_some())
    }

    /// Says the text, for whom it is, with what becomes of the ticket by it.
    async fn speak(
        &mut self,
        tx: &mut Tx,
        action: &mut Action,
        text: String,
        plan: &mut Plan,
    ) -> Result<Fate, DeskError> {
        // On the heap: few mails pass anything on.
        let text = if plan.is_refused() {
            text
        } else {
            match Box::pin(self.pass_on_to(tx, action, text, plan)).await? {
                Ok(fate) => return Ok(fate),
                Err(text) => text,
            }
        };
        let says = self.says_something(&text);
        if plan.is_refused() {
            plan.refuse_forward();
            plan.refuse_status();
            plan.refuse_send("reply.kept_back");
            return self.withhold(tx, action, plan.visibility).await;
        }
        let words = self.own_words(text, plan);
        let origin = Some(Arc::clone(&self.origin));
        let private = plan.visibility == Visibility::Private;
        if says && (private || plan.status.is_none()) {
            let said = Said { origin: origin.clone(), ..Said::of(plan.visibility, Arc::clone(&words)) };
            comment::comment(self.desk, tx, action, said, self.now).await?;
        }
        if let Some((line, status)) = plan.status.take() {
            let words = if private { Arc::default() } else { words };
            close::enter(self.desk, tx, action, status, LastWords { words, origin }, self.now).await?;
            plan.report.done.push(Remark::Order(line));
        }
        Ok(match (says, private) {
            (false, _) => Fate::Silent,
            (true, true) => Fate::Private,
            (true, false) => Fate::Public,
        })
    }

    /// The text as it is said, with the files that came with it.
    pub(super) fn own_words(&mut self, text: String, plan: &Plan) -> Arc<Prepared> {
        let says = self.says_something(&text);
        let (attachments, left_out) = Arc::make_mut(&mut self.words).take_files();
        let attachments = if says { attachments } else { Vec::new() };
        let kept = if says { self.words.kept.clone() } else { Vec::new() };
        let words = Message { text, attachments, left_out, kept, mark: plan.mark, ..Message::default() };
        Arc::new(Prepared::new_part(words, self.words.html.as_deref()))
    }

    /// Keeps the whole mail where only agents see it. Nobody else hears of it.
    async fn withhold(&self, tx: &mut Tx, action: &mut Action, meant: Visibility) -> Result<Fate, DeskError> {
        // What was meant to be public is no secret when it is said again.
        let kind = if meant == Visibility::Private { EntryKind::Comment } else { EntryKind::Withheld };
        let entry = self.entry(kind, Visibility::Private);
        let written =
            entry::write(self.desk, tx, (action.ticket.id, &action.actor), &entry, self.now).await?;
        let inbox = self.received.id.to_string();
        action.add(Event::added(Kind::EntryPrivate, "withheld", inbox).by_entry(written.id));
        Ok(Fate::Withheld(written.id))
    }

    /// Tells the agent what was done and what was not.
    pub(super) async fn report(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
        (plan, fate): (&Plan, Fate),
        about: ReportAbout<'_>,
    ) -> Result<(), DeskError> {
        if self.silence.is_some() {
            return Ok(());
        }
        let kept = match fate {
            Fate::Withheld(entry) | Fate::Held(entry) => Some(Kept { words: &self.words, entry }),
            Fate::Public | Fate::Private | Fate::Forwarded | Fate::Silent => None,
        };
        let answer = Answer {
            author,
            template: Name::CommandsDone,
            origin: &self.origin,
            kept,
            waiting: about.waiting,
            note: about.note,
            report: Some(&plan.report),
        };
        notify::answer(self.desk, tx, ticket, &answer, self.now).await
    }
}

/// Whether the mail answers one that was sent to its author as a customer of this ticket.
fn is_customers(tokens: &[Known], author: &User) -> bool {
    let first = tokens.first().filter(|token| token.purpose == Purpose::CustomerReply);
    first.is_some_and(|token| author.has_address(&token.recipient))
}
