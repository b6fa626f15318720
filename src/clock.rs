//! The time, as a value that is passed in: seconds, minutes and days in microseconds since 1970, UTC.
//!
//! Knows nothing of time zones or calendars; those belong to `ticket` and `config`.

pub mod lived;
#[cfg(test)]
pub mod processor;

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// A moment: microseconds since 1970-01-01 00:00:00 UTC, as both databases store it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// Where the time comes from: the machine, or a test that moves it.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    Manual(Arc<Hands>),
}

/// Of a clock that a test moves.
#[derive(Debug)]
pub struct Hands {
    at: AtomicI64,
    lived: AtomicI64,
}

/// A clock that is further from the database's than this is wrong: leases would be taken too early or too late.
pub const MOST_SKEW: i64 = 5 * Timestamp::SECOND;

/// How far the database's time is ahead of this machine's, for the one daemon that a process is.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// From now on the system's clock tells the database's time. 0 where the two agree.
pub fn set_ahead(micros: i64) {
    AHEAD.store(micros, Ordering::Relaxed);
}

/// As [`set_ahead`] was told last.
pub fn ahead() -> i64 {
    AHEAD.load(Ordering::Relaxed)
}

impl Clock {
    /// A clock that stands still until it is advanced.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(Hands { at: AtomicI64::new(start.0), lived: AtomicI64::new(0) }))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door that everything else uses")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let machine = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
                Timestamp(machine.saturating_add(AHEAD.load(Ordering::Relaxed) + pretended()))
            }
            Self::Manual(hands) => Timestamp(hands.at.load(Ordering::SeqCst)),
        }
    }

    /// By how much it was corrected to tell the database's time; more than [`MOST_SKEW`] if at all.
    pub fn corrected_by(&self) -> i64 {
        match self {
            Self::System => AHEAD.load(Ordering::Relaxed).saturating_abs(),
            Self::Manual(_) => 0,
        }
    }

    /// How long this process lives, whatever the clock was set to meanwhile.
    pub fn lived(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        match self {
            Self::System => START.get_or_init(Instant::now).elapsed(),
            Self::Manual(hands) => Timestamp(hands.lived.load(Ordering::SeqCst)).since(Timestamp(0)),
        }
    }

    /// Time passes on a manual clock; the machine's own clock is not ours to move.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(hands) = self {
            hands.lived.fetch_add(micros(by), Ordering::SeqCst);
            hands.at.fetch_add(micros(by), Ordering::SeqCst);
        }
    }

    /// Sets a manual clock forward or back by so many microseconds: no time passes.
    pub fn set(&self, by: i64) {
        if let Self::Manual(hands) = self {
            hands.at.fetch_add(by, Ordering::SeqCst);
        }
    }
}

impl Timestamp {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(Self::SECOND))
    }

    pub fn seconds(self) -> i64 {
        self.0.div_euclid(Self::SECOND)
    }

    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(micros(by)))
    }

    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(micros(by)))
    }

    /// How long after `earlier` this is; nothing when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.seconds()) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => write!(f, "{}s", self.seconds()),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How far this machine's clock is to be wrong, in a debug build that a test tells so in `HELPDESKD_CLOCK_AHEAD`.
#[cfg(debug_assertions)]
fn pretended() -> i64 {
    static SECONDS: std::sync::OnceLock<i64> = std::sync::OnceLock::new();
    *SECONDS.get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "a switch of the test suite, not a setting")]
        let told = std::env::var("HELPDESKD_CLOCK_AHEAD").ok();
        told.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default() * Timestamp::SECOND
    })
}

#[cfg(not(debug_assertions))]
fn pretended() -> i64 {
    0
}

fn micros(by: Duration) -> i64 {
    i64::try_from(by.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Timestamp::from_seconds(10));
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), Timestamp::from_seconds(15));
    }

    #[test]
    fn extreme_moments_print_and_add_without_overflow() {
        assert!(!Timestamp(i64::MAX).to_string().is_empty());
        assert_eq!(Timestamp(i64::MAX).plus(Duration::from_secs(1)), Timestamp(i64::MAX));
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00Z");
    }
}
