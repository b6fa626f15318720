//! Who calls: users by name and password, programs by token and key.
//!
//! Says who it is; what he may do is decided by each API.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::Digest;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::token;
use crate::http::error::ApiError;
use crate::http::throttle;
use crate::http::throttle::Attempt;
use crate::http::throttle::Outcome;
use crate::http::throttle::Throttle;
use crate::ids::Ids;
use crate::ids::hex;
use crate::password;
use crate::secret::Keyring;
use crate::secret::SigningKey;
use crate::store;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// How long a password that was verified need not be hashed again.
const CACHED: Duration = Duration::from_mins(5);
/// Longer names and passwords are wrong without being looked at.
const LONGEST: usize = 1024;
/// Hashes at the same time; each takes 19 MiB.
const MOST_HASHES: usize = 2;
/// A hash of nobody's password, so that an unknown name takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5MDE$4vUnIcVcHhlSGhoJvNBLK8qWmAzpFgCOQMfLfwUPN2Y";

/// Verifies credentials and remembers, for a short while, which it verified.
#[derive(Debug)]
pub struct Credentials {
    throttle: Throttle,
    /// Known to this process only, so that what is remembered is worth nothing elsewhere.
    key: Keyring,
    verified: Mutex<HashMap<UserId, Verified>>,
    hashing: Semaphore,
}

/// A keyed digest of a password that was right for this version of the user's row.
#[derive(Debug)]
struct Verified {
    digest: [u8; 32],
    version: i64,
    until: Timestamp,
}

/// A password to be compared with what is stored.
struct Guess {
    stored: Option<String>,
    password: String,
    attempt: Attempt,
}

impl Credentials {
    pub fn new(ids: &Ids) -> Self {
        let key = SigningKey { id: 0, bytes: ids.bytes::<32>().to_vec() };
        Self {
            throttle: Throttle::default(),
            key: Keyring::of(key),
            verified: Mutex::default(),
            hashing: Semaphore::new(MOST_HASHES),
        }
    }

    /// The user with this name and password, in whatever role and state.
    pub async fn user(
        self: &Arc<Self>,
        app: &App,
        origin: &str,
        name: &str,
        password: &str,
    ) -> Result<User, ApiError> {
        if name.is_empty() || password.is_empty() || name.len() > LONGEST || password.len() > LONGEST {
            return Err(ApiError::Unauthorized);
        }
        let mut tx = app.db.read().await?;
        let user = store::users::find_by_username(&mut tx, name).await?;
        let account = match &user {
            Some(user) => format!("user:{}", user.id),
            None => unknown("user", name),
        };
        let attempt = Attempt { account, origin: origin.to_owned() };
        let refused = self.throttle.is_refused(&mut tx, &attempt, app.now()).await?;
        tx.commit().await?;
        if refused {
            throttle::count("jutda", Outcome::Throttled);
            return Err(ApiError::Unauthorized);
        }
        let known = user.as_ref().is_some_and(|user| self.is_verified(user, password, app.now()));
        if !known {
            self.prove(app, user.as_ref(), password, &attempt).await?;
        }
        self.throttle.succeeded(app, attempt).await?;
        throttle::count("jutda", Outcome::Accepted);
        user.ok_or(ApiError::Unauthorized)
    }

    /// The token that the `Authorization` header proves.
    pub async fn token(&self, app: &App, origin: &str, headers: &HeaderMap) -> Result<TokenId, ApiError> {
        let Some((name, key)) = basic(headers) else { return Err(ApiError::Unauthorized) };
        let mut tx = app.db.read().await?;
        let found = store::api_tokens::find_by_token(&mut tx, &name).await?;
        let account = match &found {
            Some(token) => format!("token:{}", token.id),
            None => unknown("token", &name),
        };
        let attempt = Attempt { account, origin: origin.to_owned() };
        let refused = self.throttle.is_refused(&mut tx, &attempt, app.now()).await?;
        tx.commit().await?;
        if refused {
            throttle::count("jaze", Outcome::Throttled);
            return Err(ApiError::Unauthorized);
        }
        let digest = token::digest(&key);
        let right = found.as_ref().is_some_and(|token| token.key_digest.ct_eq(&digest).into());
        let Some(token) = found.filter(|token| right && token.is_valid()) else {
            self.failed(app, "jaze", &attempt).await?;
            return Err(ApiError::Unauthorized);
        };
        self.throttle.succeeded(app, attempt).await?;
        throttle::count("jaze", Outcome::Accepted);
        Ok(token.id)
    }

    /// Whether this password was verified for this very row a short while ago.
    fn is_verified(&self, user: &User, password: &str, now: Timestamp) -> bool {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(&user.id).is_some_and(|entry| {
            entry.version == user.version
                && now < entry.until
                && bool::from(entry.digest.ct_eq(&self.digest(user, password)))
        })
    }

    /// Compares a password with its hash, in a task of its own: who hangs up has made his guess all the same.
    async fn prove(
        self: &Arc<Self>,
        app: &App,
        user: Option<&User>,
        password: &str,
        attempt: &Attempt,
    ) -> Result<(), ApiError> {
        let stored = user.and_then(|user| user.password_hash.clone());
        let guess = Guess { stored, password: password.to_owned(), attempt: attempt.clone() };
        let (own, of) = (Arc::clone(self), app.clone());
        let task = app.tasks.spawn(async move { own.compare(&of, guess).await });
        task.await.unwrap_or(Err(ApiError::Internal))?;
        if let Some(user) = user {
            let digest = self.digest(user, password);
            let entry = Verified { digest, version: user.version, until: app.now().plus(CACHED) };
            self.verified.lock().unwrap_or_else(PoisonError::into_inner).insert(user.id, entry);
        }
        Ok(())
    }

    /// Hashes a few at a time, and each only while the attempts are not too many.
    async fn compare(&self, app: &App, guess: Guess) -> Result<(), ApiError> {
        let _place = self.hashing.acquire().await;
        // Others may have failed while this one waited: a thousand guesses at once are a thousand guesses.
        let mut tx = app.db.read().await?;
        let refused = self.throttle.is_refused(&mut tx, &guess.attempt, app.now()).await?;
        tx.commit().await?;
        if refused {
            throttle::count("jutda", Outcome::Throttled);
            return Err(ApiError::Unauthorized);
        }
        let is_somebody = guess.stored.is_some();
        let hash = guess.stored.unwrap_or_else(|| NOBODY.to_owned());
        let right = tokio::task::spawn_blocking(move || password::verify(&guess.password, &hash)).await;
        if is_somebody && matches!(right, Ok(true)) {
            return Ok(());
        }
        self.failed(app, "jutda", &guess.attempt).await?;
        Err(ApiError::Unauthorized)
    }

    async fn failed(&self, app: &App, api: &'static str, attempt: &Attempt) -> Result<(), ApiError> {
        throttle::count(api, Outcome::Failed);
        Ok(self.throttle.failed(app, attempt).await?)
    }

    fn digest(&self, user: &User, password: &str) -> [u8; 32] {
        self.key.sign(&[&user.id.0.to_be_bytes(), &user.version.to_be_bytes(), password.as_bytes()])
    }
}

/// Names that nobody has are counted too, so that a failure looks the same; any text would do.
fn unknown(kind: &str, name: &str) -> String {
    format!("no {kind}:{}", hex(&Sha256::digest(name.as_bytes())[..16]))
}

/// User name and password of HTTP Basic (RFC 7617).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 2 * LONGEST {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (name, key) = text.split_once(':')?;
    // NUL cannot stand in a query.
    (!name.is_empty() && !key.is_empty() && !name.contains('\0')).then(|| (name.to_owned(), key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read_and_nonsense_is_not() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            basic(&headers)
        };
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(read("Basic YTpiOmM="), pair("a", "b:c"));
        assert_eq!(read("basic  YTpi"), pair("a", "b"));
        for wrong in
            ["", "Basic", "Basic !!", "Bearer YTpi", "Basic YQ==", "Basic OmI=", "Basic YTo=", "Basic /zpi"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hash_of_nobody_costs_as_much_as_any_other() {
        let hash = password::hash("x", &[1; 16]).unwrap();
        let cost = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert_eq!(cost(NOBODY), cost(&hash));
        assert!(!password::verify("nobody", NOBODY));
    }
}
