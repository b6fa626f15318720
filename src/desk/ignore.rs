//! Ignore rules: whose mail is not made a ticket. Those of the configuration, and those made at work.

use std::sync::PoisonError;
use std::sync::RwLock;

use crate::clock::Timestamp;
use crate::config::queue;
use crate::config::queue::IgnoreRule;
use crate::config::queue::OnServer;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::store::ignore_rules::Stored;
use crate::ticket::id::QueueId;
use crate::ticket::id::RuleId;

/// The journal's reasons for an ignored message: what happens to it in the mailbox differs.
pub const KEPT: &str = "rule";
pub const DELETED: &str = "rule-delete";

/// The rules made at work, as the database has them. Read anew from time to time: there are many mails for each.
#[derive(Debug, Default)]
pub struct MadeAtWork(RwLock<Vec<(Option<QueueId>, IgnoreRule)>>);

impl MadeAtWork {
    pub async fn load(tx: &mut Tx) -> Result<Self, sqlx::Error> {
        let made = Self::default();
        made.reload(tx).await?;
        Ok(made)
    }

    pub async fn reload(&self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        let stored = store::ignore_rules::list(tx).await?;
        let rules = stored.into_iter().map(|stored| (stored.queue_id, rule(stored))).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }
}

/// The rule that is meant for a sender; any text may be asked about.
///
/// Where several are, one that deletes nothing comes first: a mail that is kept can still be deleted.
pub fn find(desk: &Desk, queue: &Queue, sender: &str) -> Option<IgnoreRule> {
    let made = desk.ignored.0.read().unwrap_or_else(PoisonError::into_inner);
    let made = made.iter().filter(|(id, _)| id.is_none_or(|id| id == queue.id)).map(|(_, rule)| rule);
    let declared = desk.config.intake.ignore.iter().chain(&queue.config.ignore);
    let covering: Vec<&IgnoreRule> = declared.chain(made).filter(|rule| rule.covers(sender)).collect();
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

fn rule(stored: Stored) -> IgnoreRule {
    let server = if stored.server == OnServer::Delete.as_str() { OnServer::Delete } else { OnServer::Keep };
    IgnoreRule { address: stored.pattern, server }
}
