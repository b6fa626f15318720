//! Tags that travel as full lists: what a partner's list changes here.
//!
//! The protocol has no word for "removed", so a list is read against the one before it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

/// What is remembered of the tags of one shared ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TagMemory {
    /// The last list that went either way: what the partner has.
    seen: BTreeSet<String>,
    /// Those that are here only because this partner sent them.
    theirs: BTreeSet<String>,
}

/// What to do to the ticket's tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TagChange {
    pub add: Vec<String>,
    pub remove: Vec<String>,
}

impl TagMemory {
    /// Takes in a partner's list. Adds what is new in it, removes what this partner had sent and now leaves
    /// out; a tag that somebody here set, or took away meanwhile, stays as it is.
    pub fn receive(&mut self, local: &BTreeSet<String>, list: &[String]) -> TagChange {
        let list: BTreeSet<String> = list.iter().cloned().collect();
        let gone = self.seen.difference(&list).filter(|tag| self.theirs.contains(*tag));
        let remove: Vec<String> = gone.filter(|tag| local.contains(*tag)).cloned().collect();
        let add: Vec<String> =
            list.difference(&self.seen).filter(|tag| !local.contains(*tag)).cloned().collect();
        self.theirs.retain(|tag| list.contains(tag));
        self.theirs.extend(add.iter().cloned());
        self.seen = list;
        TagChange { add, remove }
    }

    /// The list to send, if the partner does not have it yet.
    pub fn news(&self, local: &BTreeSet<String>) -> Option<Vec<String>> {
        (self.seen != *local).then(|| local.iter().cloned().collect())
    }

    /// Remembers that our list was put on its way.
    pub fn sent(&mut self, local: &BTreeSet<String>) {
        self.seen.clone_from(local);
        self.theirs.retain(|tag| local.contains(tag));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(tags: &str) -> BTreeSet<String> {
        tags.split_whitespace().map(str::to_owned).collect()
    }

    fn list(tags: &str) -> Vec<String> {
        tags.split_whitespace().map(str::to_owned).collect()
    }

    fn change(add: &str, remove: &str) -> TagChange {
        TagChange { add: list(add), remove: list(remove) }
    }

    #[test]
    fn a_partner_removes_only_what_he_sent_before() {
        let mut memory = TagMemory::default();
        assert_eq!(memory.receive(&set("ours"), &list("a b")), change("a b", ""));
        assert_eq!(memory.receive(&set("ours a b"), &list("b")), change("", "a"));
        assert_eq!(memory.receive(&set("ours b"), &list("")), change("", "b"));
    }

    #[test]
    fn our_own_tag_echoed_and_then_left_out_stays() {
        let mut memory = TagMemory::default();
        memory.sent(&set("ours"));
        assert_eq!(memory.receive(&set("ours"), &list("ours x")), change("x", ""));
        assert_eq!(memory.receive(&set("ours x"), &list("x")), change("", ""));
    }

    #[test]
    fn a_tag_that_we_took_away_does_not_come_back_by_repetition() {
        let mut memory = TagMemory::default();
        memory.receive(&set(""), &list("a b"));
        assert_eq!(memory.receive(&set("b"), &list("a b c")), change("c", ""));
    }

    #[test]
    fn a_list_that_the_partner_has_is_not_sent_again() {
        let mut memory = TagMemory::default();
        assert_eq!(memory.news(&set("a")), Some(list("a")));
        memory.sent(&set("a"));
        assert_eq!(memory.news(&set("a")), None);
        memory.receive(&set("a"), &list("a b"));
        assert_eq!(memory.news(&set("a b")), None, "what came from him does not go back");
        assert_eq!(memory.news(&set("a")), Some(list("a")));
    }

    proptest! {
        #[test]
        fn a_tag_that_no_partner_sent_is_never_removed(
            ours in proptest::collection::btree_set("[a-e]", 0..4),
            lists in proptest::collection::vec(proptest::collection::vec("[a-h]", 0..6), 0..6),
        ) {
            let mut memory = TagMemory::default();
            let mut local = ours.clone();
            for list in lists {
                let change = memory.receive(&local, &list);
                for tag in change.remove {
                    prop_assert!(local.remove(&tag));
                }
                for tag in change.add {
                    prop_assert!(local.insert(tag));
                }
                prop_assert!(local.is_superset(&ours));
                prop_assert!(list.iter().all(|tag| local.contains(tag)));
            }
        }
    }
}
