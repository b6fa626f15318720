//! Access tokens of OAuth 2.0: fetched when needed, kept for most of their life, renewed by one task at a time.
//!
//! A refresh token that replaces another is committed before the access token beside it is used: whatever
//! happens then, the newest one is not lost. Nothing here logs in anywhere.

mod account;
pub mod error;
mod exchange;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use secrecy::SecretString;

use crate::config::oauth::OAuth;
use crate::desk::app::App;
use crate::worker::tokens::account::Account;
use crate::worker::tokens::account::digest;
use crate::worker::tokens::error::TokenError;

/// The tokens of all accounts. Cheap to clone; the clones share them.
#[derive(Clone, Default)]
pub struct Tokens {
    accounts: Arc<Mutex<HashMap<String, Shared>>>,
}

type Shared = Arc<tokio::sync::Mutex<Account>>;

impl Tokens {
    /// An access token for a user: the one at hand, or a new one.
    ///
    /// Users of one account wait for the same request, and for its failure for a while; other accounts do not.
    pub async fn get(&self, app: &App, username: &str, oauth: &OAuth) -> Result<SecretString, TokenError> {
        let name = account_name(username, oauth);
        let account = self.account(&name).lock_owned().await;
        if let Some(ready) = account.ready(oauth, app.now()) {
            return ready;
        }
        // A task of its own: whoever waits may give up, but a new refresh token must not be dropped half-way.
        let (app, oauth) = (app.clone(), oauth.clone());
        let tasks = app.tasks.clone();
        let fetched = tasks.spawn(async move {
            let mut account = account;
            account.renew(&app, &name, &oauth).await
        });
        fetched.await.unwrap_or(Err(TokenError::BrokenOff))
    }

    /// Throws an access token away that a mail server refused, unless there is a newer one already.
    pub async fn forget(&self, username: &str, oauth: &OAuth, refused: &SecretString) {
        let account = self.account(&account_name(username, oauth));
        account.lock().await.forget(oauth, refused);
    }

    fn account(&self, name: &str) -> Shared {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(name.to_owned()).or_default())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

/// One account is one user of one client at one token server: they share a consent.
fn account_name(username: &str, oauth: &OAuth) -> String {
    digest(&[&oauth.token_url, &oauth.client_id, username])
}
