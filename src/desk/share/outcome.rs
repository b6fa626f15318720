//! What a partner's answer, or none, does to a request, its line, the ticket and the agreement.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::alert;
use crate::desk::event;
use crate::desk::load;
use crate::desk::share::agreement;
use crate::desk::share::enqueue;
use crate::desk::share::enqueue::Cause;
use crate::desk::share::request;
use crate::desk::share::tell;
use crate::desk::share::ticket as shares;
use crate::sharing::reaction;
use crate::sharing::reaction::Ending;
use crate::sharing::reaction::Reaction;
use crate::sharing::reaction::Tried;
use crate::sharing::redact;
use crate::sharing::stored::RequestKind;
use crate::sharing::stored::RequestState;
use crate::sharing::stored::ShareState;
use crate::sharing::text;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::partner_outbox::Request;
use crate::store::partner_outbox::Settlement;
use crate::store::shared_tickets::SharedTicket;
use crate::template::sentence::Sentence;
use crate::ticket::life::Ticket;

/// Characters of an answer that are kept.
const ANSWER: usize = 1_000;

/// How a try ended, with the words of the partner, or of our own network.
#[derive(Clone, Debug)]
pub struct Ended {
    pub code: Option<u16>,
    pub(crate) retry_after: Option<Duration>,
    pub words: String,
}

/// Everything that one settlement looks at.
struct Case<'a> {
    desk: &'a Desk,
    row: &'a Request,
    agreement: Agreement,
    share: Option<SharedTicket>,
    /// The ticket, if it is there, locked.
    ticket: Option<Ticket>,
    ended: &'a Ended,
    answer: String,
    now: Timestamp,
}

/// Writes how a try ended, with all of its effects. Returns what the metrics call it; none when another
/// process has the request now.
pub async fn write(
    desk: &Desk,
    tx: &mut Tx,
    row: &Request,
    ended: &Ended,
    now: Timestamp,
) -> Result<Option<&'static str>, DeskError> {
    let share = request::share(tx, row).await?;
    // Always the ticket first, so that two transactions cannot wait for each other.
    let ticket = match share.as_ref().and_then(|share| share.ticket_id) {
        Some(id) => Some(load(tx, id).await?),
        None => None,
    };
    let share = request::share(tx, row).await?;
    let Some(agreement) = store::agreements::find(tx, row.agreement_id).await? else { return Ok(None) };
    let about = request::about(&agreement, share.as_ref(), row);
    let attempt = Tried {
        about,
        tries: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        first_try: row.first_tried_at.unwrap_or(now),
    };
    let ending = match ended.code {
        Some(code) => Ending::Answer { code, retry_after: ended.retry_after },
        None => Ending::NoAnswer,
    };
    let answer = answer(&agreement, ended);
    let case = Case { desk, row, agreement, share, ticket, ended, answer, now };
    case.react(tx, reaction::reaction(attempt, ending, now)).await
}

/// One line for the log, without secrets.
fn answer(agreement: &Agreement, ended: &Ended) -> String {
    let words = text::one_line(&redact::redact_known(&ended.words, &agreement.access_key));
    words.chars().take(ANSWER).collect()
}

/// Why a request is given up.
#[derive(Clone, Copy, Debug)]
enum Failed {
    Refused,
    Unreachable,
}

impl Failed {
    fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable => "could not be reached for",
        }
    }

    /// Of the sentence that tells it to agents.
    fn key(self) -> &'static str {
        match self {
            Self::Refused => "note.partner_refused",
            Self::Unreachable => "note.partner_unreachable",
        }
    }
}

impl Case<'_> {
    async fn react(&self, tx: &mut Tx, reaction: Reaction) -> Result<Option<&'static str>, DeskError> {
        let (word, state) = match reaction {
            Reaction::Done => ("done", RequestState::Done),
            Reaction::RepeatWithToken => ("repeated", RequestState::Queued),
            Reaction::ShareAgain => return self.share_again(tx).await,
            Reaction::Unshared => ("unshared", RequestState::Failed),
            Reaction::Broken => ("broken", RequestState::Queued),
            Reaction::Park => ("parked", RequestState::Parked),
            Reaction::Retry(_) => ("deferred", RequestState::Queued),
            Reaction::GiveUp => ("given_up", RequestState::Failed),
        };
        let settlement = Settlement {
            state,
            due_at: if let Reaction::Retry(at) = reaction { at } else { self.now },
            with_token: reaction == Reaction::RepeatWithToken || self.row.with_token,
            settled_at: (state != RequestState::Queued).then_some(self.now),
            ..self.unchanged()
        };
        if !store::partner_outbox::settle(tx, self.row.id, self.row.attempts, &settlement).await? {
            return Ok(None);
        }
        self.note_reachable(tx).await?;
        match reaction {
            Reaction::Done => self.done(tx).await?,
            Reaction::Unshared => self.unshared(tx).await?,
            Reaction::Broken => self.broken(tx).await?,
            Reaction::Park => self.given_up(tx, Failed::Refused).await?,
            Reaction::GiveUp => self.given_up(tx, Failed::Unreachable).await?,
            Reaction::RepeatWithToken | Reaction::ShareAgain | Reaction::Retry(_) => {}
        }
        Ok(Some(word))
    }

    fn unchanged(&self) -> Settlement<'_> {
        Settlement {
            about: self.row.about,
            body: &self.row.body,
            with_token: self.row.with_token,
            state: RequestState::Queued,
            due_at: self.now,
            code: self.ended.code.map(i64::from),
            answer: &self.answer,
            settled_at: None,
        }
    }

    /// Since when there is trouble; a partner who answers at all can be reached.
    async fn note_reachable(&self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        let reached = matches!(self.ended.code, Some(200..=499));
        let failing_since = if reached { None } else { self.agreement.failing_since.or(Some(self.now)) };
        if failing_since == self.agreement.failing_since {
            return Ok(());
        }
        store::agreements::set_failing(tx, self.agreement.id, failing_since).await
    }

    async fn done(&self, tx: &mut Tx) -> Result<(), DeskError> {
        match (self.row.about, &self.share) {
            (RequestKind::Update, Some(share)) if share.reposts > 0 => {
                let share = SharedTicket { reposts: 0, ..share.clone() };
                store::shared_tickets::update(tx, &share, self.now).await?;
            }
            (RequestKind::Deactivation, _) => {
                store::partner_outbox::cancel_all(tx, self.agreement.id, "the agreement has ended", self.now)
                    .await?;
            }
            (RequestKind::Invitation | RequestKind::Decision, _) if self.agreement.trouble.is_some() => {
                let mended = Agreement { trouble: None, ..self.agreement.clone() };
                store::agreements::update(tx, &mended, self.now).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The partner does not know the ticket: this request becomes the one that makes it known, and stays first.
    async fn share_again(&self, tx: &mut Tx) -> Result<Option<&'static str>, DeskError> {
        let (Some(share), Some(ticket)) = (&self.share, &self.ticket) else {
            return Box::pin(self.react(tx, Reaction::Unshared)).await;
        };
        let mut share = SharedTicket { reposts: share.reposts + 1, ..share.clone() };
        let known = (self.agreement.clone(), Actor::desk());
        let (mut whole, _) = shares::whole(tx, (&known.0, &mut share), ticket, &known.1, self.now).await?;
        let rest = shares::split(&mut whole);
        let body = whole.to_json();
        let settlement = Settlement { about: RequestKind::Share, body: &body, ..self.unchanged() };
        if !store::partner_outbox::settle(tx, self.row.id, self.row.attempts, &settlement).await? {
            return Ok(None);
        }
        for part in rest {
            let about = (RequestKind::Update, part.to_json());
            let line = (about.0, about.1.as_str());
            enqueue::line_up(tx, (&known.0, &share), line, Cause::Person, self.now).await?;
        }
        store::shared_tickets::update(tx, &share, self.now).await?;
        self.note_reachable(tx).await?;
        Ok(Some("shared_again"))
    }

    async fn unshared(&self, tx: &mut Tx) -> Result<(), DeskError> {
        let Some(share) = &self.share else { return Ok(()) };
        let ended = SharedTicket { state: ShareState::Unshared, ..share.clone() };
        store::shared_tickets::update(tx, &ended, self.now).await?;
        store::partner_outbox::cancel_line(tx, share.id, "the partner no longer has the ticket", self.now)
            .await?;
        let told = Sentence::new("note.partner_lacks").with("partner", &self.agreement.partner_name);
        let Some(mut action) = self.begin(tx).await? else { return Ok(()) };
        agreement::lift_hold(&mut action, &self.agreement, self.now);
        tell::staff(self.desk, tx, &mut action, &told, self.now).await?;
        event::record(self.desk, tx, action, self.now).await.map(drop)
    }

    /// What the desk itself does to the ticket, if there is one.
    async fn begin(&self, tx: &mut Tx) -> Result<Option<Action>, DeskError> {
        match &self.ticket {
            Some(ticket) => Action::begin(tx, &Actor::desk(), ticket.id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn broken(&self, tx: &mut Tx) -> Result<(), DeskError> {
        let trouble = format!("the partner refuses this desk: {}", self.shown());
        let broken =
            Agreement { broken_at: Some(self.now), trouble: Some(trouble.clone()), ..self.agreement.clone() };
        store::agreements::update(tx, &broken, self.now).await?;
        store::partner_outbox::postpone(tx, broken.id).await?;
        agreement::note(tx, &broken, ("desk", None), ("broken", Some(trouble.clone())), self.now).await?;
        let host = broken.judged().partner_url().host().to_owned();
        let text = format!(
            "Nothing is sent under agreement {0} any more: {trouble}\n\nTo try again: helpdeskd agreement resend {0}",
            broken.uuid
        );
        alert::post(self.desk, tx, &format!("sharing with {host} is broken"), &text, self.now).await
    }

    async fn given_up(&self, tx: &mut Tx, failed: Failed) -> Result<(), DeskError> {
        let partner = &self.agreement.partner_name;
        if self.ticket.is_some() {
            let what = match self.row.about {
                RequestKind::Share => "note.partner_share",
                RequestKind::Unshare => "note.partner_unshare",
                _ => "note.partner_update",
            };
            let told = Sentence::new(failed.key()).with("partner", partner).with_word("what", what);
            return self.tell(tx, &told.with("answer", &self.shown())).await;
        }
        let what = match self.row.about {
            RequestKind::Share => "this ticket",
            RequestKind::Update => "a change of this ticket",
            RequestKind::Unshare => "the end of sharing this ticket",
            RequestKind::Invitation => "the invitation",
            RequestKind::Decision | RequestKind::Deactivation => "word of the agreement",
        };
        let text = format!("{partner} {} {what}: {}", failed.as_str(), self.shown());
        let troubled = Agreement { trouble: Some(text.clone()), ..self.agreement.clone() };
        store::agreements::update(tx, &troubled, self.now).await?;
        agreement::note(tx, &troubled, ("desk", None), ("failed", Some(text.clone())), self.now).await?;
        let text = format!("{text}\n\nhelpdeskd agreement log {}", troubled.uuid);
        let host = troubled.judged().partner_url().host().to_owned();
        alert::post(self.desk, tx, &format!("sharing with {host} failed"), &text, self.now).await
    }

    fn shown(&self) -> String {
        match self.ended.code {
            Some(code) if self.answer.is_empty() => format!("answer {code}"),
            Some(code) => format!("answer {code}: {}", self.answer),
            None => self.answer.clone(),
        }
    }

    async fn tell(&self, tx: &mut Tx, sentence: &Sentence) -> Result<(), DeskError> {
        let Some(mut action) = self.begin(tx).await? else { return Ok(()) };
        tell::staff(self.desk, tx, &mut action, sentence, self.now).await?;
        event::record(self.desk, tx, action, self.now).await.map(drop)
    }
}
