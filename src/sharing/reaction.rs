//! What we do after a partner's answer, or after none.
//!
//! One table, without side effects: the delivery loop does what it says. Requests of one ticket keep their
//! order, so a retry holds up those behind it.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::sharing::Side;

/// How long a request is tried before it is shown as failed.
pub(crate) const LIFE: Duration = Duration::from_hours(72);
/// How long one request may take.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(1);

const SHORTEST_PAUSE: Duration = Duration::from_mins(1);
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// What a request was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// `POST` of an agreement, with or without the token in its header.
    Invitation { with_token: bool },
    /// `PUT` of an agreement.
    Decision,
    /// `PUT` of an agreement that ends it.
    Deactivation,
    /// `POST` of a ticket.
    Share,
    /// `PUT` of a ticket. `from` is the side that we are; `shared_again` tells that a whole ticket was already
    /// sent because the partner did not know it.
    Update { from: Side, shared_again: bool },
    /// `DELETE` of a ticket.
    Unshare,
}

/// A request that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    pub about: About,
    /// How often it was tried, this time included.
    pub tries: u32,
    pub(crate) first_try: Timestamp,
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With this status code, and what `Retry-After` asked for.
    Answer { code: u16, retry_after: Option<Duration> },
    /// Refused, dropped, too slow, untrusted, or led elsewhere: nobody can tell whether it arrived.
    NoAnswer,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    Done,
    /// A strict partner wants the token on the invitation.
    RepeatWithToken,
    /// The partner lost the ticket: send it whole, once.
    ShareAgain,
    /// The partner has let go of the ticket: mark it unshared and tell the agent.
    Unshared,
    /// The partner refuses us: stop everything under the agreement and tell the admin.
    Broken,
    /// This request is shown as failed, those behind it go on.
    Park,
    /// Again, not before this moment.
    Retry(Timestamp),
    /// It was tried for [`LIFE`]: shown as failed, to be sent again by hand.
    GiveUp,
}

/// The reaction to the end of one try at `now`.
pub(crate) fn reaction(tried: Tried, ending: Ending, now: Timestamp) -> Reaction {
    let Ending::Answer { code, retry_after } = ending else { return again(tried, None, now) };
    match (code, tried.about) {
        (408 | 425 | 429 | 500..=599, _) => again(tried, retry_after, now),
        (401, About::Invitation { with_token: false }) => Reaction::RepeatWithToken,
        // What is gone over there needs no end, and some partners know no DELETE.
        (200..=299, _) | (401 | 403 | 404 | 410, About::Deactivation) | (404 | 405 | 410, About::Unshare) => {
            Reaction::Done
        }
        (401 | 403, _) | (404 | 410, About::Invitation { .. } | About::Decision) => Reaction::Broken,
        (404, About::Update { from: Side::Sender, shared_again: false }) => Reaction::ShareAgain,
        (404 | 410, _) => Reaction::Unshared,
        (400..=499, _) => Reaction::Park,
        // Redirects that could not be followed, and codes that no server should send: perhaps it is being
        // repaired.
        _ => again(tried, None, now),
    }
}

fn again(tried: Tried, asked: Option<Duration>, now: Timestamp) -> Reaction {
    let end = tried.first_try.plus(LIFE);
    if now >= end {
        return Reaction::GiveUp;
    }
    let wait = pause(tried.tries).max(asked.unwrap_or_default()).min(LONGEST_PAUSE);
    // The last try falls on the end, not before it.
    Reaction::Retry(now.plus(wait).min(end))
}

/// 1, 2, 4, 8 … minutes, at most 6 hours.
fn pause(tries: u32) -> Duration {
    SHORTEST_PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
    const UPDATE: About = About::Update { from: Side::Sender, shared_again: false };
    const AFTER_REPOST: About = About::Update { from: Side::Sender, shared_again: true };
    const ANSWERED: About = About::Update { from: Side::Receiver, shared_again: false };
    const INVITATION: About = About::Invitation { with_token: false };
    const EVERYTHING: [About; 9] = [
        INVITATION,
        About::Invitation { with_token: true },
        About::Decision,
        About::Deactivation,
        About::Share,
        UPDATE,
        AFTER_REPOST,
        ANSWERED,
        About::Unshare,
    ];

    fn react(about: About, code: u16) -> Reaction {
        let tried = Tried { about, tries: 1, first_try: NOW };
        reaction(tried, Ending::Answer { code, retry_after: None }, NOW)
    }

    #[test]
    fn success_is_done_whatever_the_code() {
        for about in EVERYTHING {
            for code in [200, 201, 202, 204, 299] {
                assert_eq!(react(about, code), Reaction::Done);
            }
        }
    }

    #[test]
    fn every_refusal_has_the_contracts_reaction() {
        use Reaction::{Broken, Done, Park, RepeatWithToken, ShareAgain, Unshared};
        for (about, code, expected) in [
            (INVITATION, 401, RepeatWithToken),
            (About::Invitation { with_token: true }, 401, Broken),
            (INVITATION, 404, Broken),
            (INVITATION, 422, Park),
            (About::Decision, 403, Broken),
            (About::Deactivation, 403, Done),
            (About::Deactivation, 410, Done),
            (About::Share, 401, Broken),
            (About::Share, 403, Broken),
            (About::Share, 404, Unshared),
            (About::Share, 422, Park),
            (UPDATE, 404, ShareAgain),
            (UPDATE, 410, Unshared),
            (AFTER_REPOST, 404, Unshared),
            (ANSWERED, 404, Unshared),
            (UPDATE, 403, Broken),
            (UPDATE, 405, Park),
            (About::Unshare, 405, Done),
            (About::Unshare, 404, Done),
            (About::Unshare, 410, Done),
            (About::Unshare, 403, Broken),
        ] {
            assert_eq!(react(about, code), expected, "{about:?} {code}");
        }
        for code in [400, 402, 406, 409, 411, 412, 413, 415, 418, 423, 451] {
            for about in EVERYTHING {
                assert_eq!(react(about, code), Park, "{about:?} {code}");
            }
        }
    }

    #[test]
    fn trouble_is_tried_again() {
        for code in [408, 425, 429, 500, 502, 503, 599, 301, 302, 304, 307, 308, 100, 0, 999] {
            assert_eq!(react(UPDATE, code), Reaction::Retry(NOW.plus(SHORTEST_PAUSE)), "{code}");
        }
    }

    #[test]
    fn the_pauses_grow_from_a_minute_to_six_hours_and_end_after_three_days() {
        let (mut now, mut tries, mut pauses) = (NOW, 1, vec![]);
        loop {
            let last = Tried { about: UPDATE, tries, first_try: NOW };
            match reaction(last, Ending::NoAnswer, now) {
                Reaction::Retry(at) => {
                    pauses.push(at.since(now).as_secs() / 60);
                    now = at;
                    tries += 1;
                }
                other => break assert_eq!(other, Reaction::GiveUp),
            }
        }
        assert_eq!(pauses[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert!(pauses[9..pauses.len() - 1].iter().all(|pause| *pause == 360));
        assert_eq!(now, NOW.plus(LIFE), "the last try is at the very end");
    }

    #[test]
    fn a_partner_may_ask_for_a_longer_pause_but_not_for_days() {
        let wait = |seconds| {
            let tried = Tried { about: UPDATE, tries: 1, first_try: NOW };
            let retry_after = Some(Duration::from_secs(seconds));
            reaction(tried, Ending::Answer { code: 503, retry_after }, NOW)
        };
        assert_eq!(wait(5), Reaction::Retry(NOW.plus(SHORTEST_PAUSE)));
        assert_eq!(wait(900), Reaction::Retry(NOW.plus(Duration::from_mins(15))));
        assert_eq!(wait(u64::MAX), Reaction::Retry(NOW.plus(LONGEST_PAUSE)));
    }
}
