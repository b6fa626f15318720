//! How many requests a token may make: a bucket for each, filled again as time goes by.
//!
//! Known to this process only: several processes on one desk give as many times as much.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::http::HeaderMap;
use axum::http::HeaderValue;

use crate::clock::Timestamp;
use crate::ticket::id::TokenId;

/// Full buckets are forgotten when there are more than this.
const MOST: usize = 10_000;
const MINUTE: i64 = 60 * Timestamp::SECOND;

/// What is left to each token.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    buckets: Mutex<HashMap<TokenId, Bucket>>,
}

/// A request costs time: the minute divided by how many there may be in it.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it will be full again.
    full_at: Timestamp,
}

/// What is left after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    limit: i64,
    left: i64,
    /// Seconds until all of it is there again.
    reset: i64,
    /// Seconds until the next request, where there was none left for this one.
    pub(crate) wait: Option<i64>,
}

impl Rates {
    /// Takes one request of a token's minute.
    pub(crate) fn take(&self, token: TokenId, limit: u32, now: Timestamp) -> Rate {
        let limit = i64::from(limit.max(1));
        let cost = MINUTE / limit;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| bucket.full_at > now);
        }
        let bucket = buckets.entry(token).or_insert(Bucket { full_at: now });
        // A clock that was set back lets nobody wait for longer than a minute.
        let full_at = bucket.full_at.0.clamp(now.0, now.0 + MINUTE);
        let after = full_at + cost;
        let over = after - (now.0 + cost * limit);
        if over > 0 {
            return Rate {
                limit,
                left: 0,
                reset: seconds(full_at - now.0),
                wait: Some(seconds(over).max(1)),
            };
        }
        bucket.full_at = Timestamp(after);
        let left = (now.0 + cost * limit - after) / cost;
        Rate { limit, left, reset: seconds(after - now.0), wait: None }
    }
}

impl Rate {
    /// Says so, as the IETF's draft of `RateLimit` header fields has it.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let policy = format!("\"token\";q={};w=60", self.limit);
        let rate = format!("\"token\";r={};t={}", self.left, self.reset);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", rate)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Begun ones count.
fn seconds(micros: i64) -> i64 {
    (micros + Timestamp::SECOND - 1).div_euclid(Timestamp::SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_minutes_requests_at_once_and_then_one_after_the_other() {
        let (rates, now) = (Rates::default(), Timestamp(1_000_000_000));
        let take = |at: Timestamp| rates.take(TokenId(1), 3, at);
        assert_eq!(take(now), Rate { limit: 3, left: 2, reset: 20, wait: None });
        assert_eq!((take(now).left, take(now).left), (1, 0));
        assert_eq!(take(now), Rate { limit: 3, left: 0, reset: 60, wait: Some(20) });
        let later = Timestamp(now.0 + 20 * Timestamp::SECOND);
        assert_eq!((take(later).wait, take(later).wait), (None, Some(20)));
        assert_eq!(rates.take(TokenId(2), 3, now).left, 2, "another's is its own");
    }
}
