//! How long to wait before the next attempt. Pure; randomness is an argument.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::imap::error::ImapError;
use crate::imap::error::Trouble;

/// Minutes before the second and later attempts to deliver a mail (RFC 5321 §4.5.4 asks for patience).
const DELIVERY: [i64; 5] = [1, 5, 15, 30, 60];

/// No mail waits longer for its next attempt.
pub const LONGEST: Duration = Duration::from_hours(4);

/// When to try a mail again after `attempts` attempts; `random` spreads the later ones over 2 to 4 hours.
pub fn delivery(attempts: i64, now: Timestamp, random: u64) -> Timestamp {
    let at = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    let minutes = DELIVERY.get(at).copied().unwrap_or_else(|| 120 + i64::try_from(random % 121).unwrap_or(0));
    Timestamp(now.0 + minutes * Timestamp::MINUTE)
}

/// How long to leave a mailbox alone after `failures` failures in a row: 1, 2, 4 … seconds up to `most`,
/// then between half and the whole of that.
pub fn mailbox(failures: u32, most: Duration, random: u64) -> Duration {
    let whole = Duration::from_secs(1 << failures.saturating_sub(1).min(16)).min(most);
    let half = whole / 2;
    let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_millis(random % spread)
}

/// How long until a message that the server did not hand over is asked for again: 5, 10, 20, 40 seconds, then
/// every minute for an hour, then every 5.
pub fn gap(attempts: i64) -> Duration {
    match u32::try_from(attempts).unwrap_or(0) {
        0..=1 => Duration::from_secs(5),
        few @ 2..=4 => Duration::from_secs(5 << (few - 1)),
        5..=60 => Duration::from_mins(1),
        _ => Duration::from_mins(5),
    }
}

/// How long to leave a mailbox alone after an error of its server, the `failures`th in a row.
pub fn session(error: &ImapError, failures: u32, most: Duration, random: u64) -> Duration {
    if let Some(pause) = error.wanted_pause() {
        return pause.max(mailbox(1, most, random));
    }
    // A refused log-in repeated every second locks accounts, and a server that has too much to do gets more.
    let more = if error.is_throttled() {
        5
    } else if error.kind() == Trouble::Transient {
        0
    } else {
        3
    };
    mailbox(failures + more, most, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_soon_and_then_patiently() {
        let now = Timestamp(0);
        let minutes = |attempts, random| delivery(attempts, now, random).0 / Timestamp::MINUTE;
        assert_eq!([1, 2, 3, 4, 5].map(|n| minutes(n, 0)), [1, 5, 15, 30, 60]);
        assert_eq!((minutes(6, 0), minutes(60, 120), minutes(i64::MAX, 121)), (120, 240, 120));
        assert_eq!(delivery(9, now, 120), now.plus(LONGEST));
    }

    #[test]
    fn a_mailbox_is_left_alone_longer_each_time_but_not_for_ever() {
        let most = Duration::from_mins(5);
        for failures in 1..40 {
            let pause = mailbox(failures, most, 7_919);
            assert!(pause <= most && pause >= Duration::from_millis(500), "{failures}: {pause:?}");
        }
    }

    #[test]
    fn a_server_is_left_alone_for_as_long_as_it_asks() {
        let pause = |error: ImapError| session(&error, 1, Duration::from_mins(5), 0);
        let refused = |text: &str| ImapError::Refused(text.to_owned());
        assert_eq!(pause(ImapError::Closed), Duration::from_millis(500));
        assert_eq!(pause(ImapError::LoginRefused("no".to_owned())), Duration::from_secs(4));
        assert_eq!(pause(refused("[THROTTLED] slow down")), Duration::from_secs(16));
        assert_eq!(pause(refused("try again in 90 seconds")), Duration::from_secs(90));
        assert_eq!(
            pause(ImapError::Bye("Throttled, retry in 20 minutes".to_owned())),
            Duration::from_mins(20)
        );
    }

    #[test]
    fn a_gap_is_tried_soon_and_then_patiently() {
        let seconds = |attempts| gap(attempts).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 60, 61].map(seconds), [5, 10, 20, 40, 60, 60, 300]);
    }
}
