//! Who calls: users by name and password, programs by token and key.
//!
//! Says who it is; what they may do is decided by each API.

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
use crate::http::throttle::Failures;
use crate::http::throttle::Outcome;
use crate::http::throttle::Throttle;
use crate::ids::Ids;
use crate::ids::hex;
use crate::password;
use crate::password::Workspace;
use crate::secret::Keyring;
use crate::secret::SigningKey;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::store::db::Tx;
use crate::store::logins::Login;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// How long a password that was verified need not be hashed again.
const CACHED: Duration = Duration::from_mins(5);
/// Longer names and passwords are wrong without being looked at.
const LONGEST: usize = 1024;
/// Hashes at the same time; each takes 19 MiB.
const MOST_HASHES: usize = 2;
/// The APIs, as the metrics and the counts of failures call them.
const JUTDA: &str = "jutda";
const JAZE: &str = "jaze";
const DESK: &str = "api";
/// A hash of nobody's password, so that an unknown name takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5MDE$4vUnIcVcHhlSGhoJvNBLK8qWmAzpFgCOQMfLfwUPN2Y";

/// Verifies credentials and remembers, for a short while, which it verified.
#[derive(Debug)]
pub(crate) struct Credentials {
    throttle: Throttle,
    /// Known to this process only, so that what is remembered is worth nothing elsewhere.
    key: Keyring,
    verified: Mutex<HashMap<UserId, Verified>>,
    hashing: Semaphore,
    /// Memory to hash in, for as many as hash at a time.
    workspaces: Mutex<Vec<Workspace>>,
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
    user: Option<User>,
    password: String,
    attempt: Attempt,
}

/// What a program shows, and at which API.
struct Pair<'a> {
    api: &'static str,
    name: &'a str,
    key: &'a str,
}

impl Credentials {
    pub(crate) fn new(ids: &Ids) -> Self {
        let key = SigningKey { id: 0, bytes: ids.bytes::<32>().to_vec() };
        Self {
            throttle: Throttle::default(),
            key: Keyring::of(key),
            verified: Mutex::default(),
            hashing: Semaphore::new(MOST_HASHES),
            workspaces: Mutex::default(),
        }
    }

    /// The user with this name and password, in whatever role and state.
    pub(crate) async fn user(
        self: &Arc<Self>,
        app: &App,
        origin: &str,
        name: &str,
        password: &str,
    ) -> Result<User, ApiError> {
        if name.is_empty() || password.is_empty() || name.len() > LONGEST || password.len() > LONGEST {
            return Err(ApiError::Unauthorized);
        }
        let now = app.now();
        let mut tx = app.db.look().await?;
        let from = throttle::subject_of_origin(JUTDA, origin);
        let found = store::logins::find_user(&mut tx, name, &from, throttle::cutoff(now)).await?;
        let account =
            found.as_ref().map_or_else(|| unknown("user", name), |login| format!("user:{}", login.row.id));
        let attempt = Attempt { api: JUTDA, account, origin: origin.to_owned() };
        let failures = found.as_ref().map(failures);
        self.admit(&mut tx, &attempt, failures, now).await?;
        drop(tx);
        let user = found.map(|login| login.row);
        let known = user.as_ref().is_some_and(|user| self.is_verified(user, password, now));
        if !known {
            self.prove(app, user.as_ref(), password, &attempt).await?;
        }
        throttle::count(&attempt, Outcome::Accepted);
        self.throttle.succeeded(app, attempt).await?;
        user.ok_or(ApiError::Unauthorized)
    }

    /// The token that the `Authorization` header proves.
    pub(crate) async fn token(
        &self,
        app: &App,
        origin: &str,
        headers: &HeaderMap,
    ) -> Result<TokenId, ApiError> {
        let Some((name, key)) = basic(headers) else { return Err(ApiError::Unauthorized) };
        Ok(self.key(app, origin, &Pair { api: JAZE, name: &name, key: &key }).await?.id)
    }

    /// The token of the Desk API that is this one.
    pub(crate) async fn bearer(&self, app: &App, origin: &str, bearer: &str) -> Result<ApiToken, ApiError> {
        let parts = token::parts(bearer).filter(|_| bearer.len() <= LONGEST);
        let Some((name, key)) = parts else { return Err(ApiError::Unauthorized) };
        self.key(app, origin, &Pair { api: DESK, name, key }).await
    }

    /// The token that a program shows the key of, at the API that it is for.
    async fn key(&self, app: &App, origin: &str, pair: &Pair<'_>) -> Result<ApiToken, ApiError> {
        let (api, now) = (pair.api, app.now());
        let mut tx = app.db.look().await?;
        let from = throttle::subject_of_origin(api, origin);
        let found = store::logins::find_token(&mut tx, pair.name, &from, throttle::cutoff(now)).await?;
        let account = found
            .as_ref()
            .map_or_else(|| unknown("token", pair.name), |login| format!("token:{}", login.row.id));
        let attempt = Attempt { api, account, origin: origin.to_owned() };
        let failures = found.as_ref().map(failures);
        self.admit(&mut tx, &attempt, failures, now).await?;
        drop(tx);
        let found = found.map(|login| login.row);
        let digest = token::digest(pair.key);
        let right = found.as_ref().is_some_and(|token| token.key_digest.ct_eq(&digest).into());
        let is_for = |token: &ApiToken| token.scopes.is_some() == (api == DESK);
        let Some(token) = found.filter(|token| right && is_for(token) && token.is_usable(now)) else {
            self.failed(app, &attempt).await?;
            return Err(ApiError::Unauthorized);
        };
        throttle::count(&attempt, Outcome::Accepted);
        self.throttle.succeeded(app, attempt).await?;
        Ok(token)
    }

    /// Refuses an attempt after too many failures; they are looked up unless they are known.
    async fn admit(
        &self,
        tx: &mut Tx,
        attempt: &Attempt,
        failures: Option<Failures>,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let failures = match failures {
            Some(failures) => failures,
            None => Failures::of(tx, attempt, now).await?,
        };
        if self.throttle.is_refused(tx, attempt, failures, now).await? {
            throttle::count(attempt, Outcome::Throttled);
            return Err(ApiError::Unauthorized);
        }
        Ok(())
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

    /// Compares a password with its hash, in a task of its own: whoever hangs up has made their guess all the same.
    async fn prove(
        self: &Arc<Self>,
        app: &App,
        user: Option<&User>,
        password: &str,
        attempt: &Attempt,
    ) -> Result<(), ApiError> {
        let guess = Guess { user: user.cloned(), password: password.to_owned(), attempt: attempt.clone() };
        let (own, of) = (Arc::clone(self), app.clone());
        let task = app.tasks.spawn(async move { own.compare(&of, guess).await });
        task.await.unwrap_or(Err(ApiError::Internal))
    }

    /// Hashes a few at a time, and each only while the attempts are not too many.
    async fn compare(&self, app: &App, guess: Guess) -> Result<(), ApiError> {
        let Guess { user, password, attempt } = guess;
        let _place = self.hashing.acquire().await;
        // Others may have logged in while this one waited, with the same password.
        if user.as_ref().is_some_and(|user| self.is_verified(user, &password, app.now())) {
            return Ok(());
        }
        // Or failed: a thousand guesses at once are a thousand guesses.
        let mut tx = app.db.look().await?;
        self.admit(&mut tx, &attempt, None, app.now()).await?;
        drop(tx);
        let is_right = self.hash(user.as_ref(), password.clone()).await;
        if let Some(user) = user.filter(|_| is_right) {
            let digest = self.digest(&user, &password);
            let entry = Verified { digest, version: user.version, until: app.now().plus(CACHED) };
            self.verified.lock().unwrap_or_else(PoisonError::into_inner).insert(user.id, entry);
            return Ok(());
        }
        self.failed(app, &attempt).await?;
        Err(ApiError::Unauthorized)
    }

    /// Whether the password is the user's; as slow for nobody's.
    async fn hash(&self, user: Option<&User>, password: String) -> bool {
        let stored = user.and_then(|user| user.password_hash.clone());
        let is_somebody = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
        let lock = || self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        let mut workspace = lock().pop().unwrap_or_default();
        let compared = tokio::task::spawn_blocking(move || {
            let is_right = password::verify_in(&mut workspace, &password, &stored);
            (is_right, workspace)
        });
        let Ok((is_right, workspace)) = compared.await else { return false };
        lock().push(workspace);
        is_somebody && is_right
    }

    async fn failed(&self, app: &App, attempt: &Attempt) -> Result<(), ApiError> {
        throttle::count(attempt, Outcome::Failed);
        Ok(self.throttle.failed(app, attempt).await?)
    }

    fn digest(&self, user: &User, password: &str) -> [u8; 32] {
        self.key.sign(&[&user.id.0.to_be_bytes(), &user.version.to_be_bytes(), password.as_bytes()])
    }
}

fn failures<T>(login: &Login<T>) -> Failures {
    Failures { of_account: login.of_account, of_origin: login.of_origin }
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
