//! API tokens: made, listed, disabled and revoked by an operator. A key is shown once and kept as a digest.

use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::calendar::working_time::Calendar;
use crate::calendar::working_time::WorkingHours;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::ids::Ids;
use crate::ids::base32;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::store::api_tokens::NewApiToken;
use crate::store::db::Tx;
use crate::ticket::id::TokenId;
use crate::ticket::person::User;
use crate::ticket::scope::Scopes;
use crate::ticket::until::Until;
use crate::ticket::until::UntilError;

/// Longest name; it is only for the operator's own list.
const LONGEST_NAME: usize = 100;
/// How every token of the Desk API begins, so that one is known where it should not be.
const MARK: &str = "hdp_";

/// A new token, with the only copy of its key.
#[derive(Serialize)]
pub struct NewToken {
    pub id: TokenId,
    pub token: String,
    pub key: String,
}

/// What a token of the Desk API is good for.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    pub scopes: &'a Scopes,
    /// The agent in whose name it acts; none: in its own.
    pub user: Option<&'a User>,
    pub expires_at: Option<Timestamp>,
}

/// Makes a token and a key for one program that calls the Jaze Tickets API.
pub async fn add(tx: &mut Tx, ids: &Ids, name: &str, now: Timestamp) -> Result<NewToken, DeskError> {
    let name = free_name(tx, name).await?;
    let (token, key) = (ids.word(), base32(&ids.bytes::<32>()));
    let new = NewApiToken {
        name,
        token: &token,
        key_digest: &digest(&key),
        scopes: None,
        user_id: None,
        expires_at: None,
    };
    let id = store::api_tokens::insert(tx, &new, now).await?;
    Ok(NewToken { id, token, key })
}

/// Makes a bearer token for one program that calls the Desk API. Its key is [the whole](NewToken::bearer).
pub async fn grant(
    tx: &mut Tx,
    ids: &Ids,
    name: &str,
    grant: Grant<'_>,
    now: Timestamp,
) -> Result<NewToken, DeskError> {
    let name = free_name(tx, name).await?;
    if grant.user.is_some_and(|user| !user.is_active_staff()) {
        return Err(DeskError::Refused("a token acts for an active agent, or for itself".to_owned()));
    }
    if grant.expires_at.is_some_and(|at| at <= now) {
        return Err(DeskError::Refused("that token would be over already".to_owned()));
    }
    let (token, key) = ([MARK, &ids.word()].concat(), base32(&ids.bytes::<32>()));
    let new = NewApiToken {
        name,
        token: &token,
        key_digest: &digest(&key),
        scopes: Some(grant.scopes),
        user_id: grant.user.map(|user| user.id),
        expires_at: grant.expires_at,
    };
    let id = store::api_tokens::insert(tx, &new, now).await?;
    Ok(NewToken { id, token, key })
}

/// When a token ends that is good until then, as the desk has the days.
pub fn expiry(desk: &Desk, until: Until, now: Timestamp) -> Result<Timestamp, UntilError> {
    let always = Calendar::new(WorkingHours::default(), desk.config.desk.timezone.clone(), []);
    until.moment(&always, now)
}

/// The name and the key of a bearer token.
pub fn parts(bearer: &str) -> Option<(&str, &str)> {
    let (name, key) = bearer.rsplit_once('_')?;
    (name.starts_with(MARK) && !key.is_empty()).then_some((name, key))
}

/// Ends a token at once, in every process. `which` is the token or its name.
pub async fn revoke(tx: &mut Tx, which: &str, now: Timestamp) -> Result<ApiToken, DeskError> {
    let token = named(tx, which).await?;
    store::api_tokens::revoke(tx, token.id, now).await?;
    Ok(token)
}

/// Lets nobody call with a token until it is [enabled](enable). `which` is the token or its name.
pub async fn disable(tx: &mut Tx, which: &str, now: Timestamp) -> Result<ApiToken, DeskError> {
    let token = named(tx, which).await?;
    store::api_tokens::set_disabled(tx, token.id, Some(now)).await?;
    Ok(token)
}

/// Lets programs call with a token again that was [disabled](disable).
pub async fn enable(tx: &mut Tx, which: &str) -> Result<ApiToken, DeskError> {
    let token = named(tx, which).await?;
    store::api_tokens::set_disabled(tx, token.id, None).await?;
    Ok(token)
}

/// All tokens, revoked ones too.
pub async fn list(tx: &mut Tx) -> Result<Vec<ApiToken>, sqlx::Error> {
    store::api_tokens::list(tx).await
}

/// What is kept of a key. It is 256 random bits, so a plain digest cannot be guessed back.
pub fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// A name that no other valid token has.
async fn free_name<'n>(tx: &mut Tx, name: &'n str) -> Result<&'n str, DeskError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(DeskError::Refused(format!("a token's name is 1 to {LONGEST_NAME} characters")));
    }
    if store::api_tokens::list(tx).await?.iter().any(|token| token.is_valid() && token.name == name) {
        return Err(DeskError::Refused(format!("there is a token named `{name}` already")));
    }
    Ok(name)
}

/// The one that is not revoked.
async fn named(tx: &mut Tx, which: &str) -> Result<ApiToken, DeskError> {
    let all = store::api_tokens::list(tx).await?;
    let valid = all.into_iter().filter(ApiToken::is_valid);
    let mut named = valid.filter(|token| token.token == which || token.name == which);
    named.next().ok_or_else(|| DeskError::Refused("there is no valid token of that name".to_owned()))
}

impl NewToken {
    /// As a program sends it to the Desk API.
    pub fn bearer(&self) -> String {
        format!("{}_{}", self.token, self.key)
    }
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}
