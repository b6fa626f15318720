//! What happened to a shared ticket, told to its partners, by whichever door it came.
//!
//! Compares what the partner was told with what is true now, so nothing is told twice and nothing is
//! forgotten: neither an entry, nor a status, nor a tag.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::desk::actor::Kind;
use crate::desk::share::compose;
use crate::desk::share::enqueue;
use crate::desk::share::enqueue::Cause;
use crate::desk::share::people;
use crate::desk::share::state;
use crate::sharing::custom;
use crate::sharing::limits;
use crate::sharing::policy;
use crate::sharing::policy::Request;
use crate::sharing::status::Local;
use crate::sharing::tags::TagMemory;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::id::TicketId;

/// Tells one partner what he does not know yet.
pub async fn tell(
    tx: &mut Tx,
    id: TicketId,
    mut share: SharedTicket,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let Some(ticket) = store::tickets::find(tx, id).await? else { return Ok(()) };
    let Some(agreement) = store::agreements::find(tx, share.agreement_id).await? else { return Ok(()) };
    let before = share.clone();
    let mut news = wire::Ticket { uuid: Some(share.uuid.clone()), ..wire::Ticket::default() };
    for followup in store::followups::list_after(tx, id, share.last_followup_id).await? {
        news.comments.extend(compose::comment(tx, (&agreement, &share), &followup, now).await?);
        share.last_followup_id = followup.id;
    }
    let local = state::local(&ticket);
    news.status = status(&agreement, &mut share, local);
    news.tags = tags(tx, &agreement, &mut share, id).await?;
    news.custom_fields = fields(tx, &agreement, &mut share, id).await?;
    let news = policy::outgoing(agreement.side, agreement.terms(), Request::Later, news);
    let is_news = !news.comments.is_empty()
        || news.status.is_some()
        || news.tags.is_some()
        || news.custom_fields.is_some();
    if is_news {
        let cause = cause(actor, &news);
        if cause == Cause::Automation && !may_go_on(tx, &before, now).await? {
            tracing::warn!(ticket.id = %id, "automation changes ticket {id} too often; its partner is not told");
            return Ok(());
        }
        let current_actor = Some(people::current_actor(tx, &agreement, actor).await?);
        enqueue::update(tx, (&agreement, &share), wire::Ticket { current_actor, ..news }, cause, now).await?;
    }
    store::shared_tickets::update(tx, &share, now).await
}

/// The word for a state that changed, if the partner does not have it.
///
/// Only a change on our side counts: the same state in other words would be an echo.
pub fn status(agreement: &Agreement, share: &mut SharedTicket, local: Local) -> Option<String> {
    let words = agreement.words();
    let word = words.word(local).map(str::to_owned);
    if word == share.our_status {
        return None;
    }
    share.our_status.clone_from(&word);
    if !policy::status_travels(agreement.terms()) {
        return None;
    }
    let news = words.news(local, share.partner_status.as_deref()).map(str::to_owned);
    if news.is_some() {
        share.partner_status.clone_from(&news);
    }
    news
}

/// The full list of tags, if it is not the one that the partner has.
pub async fn tags(
    tx: &mut Tx,
    agreement: &Agreement,
    share: &mut SharedTicket,
    id: TicketId,
) -> Result<Option<Vec<String>>, sqlx::Error> {
    if !agreement.sync_tags {
        return Ok(None);
    }
    let local: BTreeSet<String> = store::tags::list(tx, id).await?.into_iter().collect();
    let mut memory = tag_memory(share);
    let news = memory.news(&local).filter(|list| list.len() <= limits::TAGS);
    if news.is_some() {
        memory.sent(&local);
        share.tags = serde_json::to_string(&memory).unwrap_or_default();
    }
    Ok(news)
}

pub(crate) fn tag_memory(share: &SharedTicket) -> TagMemory {
    serde_json::from_str(&share.tags).unwrap_or_default()
}

/// What other partners gave as custom fields, if this one does not have it. We have none of our own.
pub async fn fields(
    tx: &mut Tx,
    agreement: &Agreement,
    share: &mut SharedTicket,
    id: TicketId,
) -> Result<Option<serde_json::Value>, sqlx::Error> {
    if !agreement.sync_custom_fields {
        return Ok(None);
    }
    let mut all = None;
    for other in store::shared_tickets::list(tx, id).await? {
        if other.id != share.id
            && let Some(given) = state::custom_fields(&other)
        {
            all = Some(custom::merge(all, given));
        }
    }
    let text = all.as_ref().map(serde_json::Value::to_string);
    if text.is_none() || text == share.sent_fields {
        return Ok(None);
    }
    share.sent_fields = text;
    Ok(all)
}

fn cause(actor: &Actor, news: &wire::Ticket) -> Cause {
    // A partner's change that is passed on may come back to him through a third desk.
    let derived = matches!(actor.kind(), Kind::Clock | Kind::Partner);
    if derived && news.comments.is_empty() { Cause::Automation } else { Cause::Person }
}

/// Whether two automations that answer each other have not gone on for too long.
pub async fn may_go_on(tx: &mut Tx, share: &SharedTicket, now: Timestamp) -> Result<bool, sqlx::Error> {
    let since = now.minus(limits::AUTOMATIC_WINDOW);
    let sent = store::partner_outbox::list_automatic(tx, share.id, since).await?;
    Ok(policy::automation_may_send(&sent, now))
}
