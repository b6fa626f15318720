//! `Idempotency-Key`: a call that is repeated with the same key has one effect and one answer.

use std::time::Duration;

use axum::http::HeaderMap;
use utoipa::IntoParams;

use crate::clock::Timestamp;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::store;
use crate::store::db::Tx;
use crate::store::idempotency_keys::Name;

/// How long a key stands for its first call.
const LIFE: Duration = Duration::from_hours(24);
const LONGEST_KEY: usize = 255;

/// The header, as the OpenAPI document has it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) struct IdempotencyKey {
    /// Repeated with the same key within 24 hours, the call has one effect.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$"
    )]
    key: String,
}

/// A call that its caller may repeat.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    name: Name,
    /// Of the arguments, without credentials.
    digest: [u8; 32],
}

impl Once {
    /// None for a call without the header.
    pub(crate) async fn of(call: &mut Call, account: &str, path: &str) -> Result<Option<Self>, ApiError> {
        let Some(key) = key(&call.headers)? else { return Ok(None) };
        let name = Name { account: account.to_owned(), path: path.to_owned(), key: key.to_owned() };
        Ok(Some(Self { name, digest: call.digest().await? }))
    }

    /// As [`of`](Self::of), where the digest of the call is found out only if it is needed.
    pub(crate) fn named(
        headers: &HeaderMap,
        account: &str,
        path: &str,
        digest: impl FnOnce() -> [u8; 32],
    ) -> Result<Option<Self>, ApiError> {
        let Some(key) = key(headers)? else { return Ok(None) };
        let name = Name { account: account.to_owned(), path: path.to_owned(), key: key.to_owned() };
        Ok(Some(Self { name, digest: digest() }))
    }

    /// Takes the key, or gives the answer of the call that has it. Waits for one that is under way.
    pub(crate) async fn begin(&self, tx: &mut Tx, now: Timestamp) -> Result<Option<Answer>, ApiError> {
        if store::idempotency_keys::claim(tx, &self.name, &self.digest, now.minus(LIFE), now).await? {
            return Ok(None);
        }
        let Some(used) = store::idempotency_keys::find(tx, &self.name).await? else {
            // Forgotten between the two statements.
            return Err(ApiError::Conflict);
        };
        if used.digest != self.digest {
            return Err(ApiError::invalid("Idempotency-Key was used for another request"));
        }
        let (Some(content_type), Some(body)) = (used.content_type, used.body) else {
            return Err(ApiError::Conflict);
        };
        Ok(Some(Answer::of(answer::known(&content_type), body)))
    }

    /// Keeps the answer; it commits together with the effect.
    pub(crate) async fn finish(&self, tx: &mut Tx, answer: &Answer) -> Result<(), ApiError> {
        Ok(store::idempotency_keys::finish(tx, &self.name, answer.content_type, &answer.body).await?)
    }
}

/// The one value of the header, if it is there.
fn key(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let usable = |key: &&str| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    };
    let key = key.to_str().ok().map(str::trim).filter(usable).filter(|_| keys.next().is_none());
    let wrong = || ApiError::invalid("Idempotency-Key must be one text of 1 to 255 ASCII characters");
    key.map(Some).ok_or_else(wrong)
}

/// Forgets keys that no longer stand for their calls.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    store::idempotency_keys::delete_before(tx, now.minus(LIFE)).await?;
    Ok(())
}
