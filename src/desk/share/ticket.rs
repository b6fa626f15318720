//! Sharing a ticket, ending that, and what a shared ticket must not suffer.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::event::record;
use crate::desk::share::agreement;
use crate::desk::share::compose;
use crate::desk::share::enqueue;
use crate::desk::share::enqueue::Cause;
use crate::desk::share::follow;
use crate::desk::share::people;
use crate::desk::share::state;
use crate::sharing::limits;
use crate::sharing::policy;
use crate::sharing::policy::Request;
use crate::sharing::stored::RequestKind;
use crate::sharing::stored::ShareState;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::entry::Visibility;
use crate::ticket::event;
use crate::ticket::event::Event;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// Bytes of comments in the request that makes a ticket known; more follow as updates.
const FIRST: usize = limits::BODY / 2;

/// What left the house with a ticket, so that whoever shared it can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub comments: usize,
    pub attachments: usize,
    /// Entries that stay.
    pub kept: usize,
}

/// Shares a ticket under an agreement, or shares it again.
pub async fn share(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, uuid): (TicketId, &WireId),
    now: Timestamp,
) -> Result<(Agreement, Left), DeskError> {
    authority::may(actor, Act::Share)?;
    let agreement = find(tx, uuid).await?;
    if !agreement.is_accepted() {
        return Err(refused(format!(
            "the agreement is {}, so nothing can be shared under it",
            agreement.status
        )));
    }
    let mut action = Action::begin(tx, actor, id).await?;
    let ticket = &action.ticket;
    let local = state::local(ticket);
    policy::can_be_shared(agreement.side, local).map_err(|why| refused(why.to_string()))?;
    let shares = store::shared_tickets::list(tx, ticket.id).await?;
    check_partner(tx, &agreement, &shares).await?;
    let known = shares.into_iter().find(|share| share.agreement_id == agreement.id);
    let mut share = match known {
        Some(share) => share,
        None => begin(desk, tx, &agreement, now).await?,
    };
    share.ticket_id = Some(ticket.id);
    share.state = ShareState::Shared;
    share.reposts = 0;
    let left = send_whole(tx, (&agreement, &mut share), ticket, actor, now).await?;
    store::shared_tickets::update(tx, &share, now).await?;
    action.add(Event::added(event::Kind::Shared, "shared", agreement.uuid.to_string()));
    record(desk, tx, action, now).await?;
    Ok((agreement, left))
}

/// Ends sharing a ticket under one agreement, or under all; says under how many. The partner keeps what he has.
pub async fn unshare(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, uuid): (TicketId, Option<&WireId>),
    now: Timestamp,
) -> Result<usize, DeskError> {
    authority::may(actor, Act::Unshare)?;
    let mut action = Action::begin(tx, actor, id).await?;
    let wanted = match uuid {
        Some(uuid) => Some(find(tx, uuid).await?.id),
        None => None,
    };
    let mut ended = 0;
    for mut share in store::shared_tickets::list(tx, action.ticket.id).await? {
        if !share.is_shared() || wanted.is_some_and(|id| share.agreement_id != id) {
            continue;
        }
        let Some(agreement) = end(tx, &mut share, now).await? else { continue };
        agreement::lift_hold(&mut action, &agreement, now);
        action.add(Event::removed(event::Kind::Unshared, "unshared", agreement.uuid.to_string()));
        ended += 1;
    }
    record(desk, tx, action, now).await?;
    Ok(ended)
}

/// Refuses what a shared ticket must not suffer, with the reason: its share is bound to it.
pub(crate) async fn refuse_if_shared(tx: &mut Tx, ticket: &Ticket, what: &str) -> Result<(), DeskError> {
    let shares = store::shared_tickets::list_live(tx, ticket.id).await?;
    let Some(share) = shares.first() else { return Ok(()) };
    let agreement = store::agreements::find(tx, share.agreement_id).await?;
    let partner = agreement.map(|agreement| agreement.partner_name).unwrap_or_default();
    Err(refused(format!(
        "ticket {} is shared with {partner} and {what}; end that first with `unshare`",
        ticket.id
    )))
}

/// What a partner was not told of a ticket stays untold.
pub async fn skip(tx: &mut Tx, id: TicketId, now: Timestamp) -> Result<(), sqlx::Error> {
    let newest = store::followups::newest(tx, id).await?;
    for mut share in store::shared_tickets::list(tx, id).await? {
        share.last_followup_id = newest;
        store::shared_tickets::update(tx, &share, now).await?;
    }
    Ok(())
}

/// Ends every share of a ticket that is about to be deleted, and takes its words out of the delivery log.
pub async fn forget(tx: &mut Tx, id: TicketId, now: Timestamp) -> Result<(), DeskError> {
    for mut share in store::shared_tickets::list(tx, id).await? {
        store::partner_outbox::forget(tx, share.id).await?;
        if share.is_shared() {
            end(tx, &mut share, now).await?;
        }
        let bare = SharedTicket {
            ticket_id: None,
            state: ShareState::Unshared,
            tags: "{}".to_owned(),
            custom_fields: None,
            sent_fields: None,
            last_followup_id: FollowupId(0),
            ..share
        };
        store::shared_tickets::update(tx, &bare, now).await?;
    }
    Ok(())
}

/// Puts a whole ticket in line, as the request that makes it known and perhaps some updates after it.
pub(crate) async fn send_whole(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &mut SharedTicket),
    ticket: &Ticket,
    actor: &Actor,
    now: Timestamp,
) -> Result<Left, DeskError> {
    let (mut whole, left) = whole(tx, (agreement, share), ticket, actor, now).await?;
    let rest = split(&mut whole);
    enqueue::line_up(tx, (agreement, share), (RequestKind::Share, &whole.to_json()), Cause::Person, now)
        .await?;
    for part in rest {
        enqueue::line_up(tx, (agreement, share), (RequestKind::Update, &part.to_json()), Cause::Person, now)
            .await?;
    }
    Ok(left)
}

/// A whole ticket in the words of the protocol. What the partner is told counts as told from now on.
pub async fn whole(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &mut SharedTicket),
    ticket: &Ticket,
    actor: &Actor,
    now: Timestamp,
) -> Result<(wire::Ticket, Left), DeskError> {
    let (mut comments, mut left) = (Vec::new(), Left::default());
    for followup in store::followups::list(tx, ticket.id).await? {
        match compose::comment(tx, (agreement, share), &followup, now).await? {
            Some(comment) => {
                left.comments += 1;
                left.attachments += comment.attachments.len();
                comments.push(comment);
            }
            None if followup.visibility == Visibility::Private => left.kept += 1,
            None => {}
        }
    }
    share.last_followup_id = store::followups::newest(tx, ticket.id).await?;
    // A new partner knows neither word nor tag.
    (share.our_status, share.partner_status, share.sent_fields) = (None, None, None);
    "{}".clone_into(&mut share.tags);
    let local = state::local(ticket);
    let word = agreement.words().word(local).unwrap_or("open").to_owned();
    share.our_status = agreement.words().word(local).map(str::to_owned);
    share.partner_status = Some(word.clone());
    let whole = wire::Ticket {
        uuid: Some(share.uuid.clone()),
        subject: Some(ticket.subject.clone()),
        requested_at: Some(ticket.created_at),
        status: Some(word),
        requester: Some(people::introduced(tx, agreement, ticket.submitter_id).await?),
        comments,
        current_actor: Some(people::current_actor(tx, agreement, actor).await?),
        tags: follow::tags(tx, agreement, share, ticket.id).await?,
        original_id: Some(ticket.id.to_string()),
        custom_fields: follow::fields(tx, agreement, share, ticket.id).await?,
        custom_status: None,
    };
    Ok((policy::outgoing(agreement.side, agreement.terms(), Request::First, whole), left))
}

/// Leaves in a whole ticket what one request can hold, and returns the rest as updates.
pub fn split(whole: &mut wire::Ticket) -> Vec<wire::Ticket> {
    let (mut bytes, mut fit) = (0, 0);
    for comment in whole.comments.iter().take(limits::COMMENTS) {
        bytes += enqueue::size(comment);
        if bytes > FIRST {
            break;
        }
        fit += 1;
    }
    let rest = whole.comments.split_off(fit);
    if rest.is_empty() {
        return Vec::new();
    }
    let rest = wire::Ticket {
        uuid: whole.uuid.clone(),
        comments: rest,
        current_actor: whole.current_actor.clone(),
        ..wire::Ticket::default()
    };
    enqueue::parts(rest)
}

pub async fn find(tx: &mut Tx, uuid: &WireId) -> Result<Agreement, DeskError> {
    store::agreements::lock(tx, uuid).await?.ok_or_else(|| refused(format!("there is no agreement {uuid}")))
}

pub fn refused(why: String) -> DeskError {
    DeskError::Refused(why)
}

async fn begin(
    desk: &Desk,
    tx: &mut Tx,
    agreement: &Agreement,
    now: Timestamp,
) -> Result<SharedTicket, DeskError> {
    // Random: what is made from a number can be guessed.
    let uuid = people::from_hex(&desk.ids.hex40());
    let share = store::shared_tickets::insert(tx, agreement.id, &uuid, now).await?;
    share.ok_or_else(|| refused("the ticket cannot be shared now; try again".to_owned()))
}

/// A ticket goes to a desk once, and not back to where it came from.
async fn check_partner(tx: &mut Tx, agreement: &Agreement, shares: &[SharedTicket]) -> Result<(), DeskError> {
    let partner = agreement.judged().partner_url().clone();
    for share in shares.iter().filter(|share| share.is_shared()) {
        let Some(other) = store::agreements::find(tx, share.agreement_id).await? else { continue };
        if other.is_accepted() && *other.judged().partner_url() == partner {
            return Err(refused(format!("the ticket is shared with {} already", other.partner_name)));
        }
    }
    Ok(())
}

/// Puts the end of a share in line.
async fn end(tx: &mut Tx, share: &mut SharedTicket, now: Timestamp) -> Result<Option<Agreement>, DeskError> {
    let Some(agreement) = store::agreements::find(tx, share.agreement_id).await? else { return Ok(None) };
    share.state = ShareState::Unshared;
    store::shared_tickets::update(tx, share, now).await?;
    if agreement.is_accepted() {
        enqueue::line_up(tx, (&agreement, share), (RequestKind::Unshare, ""), Cause::Person, now).await?;
    }
    Ok(Some(agreement))
}
