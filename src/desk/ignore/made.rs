//! The ignore rules that were made at work, in memory.

use std::sync::PoisonError;
use std::sync::RwLock;

use crate::config::queue::IgnoreRule;
use crate::config::queue::OnServer;
use crate::store;
use crate::store::db::Tx;
use crate::store::ignore_rules::Stored;
use crate::ticket::id::QueueId;

/// The rules made at work, as the database has them. Read anew from time to time: there are many mails for each.
#[derive(Debug, Default)]
pub struct MadeAtWork(RwLock<Vec<(Option<QueueId>, IgnoreRule)>>);

impl MadeAtWork {
    pub async fn load(tx: &mut Tx) -> Result<Self, sqlx::Error> {
        let made = Self::default();
        made.reload(tx).await?;
        Ok(made)
    }

    pub(crate) async fn reload(&self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        let stored = store::ignore_rules::list(tx).await?;
        let rules = stored.into_iter().map(|stored| (stored.queue_id, rule(stored))).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }

    /// Those that cover a sender, for all queues or for this one.
    pub(crate) fn covering(&self, queue: QueueId, sender: &str) -> Vec<IgnoreRule> {
        let rules = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let meant = rules.iter().filter(|(id, _)| id.is_none_or(|id| id == queue)).map(|(_, rule)| rule);
        meant.filter(|rule| rule.covers(sender)).cloned().collect()
    }
}

fn rule(stored: Stored) -> IgnoreRule {
    let server = if stored.server == OnServer::Delete.as_str() { OnServer::Delete } else { OnServer::Keep };
    IgnoreRule { address: stored.pattern, server }
}
