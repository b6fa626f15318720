//! Keeping the words of entries, by which they are found: with each entry, and whenever what stands above it changes.
//!
//! Who may read an entry, and of which ticket it is, is asked when it is found: that is kept once.

use crate::desk::prepared::Prepared;
use crate::store;
use crate::store::db::Tx;
use crate::store::db::entry_words;
use crate::store::followups::Followup;
use crate::store::followups::searching;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::words::Folded;

/// Keeps the words of a new entry, once its files are there.
pub(crate) async fn add(tx: &mut Tx, id: FollowupId, words: &Prepared) -> Result<(), sqlx::Error> {
    let head = head(tx, id).await?;
    entry_words::put(tx, id, words.folded(), &head).await
}

/// Keeps the words of an entry from which some were taken.
pub(crate) async fn rewrite(tx: &mut Tx, entry: &Followup) -> Result<(), sqlx::Error> {
    let head = head(tx, entry.id).await?;
    entry_words::put(tx, entry.id, &Folded::of(&entry.text), &head).await
}

/// Keeps what stands above an entry now.
pub(crate) async fn renew(tx: &mut Tx, id: FollowupId) -> Result<(), sqlx::Error> {
    let head = head(tx, id).await?;
    entry_words::put_head(tx, id, &head).await
}

/// Keeps what stands above the entries that opened a ticket, or the one that it was merged into.
pub(crate) async fn renew_openings(tx: &mut Tx, id: TicketId) -> Result<(), sqlx::Error> {
    let survivor = store::ticket_lists::survivor(tx, id).await?;
    for id in searching::list_headed(tx, survivor).await? {
        renew(tx, id).await?;
    }
    Ok(())
}

async fn head(tx: &mut Tx, id: FollowupId) -> Result<Folded, sqlx::Error> {
    Ok(Folded::of(&searching::head(tx, id).await?.unwrap_or_default()))
}
