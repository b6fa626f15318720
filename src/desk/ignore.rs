//! Ignore rules: whose mail is not made a ticket. Those of the configuration, and those made at work.

pub mod made;

use crate::clock::Timestamp;
use crate::config::queue;
use crate::config::queue::IgnoreRule;
use crate::config::queue::OnServer;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::QueueId;
use crate::ticket::id::RuleId;

/// The journal's reasons for an ignored message: what happens to it in the mailbox differs.
pub(crate) const KEPT: &str = "rule";
pub(crate) const DELETED: &str = "rule-delete";

/// The rule that is meant for a sender; any text may be asked about.
///
/// Where several are, one that deletes nothing comes first: a mail that is kept can still be deleted.
pub fn find(desk: &Desk, queue: &Queue, sender: &str) -> Option<IgnoreRule> {
    let made = desk.ignored.covering(queue.id, sender);
    let declared = desk.config.intake.ignore.iter().chain(&queue.config.ignore);
    let covering: Vec<&IgnoreRule> = declared.filter(|rule| rule.covers(sender)).chain(&made).collect();
    let kept = covering.iter().find(|rule| rule.server == OnServer::Keep);
    kept.or(covering.first()).map(|rule| (*rule).clone())
}

/// Adds a rule; an equal one is not added twice.
pub async fn add(
    tx: &mut Tx,
    queue_id: Option<QueueId>,
    (pattern, server): (&str, OnServer),
    now: Timestamp,
) -> Result<RuleId, DeskError> {
    let pattern = queue::pattern_of(pattern).map_err(DeskError::Refused)?;
    let known = store::ignore_rules::list(tx).await?;
    for old in known.iter().filter(|old| old.queue_id == queue_id && old.pattern == pattern) {
        store::ignore_rules::delete(tx, old.id).await?;
    }
    Ok(store::ignore_rules::insert(tx, queue_id, &pattern, server.as_str(), now).await?)
}

/// Removes every rule with this pattern, or the one with this number; says how many.
pub async fn remove(tx: &mut Tx, what: &str) -> Result<usize, sqlx::Error> {
    let wanted = what.trim().to_ascii_lowercase();
    let number: Option<RuleId> = wanted.parse().ok();
    let mut gone = 0;
    for old in store::ignore_rules::list(tx).await? {
        if old.pattern == wanted || Some(old.id) == number {
            store::ignore_rules::delete(tx, old.id).await?;
            gone += 1;
        }
    }
    Ok(gone)
}
