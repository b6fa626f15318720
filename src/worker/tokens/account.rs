//! One account's tokens in this process, and how they are renewed.
//!
//! The caller sees to it that one task at a time is here; other processes are kept out by the database.

use std::collections::HashMap;
use std::time::Duration;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use sha2::Digest;
use sha2::Sha256;
use tracing::warn;

use crate::clock::Timestamp;
use crate::config::oauth::Grant;
use crate::config::oauth::OAuth;
use crate::desk::app::App;
use crate::ids;
use crate::net::client::Client;
use crate::net::dns::Fixed;
use crate::net::dns::Resolver;
use crate::net::guard::Networks;
use crate::secret::Secret;
use crate::store;
use crate::store::oauth_tokens::Chain;
use crate::tls::Trust;
use crate::worker::tokens::error::TokenError;
use crate::worker::tokens::exchange;
use crate::worker::tokens::exchange::Asked;
use crate::worker::tokens::exchange::Given;

/// How long nobody asks again after a failure.
const REST: Duration = Duration::from_secs(15);
/// How long a refresh token is this process's alone; longer than one request may take.
const HOLD: Duration = Duration::from_secs(90);
/// How often, and how many times, to look whether another process is done with it.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
const MOST_LOOKS: u32 = 80;

/// What is known of one account.
#[derive(Default)]
pub struct Account {
    /// By scope: sending and reading may ask for different rights.
    access: HashMap<Option<String>, Access>,
    failed: HashMap<Option<String>, (TokenError, Timestamp)>,
    /// This process, as the database knows who has a refresh token.
    holder: Option<String>,
    /// Refresh tokens that could not be stored, by origin. Only this process has them.
    unsaved: HashMap<String, SecretString>,
}

struct Access {
    token: SecretString,
    renew_at: Timestamp,
    expires_at: Timestamp,
}

impl Account {
    /// The answer that needs no request: a token with life left in it, or a failure of a moment ago.
    pub fn ready(&self, oauth: &OAuth, now: Timestamp) -> Option<Result<SecretString, TokenError>> {
        let access = self.access.get(&oauth.scope);
        if let Some(access) = access.filter(|access| now < access.renew_at) {
            return Some(Ok(access.token.clone()));
        }
        let (error, at) = self.failed.get(&oauth.scope)?;
        if now >= at.plus(REST) {
            return None;
        }
        // The last fifth of its life is there for this.
        let still_good = access.filter(|access| now < access.expires_at);
        Some(still_good.map(|access| access.token.clone()).ok_or_else(|| error.clone()))
    }

    pub fn forget(&mut self, oauth: &OAuth, refused: &SecretString) {
        let known = self.access.get(&oauth.scope);
        if known.is_some_and(|access| access.token.expose_secret() == refused.expose_secret()) {
            self.access.remove(&oauth.scope);
        }
    }

    /// Fetches a new token; a failure is remembered.
    pub async fn renew(&mut self, app: &App, name: &str, oauth: &OAuth) -> Result<SecretString, TokenError> {
        let asked_at = app.now();
        match self.fetch(app, name, oauth).await {
            Ok(given) => {
                self.failed.remove(&oauth.scope);
                let access = Access {
                    token: given.access_token.clone(),
                    renew_at: asked_at.plus(given.life / 5 * 4),
                    expires_at: asked_at.plus(given.life),
                };
                self.access.insert(oauth.scope.clone(), access);
                Ok(given.access_token)
            }
            Err(error) => {
                self.failed.insert(oauth.scope.clone(), (error.clone(), app.now()));
                let ready = self.ready(oauth, app.now());
                if matches!(ready, Some(Ok(_))) {
                    // Nobody else hears of it while the old one is good.
                    warn!("an access token is not renewed yet: {error}");
                }
                ready.unwrap_or(Err(error))
            }
        }
    }

    async fn fetch(&mut self, app: &App, name: &str, oauth: &OAuth) -> Result<Given, TokenError> {
        let desk = app.desk();
        let client_secret = match &oauth.client_secret {
            Some(secret) => Some(resolve(secret).await?),
            None => None,
        };
        let asked = Asked {
            url: &oauth.token_url,
            client_id: &oauth.client_id,
            client_secret,
            scope: oauth.scope.as_deref(),
            refresh_token: None,
        };
        let Grant::RefreshToken(first) = &oauth.grant else {
            return exchange::ask(&client(oauth), &asked).await;
        };
        let first = resolve(first).await?;
        let chain = Chain { account: name.to_owned(), origin: digest(&[first.expose_secret()]) };
        let holder = self.holder.get_or_insert_with(|| desk.ids.word()).clone();
        let stored = hold(app, &chain, &first, &holder).await?;
        let refresh_token = self.unsaved.get(&chain.origin).cloned().unwrap_or(stored);
        let asked = Asked { refresh_token: Some(refresh_token), ..asked };
        let given = exchange::ask(&client(oauth), &asked).await;
        let kept = self.keep(app, &chain, &holder, &given).await;
        let given = given?;
        kept?;
        Ok(given)
    }

    /// Commits the newest refresh token and lets other processes have it.
    async fn keep(
        &mut self,
        app: &App,
        chain: &Chain,
        holder: &str,
        given: &Result<Given, TokenError>,
    ) -> Result<(), TokenError> {
        if let Ok(Given { refresh_token: Some(token), .. }) = given {
            self.unsaved.insert(chain.origin.clone(), token.clone());
        }
        let newest = self.unsaved.get(&chain.origin);
        write(app, chain, holder, newest).await.map_err(|error| TokenError::Store(error.to_string()))?;
        self.unsaved.remove(&chain.origin);
        Ok(())
    }
}

async fn write(
    app: &App,
    chain: &Chain,
    holder: &str,
    newest: Option<&SecretString>,
) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    if let Some(token) = newest {
        let ours =
            store::oauth_tokens::replace(&mut tx, chain, token.expose_secret(), holder, app.now()).await?;
        if !ours {
            return Err(sqlx::Error::RowNotFound);
        }
    }
    store::oauth_tokens::release(&mut tx, chain, holder).await?;
    tx.commit().await
}

/// The newest refresh token, once no other process uses it.
async fn hold(
    app: &App,
    chain: &Chain,
    first: &SecretString,
    holder: &str,
) -> Result<SecretString, TokenError> {
    for _ in 0..MOST_LOOKS {
        let held = try_hold(app, chain, first, holder).await;
        if let Some(token) = held.map_err(|error| TokenError::Store(error.to_string()))? {
            return Ok(token.into());
        }
        if !app.tasks.pause(LOOK_AGAIN).await {
            break;
        }
    }
    Err(TokenError::Busy)
}

async fn try_hold(
    app: &App,
    chain: &Chain,
    first: &SecretString,
    holder: &str,
) -> Result<Option<String>, sqlx::Error> {
    let mut tx = app.db.write().await?;
    let now = store::db::now(&mut tx, app.now()).await?;
    let until = now.plus(HOLD);
    let held = store::oauth_tokens::hold(&mut tx, chain, first.expose_secret(), (holder, until), now).await?;
    tx.commit().await?;
    Ok(held)
}

async fn resolve(secret: &Secret) -> Result<SecretString, TokenError> {
    secret.resolve().await.map_err(|error| TokenError::Secret(error.to_string()))
}

/// The operator names the server, so it may be in his own network.
fn client(oauth: &OAuth) -> Client {
    let resolver = Resolver::system().unwrap_or_else(|_| Resolver::fixed(Fixed::default()));
    let trust = Trust { ca_file: oauth.ca_file.clone(), pin: None };
    Client::new(resolver, trust, Networks::PrivateToo)
}

/// Each part goes in with its length, so that no two lists of parts look alike.
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    ids::hex(&hash.finalize())
}
