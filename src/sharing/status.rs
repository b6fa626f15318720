//! What a ticket's state is called at a partner, and what a partner's word does to a ticket.
//!
//! Decides only; the ticket is changed by whoever asked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

/// A ticket's state as far as a partner can see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Local {
    /// Open or reopened, and ours to answer.
    Open,
    /// Open, and the last public word is an agent's.
    Waiting,
    /// On hold by ourselves.
    Held,
    /// On hold because this partner, or another, said so.
    HeldByPartner,
    Resolved,
    Closed,
}

/// What a partner's word means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    Open,
    Held,
    Resolved,
    Closed,
    /// The word is known and changes nothing.
    Ignored,
}

/// One thing to do to a ticket, in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Reopen,
    /// Held by the partner.
    Hold,
    /// Ends the partner's hold, never ours.
    Unhold,
    Resolve,
    Close,
}

/// An agreement's own words, where they differ from the usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusMap {
    /// From our state to the partner's word.
    #[serde(rename = "out")]
    outgoing: BTreeMap<Local, String>,
    /// From the partner's word, in lower case, to its meaning.
    #[serde(rename = "in")]
    incoming: BTreeMap<String, Meaning>,
}

impl StatusMap {
    /// Reads a map as an admin writes it: `{"out": {"held": "hold"}, "in": {"awaiting parts": "held"}}`.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let mut map: Self = serde_json::from_str(text)?;
        map.incoming =
            map.incoming.into_iter().map(|(word, meaning)| (word.to_lowercase(), meaning)).collect();
        Ok(map)
    }

    /// The word for a state; none for a hold of the partner's own making, which he knows better.
    pub fn word(&self, local: Local) -> Option<&str> {
        let usual = match local {
            // Many partners have no hold of their own, and read the word as unknown.
            Local::Open | Local::Held => Some("open"),
            Local::Waiting => Some("pending"),
            Local::HeldByPartner => None,
            Local::Resolved => Some("solved"),
            Local::Closed => Some("closed"),
        };
        self.outgoing.get(&local).map(String::as_str).or(usual)
    }

    /// The word to send, if it is news: `partner_has` is the last one that went either way.
    pub fn news(&self, local: Local, partner_has: Option<&str>) -> Option<&str> {
        self.word(local).filter(|word| partner_has.is_none_or(|has| !has.eq_ignore_ascii_case(word)))
    }

    /// What a partner's word means; none if it is unknown, which leaves the ticket as it is.
    pub(crate) fn meaning(&self, word: &str) -> Option<Meaning> {
        let word = word.trim().to_lowercase();
        self.incoming.get(&word).copied().or(match word.as_str() {
            "new" | "open" => Some(Meaning::Open),
            "pending" | "hold" => Some(Meaning::Held),
            "solved" => Some(Meaning::Resolved),
            "closed" => Some(Meaning::Closed),
            _ => None,
        })
    }
}

/// What to do to a ticket for a partner's word; nothing where the ticket says the same already.
pub fn steps(local: Local, meaning: Meaning) -> &'static [Step] {
    match (meaning, local) {
        (Meaning::Open, Local::Resolved | Local::Closed) => &[Step::Reopen],
        (Meaning::Open, Local::HeldByPartner) => &[Step::Unhold],
        (Meaning::Held, Local::Open | Local::Waiting) => &[Step::Hold],
        (Meaning::Held, Local::Resolved | Local::Closed) => &[Step::Reopen, Step::Hold],
        (Meaning::Resolved, Local::Open | Local::Waiting | Local::Held | Local::HeldByPartner) => {
            &[Step::Resolve]
        }
        (Meaning::Closed, Local::Closed) => &[],
        (Meaning::Closed, _) => &[Step::Close],
        // An incoming `open` never lifts a hold that we set, and `solved` never opens what is closed.
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [Local; 6] =
        [Local::Open, Local::Waiting, Local::Held, Local::HeldByPartner, Local::Resolved, Local::Closed];

    #[test]
    fn every_state_has_the_contracts_word() {
        let words = STATES.map(|local| StatusMap::default().word(local).map(str::to_owned));
        let expected = [Some("open"), Some("pending"), Some("open"), None, Some("solved"), Some("closed")];
        assert_eq!(words, expected.map(|word| word.map(str::to_owned)));
    }

    #[test]
    fn every_word_does_what_the_contract_says_to_every_state() {
        use Step::{Close, Hold, Reopen, Resolve, Unhold};
        for (word, expected) in [
            ("new", [&[][..], &[], &[], &[Unhold], &[Reopen], &[Reopen]]),
            ("open", [&[], &[], &[], &[Unhold], &[Reopen], &[Reopen]]),
            ("pending", [&[Hold], &[Hold], &[], &[], &[Reopen, Hold], &[Reopen, Hold]]),
            ("hold", [&[Hold], &[Hold], &[], &[], &[Reopen, Hold], &[Reopen, Hold]]),
            ("solved", [&[Resolve], &[Resolve], &[Resolve], &[Resolve], &[], &[]]),
            ("closed", [&[Close], &[Close], &[Close], &[Close], &[Close], &[]]),
        ] {
            let meaning = StatusMap::default().meaning(word).unwrap();
            for (local, expected) in STATES.into_iter().zip(expected) {
                assert_eq!(steps(local, meaning), expected, "{word} on {local:?}");
            }
        }
    }

    #[test]
    fn an_unknown_word_means_nothing_and_case_does_not_matter() {
        let map = StatusMap::default();
        for word in ["", "stalled", "resolved!", "0"] {
            assert_eq!(map.meaning(word), None);
        }
        assert_eq!(map.meaning(" Solved "), Some(Meaning::Resolved));
    }

    #[test]
    fn an_agreements_own_map_comes_first() {
        let map =
            StatusMap::parse(r#"{"out":{"held":"hold"},"in":{"Awaiting Parts":"held","closed":"resolved"}}"#)
                .unwrap();
        assert_eq!(map.word(Local::Held), Some("hold"));
        assert_eq!(map.word(Local::Open), Some("open"));
        assert_eq!(map.meaning("awaiting parts"), Some(Meaning::Held));
        assert_eq!(map.meaning("closed"), Some(Meaning::Resolved));
        for bad in ["", "5", r#"{"out":{"asleep":"x"}}"#, r#"{"in":{"x":"y"}}"#, r#"{"inn":{}}"#] {
            assert!(StatusMap::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_word_that_the_partner_has_already_is_no_news() {
        let map = StatusMap::default();
        assert_eq!(map.news(Local::Resolved, Some("Solved")), None);
        assert_eq!(map.news(Local::Resolved, Some("open")), Some("solved"));
        assert_eq!(map.news(Local::Open, None), Some("open"));
        assert_eq!(map.news(Local::HeldByPartner, Some("open")), None, "his own hold is never sent back");
    }
}
