//! TXT records, asked for once and kept for a while: mails come in bursts from the same few domains.
//!
//! Does not know what a record means. Keeps no more than a fixed number of answers.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
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
const PATIENCE: Duration = Duration::from_millis(1200);

/// After so many questions in a row without an answer the resolver itself is doubted.
const MOST_FAILURES: u32 = 8;
/// What every resolver that works can answer, whatever becomes of the domains that people write from: a stranger
/// who writes from domains whose servers are silent must not stop the check for everybody.
const CONTROL: &str = ".";
const CONTROL_PATIENCE: Duration = Duration::from_millis(400);
/// How long a resolver that answers nothing is not asked: doubled each time, up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_secs(15);
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

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
    health: Mutex<Health>,
}

/// How the resolver does.
#[derive(Debug)]
struct Health {
    /// In a row.
    failures: u32,
    /// Until when nothing is asked, while it is down.
    paused_until: Option<Timestamp>,
    next_pause: Duration,
}

impl Default for Health {
    fn default() -> Self {
        Self { failures: 0, paused_until: None, next_pause: SHORTEST_PAUSE }
    }
}

impl Cache {
    pub fn new(resolver: Resolver) -> Self {
        Self { resolver, known: Mutex::default(), health: Mutex::default() }
    }

    /// The TXT records of an absolute name, without a final dot.
    pub async fn texts(&self, name: &str, now: Timestamp) -> Answer {
        if let Some(answer) = self.recall(name, now) {
            return answer;
        }
        if self.is_paused(now) {
            return Answer::Failed;
        }
        // The dot keeps the machine's search domains out.
        let answer = self.ask(&format!("{name}."), PATIENCE).await;
        self.remember(name, answer.clone(), now);
        if answer != Answer::Failed {
            *self.health() = Health::default();
        } else if self.is_doubted() {
            match self.ask(CONTROL, CONTROL_PATIENCE).await {
                Answer::Failed => self.pause(now),
                Answer::Texts(_) | Answer::Missing => *self.health() = Health::default(),
            }
        }
        answer
    }

    async fn ask(&self, absolute: &str, patience: Duration) -> Answer {
        match tokio::time::timeout(patience, self.resolver.texts(absolute)).await {
            Ok(Ok(texts)) if texts.iter().map(Vec::len).sum::<usize>() <= MOST_BYTES => Answer::Texts(texts),
            Ok(Ok(_) | Err(DnsError::Missing(_))) => Answer::Missing,
            Ok(Err(DnsError::Failed(_) | DnsError::NoResolver)) | Err(_) => Answer::Failed,
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_paused(&self, now: Timestamp) -> bool {
        self.health().paused_until.is_some_and(|until| until > now)
    }

    /// Counts a failure; says whether it is one too many. After a pause the first one is.
    fn is_doubted(&self) -> bool {
        let mut health = self.health();
        health.failures += 1;
        let doubted = health.failures >= MOST_FAILURES || health.paused_until.is_some();
        if doubted {
            // The next one to doubt it asks again only after as many.
            health.failures = 0;
        }
        doubted
    }

    fn pause(&self, now: Timestamp) {
        let mut health = self.health();
        if health.paused_until.is_some_and(|until| until > now) {
            return;
        }
        health.paused_until = Some(now.plus(health.next_pause));
        health.next_pause = (2 * health.next_pause).min(LONGEST_PAUSE);
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

    #[tokio::test]
    async fn a_resolver_that_answers_nothing_is_left_alone_for_a_while() {
        let names: Vec<String> = (0..MOST_FAILURES).map(|n| format!("{n}.test")).collect();
        let dead = |dns: Fixed| names.iter().fold(dns, |dns, name| dns.failing(name));
        let cache = Cache::new(Resolver::fixed(dead(Fixed::default().failing(CONTROL).text("a.test", "x"))));
        for name in &names {
            assert!(!cache.is_paused(NOW), "{name}");
            assert_eq!(cache.texts(name, NOW).await, Answer::Failed);
        }
        assert_eq!(cache.texts("a.test", NOW).await, Answer::Failed, "it is not asked");
        let later = NOW.plus(SHORTEST_PAUSE);
        assert_eq!(cache.texts("0.test", later).await, Answer::Failed);
        let again = later.plus(SHORTEST_PAUSE);
        assert_eq!(cache.texts("a.test", again).await, Answer::Failed, "the next pause is longer");
        let end = later.plus(2 * SHORTEST_PAUSE);
        assert_eq!(cache.texts("a.test", end).await, Answer::Texts(vec![b"x".to_vec()]));
        assert_eq!(cache.health().next_pause, SHORTEST_PAUSE, "it is well again");
    }

    /// Whoever has domains with silent servers could else stop the check of everybody's mail.
    #[tokio::test]
    async fn silent_servers_of_strangers_domains_do_not_stop_the_check() {
        let names: Vec<String> = (0..5 * MOST_FAILURES).map(|n| format!("{n}.evil.test")).collect();
        let dns = names.iter().fold(Fixed::default().text("a.test", "x"), |dns, name| dns.failing(name));
        let cache = Cache::new(Resolver::fixed(dns));
        for name in &names {
            assert_eq!(cache.texts(name, NOW).await, Answer::Failed);
        }
        assert_eq!(cache.texts("a.test", NOW).await, Answer::Texts(vec![b"x".to_vec()]));
    }
}
