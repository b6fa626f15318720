//! How many mails an account may send in a minute, counted over all of its connections in this process.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::clock::Timestamp;

/// The count of the running minute.
#[derive(Clone, Debug)]
pub struct Pace {
    limit: Option<u32>,
    minute: Arc<Mutex<(i64, u32)>>,
}

impl Pace {
    pub fn new(limit: Option<u32>) -> Self {
        Self { limit, minute: Arc::default() }
    }

    /// Counts one mail, if there is room for it.
    pub fn allows(&self, now: Timestamp) -> bool {
        let Some(limit) = self.limit else { return true };
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        let current = now.0.div_euclid(Timestamp::MINUTE);
        if minute.0 != current {
            *minute = (current, 0);
        }
        let room = minute.1 < limit;
        minute.1 += u32::from(room);
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_room_for_its_limit_and_the_next_one_again() {
        let pace = Pace::new(Some(2));
        let allowed = |at| pace.clone().allows(Timestamp(at));
        assert_eq!(
            [allowed(0), allowed(1), allowed(2), allowed(Timestamp::MINUTE)],
            [true, true, false, true]
        );
        assert!((0..1000).all(|at| Pace::new(None).allows(Timestamp(at))));
    }
}
