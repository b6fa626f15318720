//! TXT records, asked for once and kept for a while: mails come in bursts from the same few domains.
//!
//! Does not know what a record means. Keeps no more than a fixed number of answers.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::net::dns::DnsError;
use crate::net::dns::Resolver;

/// How many names are kept. Keys are below a kilobyte, so this is a few megabytes at most.
const MOST_NAMES: usize = 2000;
/// More than this is no key and no policy.
const MOST_BYTES: usize = 16 * 1024;

const KEEP_FOUND: Duration = Duration::from_mins(10);
const KEEP_MISSING: Duration = Duration::from_mins(2);
/// Long enough that a batch of mails waits only once for a server that is silent.
const KEEP_FAILED: Duration = Duration::from_secs(15);

/// How long one question may take. All questions about a mail are asked at once.
const PATIENCE: Duration = Duration::from_secs(4);

/// What DNS said about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Texts(Vec<Vec<u8>>),
    Missing,
    Failed,
}

/// A resolver and what it said lately.
#[derive(Debug)]
pub struct Cache {
    resolver: Resolver,
    known: Mutex<HashMap<String, (Answer, Timestamp)>>,
}

impl Cache {
    pub fn new(resolver: Resolver) -> Self {
        Self { resolver, known: Mutex::default() }
    }

    /// The TXT records of an absolute name, without a final dot.
    pub async fn texts(&self, name: &str, now: Timestamp) -> Answer {
        if let Some(answer) = self.recall(name, now) {
            return answer;
        }
        // The dot keeps the machine's search domains out.
        let absolute = format!("{name}.");
        let answer = match tokio::time::timeout(PATIENCE, self.resolver.texts(&absolute)).await {
            Ok(Ok(texts)) if texts.iter().map(Vec::len).sum::<usize>() <= MOST_BYTES => Answer::Texts(texts),
            Ok(Ok(_) | Err(DnsError::Missing(_))) => Answer::Missing,
            Ok(Err(DnsError::Failed(_) | DnsError::NoResolver)) | Err(_) => Answer::Failed,
        };
        self.remember(name, answer.clone(), now);
        answer
    }

    fn recall(&self, name: &str, now: Timestamp) -> Option<Answer> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).filter(|(_, until)| *until > now).map(|(answer, _)| answer.clone())
    }

    fn remember(&self, name: &str, answer: Answer, now: Timestamp) {
        let keep = match answer {
            Answer::Texts(_) => KEEP_FOUND,
            Answer::Missing => KEEP_MISSING,
            Answer::Failed => KEEP_FAILED,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_NAMES {
            known.retain(|_, (_, until)| *until > now);
        }
        if known.len() >= MOST_NAMES {
            known.clear();
        }
        known.insert(name.to_owned(), (answer, now.plus(keep)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::dns::Fixed;

    const NOW: Timestamp = Timestamp(1_772_445_600_000_000);

    #[tokio::test]
    async fn an_answer_is_kept_for_its_time_and_no_longer() {
        let cache = Cache::new(Resolver::fixed(Fixed::default().text("a.test", "x").failing("c.test")));
        for (name, expected, keep) in [
            ("a.test", Answer::Texts(vec![b"x".to_vec()]), KEEP_FOUND),
            ("b.test", Answer::Missing, KEEP_MISSING),
            ("c.test", Answer::Failed, KEEP_FAILED),
        ] {
            assert_eq!(cache.recall(name, NOW), None);
            assert_eq!(cache.texts(name, NOW).await, expected);
            assert_eq!(cache.recall(name, Timestamp(NOW.plus(keep).0 - 1)), Some(expected));
            assert_eq!(cache.recall(name, NOW.plus(keep)), None);
        }
    }

    #[tokio::test]
    async fn the_cache_never_grows_beyond_its_limit() {
        let cache = Cache::new(Resolver::fixed(Fixed::default()));
        for number in 0..MOST_NAMES + 10 {
            cache.texts(&format!("{number}.test"), NOW).await;
        }
        assert!(cache.known.lock().unwrap().len() <= MOST_NAMES);
        assert_eq!(cache.recall("2009.test", NOW), Some(Answer::Missing));
    }

    #[tokio::test]
    async fn a_record_beyond_measure_counts_as_none() {
        let long = "x".repeat(MOST_BYTES + 1);
        let cache = Cache::new(Resolver::fixed(Fixed::default().text("a.test", &long)));
        assert_eq!(cache.texts("a.test", NOW).await, Answer::Missing);
    }
}
