//! Which messages there are.
//!
//! Only UIDs; never sequence numbers, never flags.

use async_imap::imap_proto::MailboxDatum;
use async_imap::imap_proto::Response;

use crate::clock::Timestamp;
use crate::crash;
use crate::imap::News;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::wire;

/// How many UIDs one command asks about at first, and at most.
const FIRST_SPAN: u32 = 20_000;
const LONGEST_SPAN: u32 = 1 << 30;

/// As many found in one answer are read quickly enough; the parser's time grows with the square.
const MANY: usize = 5_000;

impl Session {
    /// The UIDs of all messages from `first` on, ascending.
    ///
    /// Asks in spans below the UID that SELECT announced as next, then openly, so that a message that
    /// arrived since is found.
    pub async fn search_from(&mut self, first: u32, selected: &Selected) -> Result<Vec<u32>, ImapError> {
        self.news = News::None;
        let mut found = Vec::new();
        let (mut from, mut span) = (first.max(1), FIRST_SPAN);
        let end = selected.uid_next.unwrap_or(from);
        while from.saturating_add(span) < end {
            let last = from + (span - 1);
            let before = found.len();
            self.search(&format!("UID SEARCH UID {from}:{last}"), &mut found).await?;
            from = last + 1;
            span = if found.len() - before > MANY {
                FIRST_SPAN
            } else {
                span.saturating_mul(4).min(LONGEST_SPAN)
            };
        }
        self.search(&format!("UID SEARCH UID {from}:*"), &mut found).await?;
        // `n:*` is a range without direction: it finds the last message even when that is below n.
        found.retain(|&uid| uid >= first);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The UIDs of messages that arrived on the day of that moment or later, ascending; a server has days of its own.
    pub async fn search_since(&mut self, moment: Timestamp) -> Result<Vec<u32>, ImapError> {
        let mut found = Vec::new();
        self.search(&format!("UID SEARCH SINCE {}", wire::day(moment)), &mut found).await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Which of these UIDs still exist, ascending.
    pub(crate) async fn search_among(&mut self, uids: &[u32]) -> Result<Vec<u32>, ImapError> {
        let mut found = Vec::new();
        for part in uids.chunks(super::fetch::PER_COMMAND) {
            self.search(&format!("UID SEARCH UID {}", wire::set(part)), &mut found).await?;
        }
        found.retain(|uid| uids.contains(uid));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn search(&mut self, command: &str, found: &mut Vec<u32>) -> Result<(), ImapError> {
        let note = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids);
            }
        };
        self.command(command, note).await?;
        crash::point("imap-search-answered");
        Ok(())
    }
}
