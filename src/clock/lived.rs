//! A clock held against the time that was lived through: what is done by age waits where the clock leapt.
//!
//! Nobody knows at once whether a clock was set right or wrong. So a leap is believed once the process has lived with it
//! for a while, and one that is taken back leaves no trace.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::clock::Clock;
use crate::clock::Timestamp;

/// A clock is set by less than this all the time.
const MOST: Duration = Duration::from_mins(5);
/// A clock that is wrong is noticed by somebody, or by the machine itself, within this time.
const BELIEVED: Duration = Duration::from_hours(1);

/// Whether the clock went on by more than was lived through, so short a time ago that it may be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leap {
    None,
    /// Nobody asked about it before.
    New,
    Known,
}

/// What the clock showed when it was last believed.
#[derive(Clone, Debug)]
pub struct Lived(Arc<Mutex<Base>>);

#[derive(Clone, Copy, Debug)]
struct Base {
    at: Timestamp,
    lived: Duration,
    /// When the clock was first seen to be ahead.
    leapt: Option<Duration>,
}

impl Base {
    fn of(clock: &Clock) -> Self {
        Self { at: clock.now(), lived: clock.lived(), leapt: None }
    }
}

impl Lived {
    pub fn new(clock: &Clock) -> Self {
        Self(Arc::new(Mutex::new(Base::of(clock))))
    }

    pub fn leap(&self, clock: &Clock) -> Leap {
        let mut base = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (shown, lived) = (clock.now().since(base.at), clock.lived());
        if shown.saturating_sub(lived.saturating_sub(base.lived)) <= MOST {
            *base = Base::of(clock);
            return Leap::None;
        }
        let Some(since) = base.leapt else {
            base.leapt = Some(lived);
            return Leap::New;
        };
        if lived.saturating_sub(since) < BELIEVED {
            return Leap::Known;
        }
        *base = Base::of(clock);
        Leap::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = Timestamp::HOUR;

    fn begun() -> (Clock, Lived) {
        let clock = Clock::manual(Timestamp(1_000 * Timestamp::DAY));
        let lived = Lived::new(&clock);
        (clock, lived)
    }

    #[test]
    fn time_that_passes_is_no_leap_however_long_it_is() {
        let (clock, lived) = begun();
        clock.advance(Duration::from_hours(24 * 400));
        assert_eq!(lived.leap(&clock), Leap::None);
        clock.set(4 * Timestamp::MINUTE);
        assert_eq!(lived.leap(&clock), Leap::None, "nor is a small correction");
        clock.set(-30 * HOUR);
        assert_eq!(lived.leap(&clock), Leap::None, "nor one that lets nothing grow older");
    }

    #[test]
    fn a_leap_is_believed_after_an_hour_and_forgotten_when_it_is_taken_back() {
        let (clock, lived) = begun();
        clock.set(24 * HOUR);
        assert_eq!(lived.leap(&clock), Leap::New);
        clock.advance(Duration::from_mins(59));
        assert_eq!(lived.leap(&clock), Leap::Known);
        clock.set(-24 * HOUR);
        assert_eq!(lived.leap(&clock), Leap::None);
        clock.set(24 * HOUR);
        assert_eq!(lived.leap(&clock), Leap::New, "each leap has its own hour");
        clock.advance(Duration::from_hours(1));
        assert_eq!(lived.leap(&clock), Leap::None);
        assert_eq!(lived.leap(&clock), Leap::None);
    }
}
