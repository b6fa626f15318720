//! What is done to messages on the server once they are recorded.
//!
//! All of it may be done again without harm; none of it ever removes a message that was not named.

use crate::crash;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::fetch::PER_COMMAND;
use crate::imap::said;
use crate::imap::wire;

/// How far messages were removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    Gone,
    /// Marked as deleted: a server without UIDPLUS could only remove all marked messages, also others'.
    Marked,
    /// Where it was, marked as seen: the server could only have kept a copy, with an original marked as deleted that
    /// nobody removes, or that somebody else does at any time.
    Stayed,
}

impl Session {
    pub(crate) async fn mark_seen(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        self.store(uids, "+FLAGS.SILENT (\\Seen)").await
    }

    /// Sets a keyword, if the folder keeps it.
    pub(crate) async fn add_keyword(&mut self, uids: &[u32], keyword: &str) -> Result<(), ImapError> {
        if !self.keeps(keyword) || !wire::is_keyword(keyword) {
            return Err(ImapError::Refused(format!("the folder does not keep the keyword {keyword}")));
        }
        self.store(uids, &format!("+FLAGS.SILENT ({keyword})")).await
    }

    /// Whether a message can be moved without touching others.
    pub fn can_move(&self) -> bool {
        self.can("MOVE") || self.can("UIDPLUS")
    }

    /// Moves messages to another folder, which must exist, if the server can.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<Removal, ImapError> {
        if !self.can_move() {
            return self.mark_seen(uids).await.map(|()| Removal::Stayed);
        }
        let target = wire::folder(folder);
        let verb = if self.can("MOVE") { "MOVE" } else { "COPY" };
        // A message that is marked was copied by an attempt that then broke off.
        let copied = if verb == "COPY" { self.marked(uids).await? } else { Vec::new() };
        let rest: Vec<u32> = uids.iter().copied().filter(|uid| !copied.contains(uid)).collect();
        for part in rest.chunks(PER_COMMAND) {
            let command = format!("UID {verb} {} {target}", wire::set(part));
            match self.command(&command, |_| {}).await {
                Err(ImapError::Refused(text)) if said::is_missing_folder(&text) => {
                    return Err(ImapError::NoSuchFolder { folder: folder.to_owned(), text });
                }
                other => other?,
            }
            crash::point("imap-move-answered");
        }
        if verb == "MOVE" { Ok(Removal::Gone) } else { self.delete(uids).await }
    }

    /// Removes messages, as far as that can be done without touching others.
    pub async fn delete(&mut self, uids: &[u32]) -> Result<Removal, ImapError> {
        self.store(uids, "+FLAGS.SILENT (\\Deleted)").await?;
        if !self.can("UIDPLUS") {
            return Ok(Removal::Marked);
        }
        for part in uids.chunks(PER_COMMAND) {
            self.command(&format!("UID EXPUNGE {}", wire::set(part)), |_| {}).await?;
            crash::point("imap-expunge-answered");
        }
        Ok(Removal::Gone)
    }

    async fn store(&mut self, uids: &[u32], change: &str) -> Result<(), ImapError> {
        for part in uids.chunks(PER_COMMAND) {
            self.command(&format!("UID STORE {} {change}", wire::set(part)), |_| {}).await?;
            crash::point("imap-store-answered");
        }
        Ok(())
    }

    async fn marked(&mut self, uids: &[u32]) -> Result<Vec<u32>, ImapError> {
        let listed = self.sizes(uids).await?;
        let marked =
            listed.into_iter().filter(|message| message.flags.iter().any(|flag| flag == "\\deleted"));
        Ok(marked.map(|message| message.uid).collect())
    }
}
