//! API tokens: made, listed and revoked by an operator. A key is shown once and kept as a digest.

use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::ids::Ids;
use crate::ids::base32;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::store::db::Tx;
use crate::ticket::id::TokenId;

/// Longest name; it is only for the operator's own list.
const LONGEST_NAME: usize = 100;

/// A new token, with the only copy of its key.
#[derive(Serialize)]
pub struct NewToken {
    pub id: TokenId,
    pub token: String,
    pub key: String,
}

/// Makes a token for one program.
pub async fn add(tx: &mut Tx, ids: &Ids, name: &str, now: Timestamp) -> Result<NewToken, DeskError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(DeskError::Refused(format!("a token's name is 1 to {LONGEST_NAME} characters")));
    }
    if store::api_tokens::list(tx).await?.iter().any(|token| token.is_valid() && token.name == name) {
        return Err(DeskError::Refused(format!("there is a token named `{name}` already")));
    }
    let (token, key) = (ids.word(), base32(&ids.bytes::<32>()));
    let id = store::api_tokens::insert(tx, name, &token, &digest(&key), now).await?;
    Ok(NewToken { id, token, key })
}

/// Ends a token at once, in every process. `which` is the token or its name.
pub async fn revoke(tx: &mut Tx, which: &str, now: Timestamp) -> Result<ApiToken, DeskError> {
    let all = store::api_tokens::list(tx).await?;
    let valid = all.into_iter().filter(ApiToken::is_valid);
    let mut named = valid.filter(|token| token.token == which || token.name == which);
    let Some(token) = named.next() else {
        return Err(DeskError::Refused("there is no valid token of that name".to_owned()));
    };
    store::api_tokens::revoke(tx, token.id, now).await?;
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

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}
