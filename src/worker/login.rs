//! From a declared log-in to what a mail server is told: password, given token, or fetched token.
//!
//! Fetched anew for each connection, so that a changed secret is seen.

use secrecy::SecretString;

use crate::config::mailbox::Mailbox;
use crate::config::server::Credentials;
use crate::config::server::Login;
use crate::config::server::Proof;
use crate::config::server::Resolved;
use crate::desk::app::App;
use crate::imap::Limits;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::secret::SecretError;
use crate::worker::intake::IntakeError;
use crate::worker::tokens::TokenError;
use crate::worker::tokens::Tokens;

/// Why there is nothing to log in with.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Fetches the secret of a log-in.
pub async fn credentials(app: &App, tokens: &Tokens, login: &Login) -> Result<Credentials, LoginError> {
    let proof = match &login.proof {
        Proof::Password(secret) => Resolved::Password(secret.resolve().await?),
        Proof::Token(secret) => Resolved::Token(secret.resolve().await?),
        Proof::OAuth(oauth) => Resolved::Token(tokens.get(app, &login.username, oauth).await?),
    };
    Ok(Credentials { username: login.username.clone(), proof })
}

/// Logs in to a mailbox.
pub async fn session(app: &App, tokens: &Tokens, mailbox: &Mailbox) -> Result<Session, IntakeError> {
    let desk = app.desk();
    let intake = &desk.config.intake;
    let limits = Limits { silence: intake.timeout, max_message_size: intake.max_message_size };
    let credentials = credentials(app, tokens, &mailbox.login).await?;
    let token = credentials.token().cloned();
    let connected = Session::connect(&mailbox.server, credentials, limits).await;
    if matches!(&connected, Err(ImapError::LoginRefused(_))) {
        refused(tokens, &mailbox.login, token.as_ref()).await;
    }
    Ok(connected?)
}

/// After a mail server refused a log-in: the next one is with a new token.
pub async fn refused(tokens: &Tokens, login: &Login, token: Option<&SecretString>) {
    if let (Proof::OAuth(oauth), Some(token)) = (&login.proof, token) {
        tokens.forget(&login.username, oauth, token).await;
    }
}
