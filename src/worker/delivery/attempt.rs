//! One attempt at one mail over one connection, and whether it says more about the account than about the mail.
//!
//! Writes nothing but that the text is about to leave.

use tokio::time::Instant;

use crate::config::smtp::SmtpTransport;
use crate::desk::app::App;
use crate::desk::relay;
use crate::desk::relay::Others;
use crate::email::Email;
use crate::mail::classify::blame::Blame;
use crate::smtp::OpenTransport;
use crate::smtp::Transport;
use crate::smtp::mail::Mail;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store::outbox::Outgoing;
use crate::store::return_paths::Path;
use crate::worker::delivery::account_worker::AccountWorker;
use crate::worker::delivery::account_worker::DeliveryError;
use crate::worker::delivery::account_worker::MOST_REFUSALS;
use crate::worker::handover;
use crate::worker::handover::Composed;
use crate::worker::handover::StartError;
use crate::worker::login;
use crate::worker::return_path;

/// One mail with what is needed to hand it over.
#[derive(Clone, Copy, Debug)]
pub struct DueMail<'a> {
    pub row: &'a Outgoing,
    pub(crate) composed: &'a Composed,
    pub unclear: i64,
    pub(crate) deadline: Instant,
}

/// An attempt at one mail.
#[derive(Debug)]
pub struct Tried {
    pub attempt: Attempt,
    /// The plain address, where it took the place of the mail's own return path.
    pub sender: Option<String>,
    /// A return path that was refused, while the plain address was taken.
    pub(crate) refused_path: Option<Path>,
}

/// How an attempt at one mail ended.
#[derive(Debug)]
pub enum Attempt {
    Answered(Outcome),
    /// The server refuses us, whoever the mail is for: the sender's mail waits.
    Ours(Refusal),
    /// The account is the trouble, not the mail.
    Turned {
        refusal: Refusal,
        stage: Handover,
    },
    /// Another process has the mail now.
    LeaseLost,
}

/// Whether the text of a mail was about to leave when the account turned out to be the trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    Ahead,
    Begun,
}

/// How handing a mail over once ended.
enum Handed {
    Answered { outcome: Outcome, stage: Handover },
    NoChannel(Refusal),
    LeaseLost,
}

impl Tried {
    fn lost() -> Self {
        Self { attempt: Attempt::LeaseLost, sender: None, refused_path: None }
    }
}

impl AccountWorker {
    /// Tries one mail; at once a second time, from the plain address, where its return path may be what is refused.
    pub async fn attempt(&mut self, app: &App, due: &DueMail<'_>) -> Result<Tried, DeliveryError> {
        let plain = due.composed.from.as_str();
        let sender = self.return_paths.of(due.row, plain);
        let mut handed = self.hand_over(app, due, sender.address).await?;
        let mut refused_path = None;
        let mut is_plain = sender.address == Some(plain) && due.row.envelope_from != plain;
        if let Some(path) = sender.special
            && let Handed::Answered { outcome, stage } = &handed
            && is_doubtful(outcome)
        {
            if !withdraw(app, due.row, *stage).await? {
                return Ok(Tried::lost());
            }
            handed = self.hand_over(app, due, Some(plain)).await?;
            is_plain = true;
            let is_sent = matches!(&handed, Handed::Answered { outcome: Outcome::Sent { .. }, .. });
            refused_path = Some(path).filter(|_| is_sent);
        }
        let attempt = self.judge(app, due.row, handed);
        Ok(Tried { attempt, sender: is_plain.then(|| plain.to_owned()), refused_path })
    }

    /// One conversation with the server.
    async fn hand_over(
        &mut self,
        app: &App,
        due: &DueMail<'_>,
        sender: Option<&str>,
    ) -> Result<Handed, DeliveryError> {
        let DueMail { row, composed, unclear, deadline } = *due;
        let is_used = self.channel.is_some();
        let mut channel = match self.open(app, deadline).await {
            Ok(channel) => channel,
            Err(refusal) => return Ok(Handed::NoChannel(refusal)),
        };
        let recipients = [row.recipient.clone()];
        let raw = &composed.raw;
        let mail = Mail { message_id: &row.message_id, sender, recipients: &recipients, raw };
        let mut stage = Handover::Ahead;
        let before_data = async || {
            handover::start_data(app, row, unclear).await?;
            stage = Handover::Begun;
            Ok(())
        };
        let outcomes = match channel.send(&mail, before_data, deadline).await {
            Ok(outcomes) => outcomes,
            Err(StartError::Lost) => return Ok(Handed::LeaseLost),
            Err(StartError::Store(error)) => return Err(error.into()),
        };
        let outcome = outcomes.into_iter().next().unwrap_or(Outcome::Unclear);
        if is_used && is_parting(&outcome) && Instant::now() < deadline {
            // Enough of this connection, said the server; not of us. The next one is not used.
            drop(channel);
            if !withdraw(app, row, stage).await? {
                return Ok(Handed::LeaseLost);
            }
            return Box::pin(self.hand_over(app, due, sender)).await;
        }
        match &outcome {
            // Some servers leave after they refused a text, without a word.
            Outcome::Rejected(refusal) | Outcome::Deferred(refusal) if refusal.stage == Stage::Data => {
                channel.close().await;
            }
            Outcome::Sent { .. } | Outcome::Rejected(_) => self.channel = Some(channel),
            outcome if is_doubtful(outcome) => self.channel = Some(channel),
            _ => {}
        }
        Ok(Handed::Answered { outcome, stage })
    }

    /// After a final word on a recipient: whether the same server would take mail to our own address now.
    pub async fn others(&mut self, app: &App, outcome: &Outcome, due: &DueMail<'_>) -> Others {
        let Outcome::Rejected(refusal) = outcome else { return Others::Unknown };
        if !matches!(self.transport, Transport::Server(_)) {
            return Others::NoServer;
        }
        if refusal.stage != Stage::Recipient || !refusal.may_be_meant_for_all() {
            return Others::Unknown;
        }
        let Ok(mut channel) = self.open(app, due.deadline).await else { return Others::Unknown };
        let taken = channel.takes_own(&due.composed.from, due.deadline).await;
        self.channel = Some(channel);
        match taken {
            true if refusal.blame() == Blame::Recipient => Others::Taken,
            true => Others::OwnTaken,
            false => Others::Unknown,
        }
    }

    /// Whether what a server said is about the account, about us, or about the mail.
    fn judge(&mut self, app: &App, row: &Outgoing, handed: Handed) -> Attempt {
        let (outcome, stage) = match handed {
            Handed::Answered { outcome, stage } => (outcome, stage),
            Handed::NoChannel(refusal) => return Attempt::Turned { refusal, stage: Handover::Ahead },
            Handed::LeaseLost => return Attempt::LeaseLost,
        };
        match outcome {
            Outcome::Deferred(refusal) | Outcome::Rejected(refusal) if self.is_ours(app, row, &refusal) => {
                Attempt::Ours(refusal)
            }
            Outcome::Deferred(refusal) if refusal.pauses_channel() || self.is_about_account(&refusal) => {
                Attempt::Turned { refusal, stage }
            }
            outcome => {
                self.refusals = if is_sender_refusal(&outcome) { self.refusals } else { 0 };
                Attempt::Answered(outcome)
            }
        }
    }

    /// Whether a refusal is about us. While a sender is paused, so is what is said alike; and what was said for one
    /// domain, while others were served, does not begin the same pause anew.
    fn is_ours(&self, app: &App, row: &Outgoing, refusal: &Refusal) -> bool {
        let pause = self.pauses.iter().find(|pause| pause.queue_id == row.queue_id);
        let Some(pause) = pause else { return refusal.is_about_us() };
        let alike = pause.alike == refusal.alike();
        match pause.ended_at {
            None => refusal.is_about_us() || alike && refusal.is_permanent(),
            Some(ended) => {
                let fresh = app.now().since(ended) < relay::MEMORY;
                refusal.is_about_us()
                    && !(fresh && alike && pause.domain == Email::of(&row.recipient).domain())
            }
        }
    }

    /// Connection trouble concerns every mail alike; so does being put off at MAIL FROM several times in a row.
    fn is_about_account(&mut self, refusal: &Refusal) -> bool {
        match refusal.stage {
            Stage::Connect | Stage::Tls | Stage::Greeting => true,
            Stage::Sender if refusal.code.is_some() => {
                self.refusals += 1;
                self.refusals >= MOST_REFUSALS
            }
            _ => false,
        }
    }

    async fn open(&mut self, app: &App, deadline: Instant) -> Result<OpenTransport, Refusal> {
        if let Some(mut channel) = self.channel.take()
            && channel.ready(deadline).await
        {
            return Ok(channel);
        }
        let tokens = &self.outside.tokens;
        let login = match &self.account.transport {
            SmtpTransport::Server(server) => server.login.as_ref(),
            SmtpTransport::Directory(_) => None,
        };
        let Some(login) = login else { return self.transport.open(None, deadline).await };
        let credentials = tokio::time::timeout_at(deadline, login::credentials(app, tokens, login)).await;
        let credentials = match credentials {
            Ok(Ok(credentials)) => credentials,
            Ok(Err(error)) => return Err(Refusal::of(Stage::Login, error.to_string())),
            Err(_) => return Err(Refusal::of(Stage::Login, "fetching the secret took too long")),
        };
        let token = credentials.token().cloned();
        let opened = self.transport.open(Some(credentials), deadline).await;
        if matches!(&opened, Err(refusal) if refusal.stage == Stage::Login) {
            login::refused(tokens, login, token.as_ref()).await;
        }
        opened
    }
}

/// Takes back that a text was about to leave, if it was; false if another process has the mail now.
async fn withdraw(app: &App, row: &Outgoing, stage: Handover) -> Result<bool, DeliveryError> {
    if stage == Handover::Ahead {
        return Ok(true);
    }
    match handover::withdraw_data(app, row).await {
        Ok(()) => Ok(true),
        Err(StartError::Lost) => Ok(false),
        Err(StartError::Store(error)) => Err(error.into()),
    }
}

/// Whether a server ended the connection before it took the mail.
fn is_parting(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Deferred(refusal)
        if matches!(refusal.stage, Stage::Sender | Stage::Recipient | Stage::Data)
            && (refusal.code == Some(421) || refusal.code.is_none() && refusal.enhanced.is_none()))
}

fn is_sender_refusal(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Deferred(refusal) if refusal.stage == Stage::Sender)
}

fn is_doubtful(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Deferred(refusal) | Outcome::Rejected(refusal) if return_path::is_doubtful(refusal))
}
