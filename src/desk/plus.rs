//! In which queues a reply may be addressed to `support+TOKEN@…`: where a probe was seen to arrive that way.
//!
//! Sends no probe and judges none; a mail server that drops such addresses would drop every answer.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::RwLock;

use crate::config::mailbox::Mailbox;
use crate::desk::directory::Directory;
use crate::store;
use crate::store::db::Tx;
use crate::store::probes::Probe;
use crate::ticket::id::QueueId;

/// As a probe stores it.
pub(crate) const ARRIVE: &str = "arrive";

/// The queues whose plus-addresses arrive, as the database has them.
#[derive(Debug, Default)]
pub struct PlusAddresses(RwLock<HashSet<QueueId>>);

impl PlusAddresses {
    pub async fn load(tx: &mut Tx, directory: &Directory) -> Result<Self, sqlx::Error> {
        Ok(Self(RwLock::new(read(tx, directory).await?)))
    }

    /// Reads anew what another process may have found out meanwhile.
    pub(crate) async fn reload(&self, tx: &mut Tx, directory: &Directory) -> Result<(), sqlx::Error> {
        let found = read(tx, directory).await?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// Whether an answer to a plus-address of this queue reaches us.
    pub fn arrive(&self, queue: QueueId) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&queue)
    }
}

async fn read(tx: &mut Tx, directory: &Directory) -> Result<HashSet<QueueId>, sqlx::Error> {
    let probes = store::probes::list(tx).await?;
    let usable = probes.into_iter().filter(|probe| probe.plus_addresses == ARRIVE && holds(probe, directory));
    Ok(usable.map(|probe| probe.queue_id).collect())
}

/// Whether the way that was probed is still the queue's.
pub fn holds(probe: &Probe, directory: &Directory) -> bool {
    let Some(queue) = directory.queue(probe.queue_id) else { return false };
    let mailbox = queue.config.imap.as_ref().map(Mailbox::identity);
    queue.config.address == probe.address && mailbox.as_deref() == Some(&probe.mailbox)
}
