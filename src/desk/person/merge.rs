//! Making one person of two who turned out to be the same: tickets, words, addresses and ratings go to the one who stays.

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::event;
use crate::desk::person::address;
use crate::desk::person::begin;
use crate::desk::person::refused;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// Makes `id` a name of `survivor`. Answers to what was asked from an address go on going there; the log keeps who did
/// what under which number.
///
/// Takes one transaction: half a merge would be nobody.
pub async fn merge(
    tx: &mut Tx,
    actor: &Actor,
    (id, survivor): (UserId, UserId),
    now: Timestamp,
) -> Result<User, DeskError> {
    if id == survivor {
        return refused("somebody cannot be merged into themselves");
    }
    // In the order of their numbers, so that two merges never wait for each other.
    let (first, second) =
        (begin(tx, actor, id.min(survivor)).await?, begin(tx, actor, id.max(survivor)).await?);
    let (from, into) = if first.id == id { (first, second) } else { (second, first) };
    if into.email.is_none() {
        return refused("whom a partner stands for, or who was erased, has no address to go on with");
    }
    if from.role.is_staff() && !into.role.is_staff() {
        return refused(format!(
            "person {id} is an agent: merge the customer into them, `helpdeskd user merge {survivor} {id}`"
        ));
    }
    let address = from.email.as_deref();
    let further = store::user_addresses::list(tx, id).await?;
    store::users::merge(tx, id, survivor, now).await?;
    store::user_addresses::delete_of_user(tx, id).await?;
    store::morning_digests::delete(tx, id).await?;
    for one in address.into_iter().chain(further.iter().map(String::as_str)) {
        store::user_addresses::insert(tx, survivor, one, now).await?;
    }
    store::tickets::merging::repoint_person(tx, id, survivor, address).await?;
    store::followups::merging::repoint_person(tx, id, survivor).await?;
    store::ticket_ccs::repoint_person(tx, id, survivor, address).await?;
    store::measures::repoint_person(tx, id, survivor).await?;
    store::ratings::repoint_person(tx, id, survivor).await?;
    store::drafts::repoint_person(tx, id, survivor).await?;
    store::outbox::merging::repoint_person(tx, id, survivor).await?;
    store::digest_lines::repoint_person(tx, id, survivor).await?;
    store::shared_actors::repoint_person(tx, id, survivor).await?;
    let (gone, stays) = (id.to_string(), survivor.to_string());
    let merged = Event::new(Kind::UserChanged, "merged", None, Some(stays));
    event::record_person(tx, actor, id, merged, now).await?;
    let took = Event::removed(Kind::UserChanged, "merged", gone);
    event::record_person(tx, actor, survivor, took, now).await?;
    address::gathered(tx, survivor).await
}
