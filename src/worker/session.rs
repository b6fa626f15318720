//! A session with a mailbox: what to log in with, and the log-in.

use crate::config::mailbox::Mailbox;
use crate::desk::app::App;
use crate::imap::Limits;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::worker::intake::error::IntakeError;
use crate::worker::login;
use crate::worker::tokens::Tokens;

/// Logs in to a mailbox.
pub async fn open(app: &App, tokens: &Tokens, mailbox: &Mailbox) -> Result<Session, IntakeError> {
    let desk = app.desk();
    let intake = &desk.config.intake;
    let limits = Limits { silence: intake.timeout, max_message_size: intake.max_message_size };
    let credentials = login::credentials(app, tokens, &mailbox.login).await?;
    let token = credentials.token().cloned();
    let connected = Session::connect(&mailbox.server, credentials, limits).await;
    if matches!(&connected, Err(ImapError::LoginRefused(_))) {
        login::refused(tokens, &mailbox.login, token.as_ref()).await;
    }
    Ok(connected?)
}
