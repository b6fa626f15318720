//! From a declared log-in to what a mail server is told: password, given token, or fetched token.
//!
//! Fetched anew for each connection, so that a changed secret is seen.

use secrecy::SecretString;

use crate::config::server::Credentials;
use crate::config::server::Login;
use crate::config::server::Proof;
use crate::config::server::Resolved;
use crate::desk::app::App;
use crate::secret::SecretError;
use crate::worker::tokens::Tokens;
use crate::worker::tokens::error::TokenError;

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

/// After a mail server refused a log-in: the next one is with a new token.
pub async fn refused(tokens: &Tokens, login: &Login, token: Option<&SecretString>) {
    if let (Proof::OAuth(oauth), Some(token)) = (&login.proof, token) {
        tokens.forget(&login.username, oauth, token).await;
    }
}
