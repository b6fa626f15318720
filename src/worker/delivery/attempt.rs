//! One attempt at one mail over one connection, and whether it says more about the account than about the mail.
//!
//! Writes nothing but that the text is about to leave.

use tokio::time::Instant;

use crate::config::smtp::SmtpTransport;
use crate::desk::app::App;
use crate::smtp;
use crate::smtp::Channel;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store::outbox::Outgoing;
use crate::worker::delivery::DeliveryError;
use crate::worker::delivery::Lane;
use crate::worker::delivery::MOST_REFUSALS;
use crate::worker::handover;
use crate::worker::handover::StartError;
use crate::worker::login;

/// How an attempt at one mail ended.
#[derive(Debug)]
pub enum Attempt {
    Answered(Outcome),
    /// The account is the trouble, not the mail.
    Turned {
        refusal: Refusal,
        stage: Handover,
    },
    /// Another process has the mail now.
    LeaseLost,
    /// Refused for something that the next attempt, at once, leaves out.
    Again,
}

/// Whether the text of a mail was about to leave when the account turned out to be the trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    Ahead,
    Begun,
}

impl Lane {
    pub async fn attempt(
        &mut self,
        app: &App,
        row: &Outgoing,
        raw: &[u8],
        unclear: i64,
    ) -> Result<Attempt, DeliveryError> {
        let deadline = Instant::now() + app.desk.config.delivery.attempt;
        let mut channel = match self.open(app, deadline).await {
            Ok(channel) => channel,
            Err(refusal) => return Ok(Attempt::Turned { refusal, stage: Handover::Ahead }),
        };
        let recipients = [row.recipient.clone()];
        let sender = self.return_paths.of(row);
        let sender = sender.as_deref();
        let mail = smtp::Mail { message_id: &row.message_id, sender, recipients: &recipients, raw };
        let mut stage = Handover::Ahead;
        let before_data = async || {
            handover::start_data(app, row, unclear).await?;
            stage = Handover::Begun;
            Ok(())
        };
        let outcomes = match channel.send(&mail, before_data, deadline).await {
            Ok(outcomes) => outcomes,
            Err(StartError::Lost) => return Ok(Attempt::LeaseLost),
            Err(StartError::Store(error)) => return Err(error.into()),
        };
        let outcome = outcomes.into_iter().next().unwrap_or(Outcome::Unclear);
        if self.return_paths.refused(row, &outcome) {
            return Ok(Attempt::Again);
        }
        if matches!(outcome, Outcome::Sent { .. } | Outcome::Rejected(_)) {
            self.channel = Some(channel);
        }
        Ok(match outcome {
            Outcome::Deferred(refusal) if refusal.pauses_channel() || self.is_about_account(&refusal) => {
                Attempt::Turned { refusal, stage }
            }
            outcome => {
                self.refusals = if is_sender_refusal(&outcome) { self.refusals } else { 0 };
                Attempt::Answered(outcome)
            }
        })
    }

    /// Connection trouble concerns every mail alike; so does the same refusal of several senders in a row.
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

    async fn open(&mut self, app: &App, deadline: Instant) -> Result<Channel, Refusal> {
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

fn is_sender_refusal(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Deferred(refusal) if refusal.stage == Stage::Sender)
}
