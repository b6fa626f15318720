//! Requests of a partner about tickets: sharing one, changing one, ending that.
//!
//! A ticket is looked up by agreement and id, never by id alone, so no partner reaches another's. Every
//! request can be repeated: what is known already changes nothing.

use std::collections::BTreeSet;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::assign;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::desk::event;
use crate::desk::load;
use crate::desk::open;
use crate::desk::share::Case;
use crate::desk::share::ShareError;
use crate::desk::share::agreement;
use crate::desk::share::follow;
use crate::desk::share::people;
use crate::desk::share::say;
use crate::desk::share::say::Opening;
use crate::desk::share::state;
use crate::desk::share::tell;
use crate::desk::share::turn;
use crate::sharing::Side;
use crate::sharing::agreement::TicketVerb;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::custom;
use crate::sharing::policy;
use crate::sharing::policy::Request;
use crate::sharing::stored::ShareState;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::db::Tx;
use crate::store::shared_tickets::SharedTicket;
use crate::template::sentence::Sentence;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::life::Ticket;

/// `POST /tickets/<id>`: a partner shares a ticket, perhaps again.
pub async fn post(
    case: &Case<'_>,
    tx: &mut Tx,
    (id, ticket): (&WireId, wire::Ticket),
) -> Result<Answer, ShareError> {
    let agreement = case.agreement;
    agreement.judged().ticket_access(TicketVerb::Post)?;
    if store::shared_tickets::exists_elsewhere(tx, agreement.id, id).await? {
        return Err(Refusal::invalid("this uuid belongs to another agreement").into());
    }
    if let Some(share) = store::shared_tickets::insert(tx, agreement.id, id, case.now).await? {
        open_ticket(case, tx, share, ticket).await?;
        return Ok(Answer::Created);
    }
    let known = store::shared_tickets::find_by_uuid(tx, agreement.id, id).await?;
    let mut share = known.ok_or(Refusal::NotFound)?;
    share.state = ShareState::Shared;
    if share.ticket_id.is_none() {
        open_ticket(case, tx, share, ticket).await?;
    } else {
        change(case, tx, share, ticket).await?;
    }
    Ok(Answer::Updated)
}

/// `PUT /tickets/<id>`: a partner changed a ticket.
pub async fn put(
    case: &Case<'_>,
    tx: &mut Tx,
    (id, ticket): (&WireId, wire::Ticket),
) -> Result<Answer, ShareError> {
    let share = shared(case, tx, id, TicketVerb::Put).await?;
    change(case, tx, share, ticket).await?;
    Ok(Answer::Updated)
}

/// `DELETE /tickets/<id>`: a partner lets go of a ticket. It stays here. Once more changes nothing.
pub async fn delete(case: &Case<'_>, tx: &mut Tx, id: &WireId) -> Result<Answer, ShareError> {
    let agreement = case.agreement;
    agreement.judged().ticket_access(TicketVerb::Delete)?;
    let known = store::shared_tickets::find_by_uuid(tx, agreement.id, id).await?;
    let mut share = known.ok_or(Refusal::NotFound)?;
    if !share.is_shared() {
        return Ok(Answer::Deleted);
    }
    let actor = Actor::partner(None);
    authority::may(&actor, Act::LetGo).map_err(DeskError::from)?;
    share.state = ShareState::Unshared;
    store::shared_tickets::update(tx, &share, case.now).await?;
    store::partner_outbox::cancel_line(tx, share.id, "the partner ended sharing this ticket", case.now)
        .await?;
    if let Some(ticket_id) = share.ticket_id {
        let mut action = Action::begin(tx, &actor, ticket_id).await?.by_share(share.id);
        agreement::lift_hold(&mut action, agreement, case.now);
        action.add(Event::removed(Kind::Unshared, "unshared", agreement.uuid.to_string()));
        let told = Sentence::new("note.partner_unshared").with("partner", &agreement.partner_name);
        tell::staff(case.desk, tx, &mut action, &told, case.now).await?;
        event::record(case.desk, tx, action, case.now).await?;
    }
    Ok(Answer::Deleted)
}

/// The share that a request is about, if the caller may do this to it.
pub async fn shared(
    case: &Case<'_>,
    tx: &mut Tx,
    id: &WireId,
    verb: TicketVerb,
) -> Result<SharedTicket, ShareError> {
    case.agreement.judged().ticket_access(verb)?;
    let known = store::shared_tickets::find_by_uuid(tx, case.agreement.id, id).await?;
    let share = known.ok_or(Refusal::NotFound)?;
    if !share.is_shared() || share.ticket_id.is_none() {
        return Err(Refusal::Gone("the ticket is no longer shared").into());
    }
    Ok(share)
}

/// Makes a ticket of our own of a partner's.
async fn open_ticket(
    case: &Case<'_>,
    tx: &mut Tx,
    mut share: SharedTicket,
    given: wire::Ticket,
) -> Result<(), ShareError> {
    let (agreement, now) = (case.agreement, case.now);
    let given = policy::incoming(agreement.side, agreement.terms(), Request::First, given);
    let comments = say::in_order(given.comments.clone());
    let requester = given.requester.as_ref().or(comments.first().and_then(|first| first.author.as_ref()));
    let submitter = people::placeholder(tx, agreement, requester, now).await?.map(|person| person.user);
    let queue = queue(case)?;
    let opening = Opening {
        queue,
        subject: given.subject.as_deref().unwrap_or_default(),
        submitter: submitter.as_ref(),
        first: comments.first(),
    };
    let mut action = say::open(case, tx, &share, &opening).await?;
    share.ticket_id = Some(action.ticket.id);
    for comment in comments.iter().skip(1) {
        say::quietly(case, tx, &action, &share, comment).await?;
    }
    action.actor = actor(case, tx, given.current_actor.as_ref()).await?;
    action.add(Event::added(Kind::Shared, "shared", agreement.uuid.to_string()));
    turn::take(case, tx, &mut action, turn::meaning(agreement, &given)).await?;
    rest(case, tx, &mut action, &mut share, &given).await?;
    let ticket = event::record(case.desk, tx, action, now).await?;
    remember(case, tx, &ticket, &mut share, &given).await
}

/// Applies what a partner changed: comments first, then the status, and a given status wins.
async fn change(
    case: &Case<'_>,
    tx: &mut Tx,
    mut share: SharedTicket,
    given: wire::Ticket,
) -> Result<(), ShareError> {
    let (agreement, now) = (case.agreement, case.now);
    let Some(id) = share.ticket_id else { return Err(Refusal::NotFound.into()) };
    let ticket = load(tx, id).await?;
    // From here on nobody else changes the ticket: what is known of the share may be newer now.
    if let Some(newest) = store::shared_tickets::find(tx, share.id).await? {
        share = SharedTicket { state: share.state, ..newest };
    }
    let given = policy::incoming(agreement.side, agreement.terms(), Request::Later, given);
    let before = ticket.status;
    let mut news = Vec::new();
    for comment in say::in_order(given.comments.clone()) {
        if !store::shared_comments::exists(tx, share.id, &comment.uuid).await? {
            news.push(comment);
        }
    }
    let by = given.current_actor.as_ref().or(news.last().and_then(|comment| comment.author.as_ref()));
    let actor = actor(case, tx, by).await?;
    let meaning = turn::meaning(agreement, &given);
    let ends = turn::ends_with(&news, meaning);
    let last_public = news.iter().rposition(|comment| comment.visibility == Visibility::Public);
    let mut action = Action::on(&actor, ticket).by_share(share.id);
    for (n, comment) in news.iter().enumerate() {
        if n > 0 {
            // People are mailed of each comment, as of each other word.
            // It may have been noted on since, that mails of this were held back.
            event::record(case.desk, tx, action, now).await?;
            action = Action::on(&actor, load(tx, id).await?).by_share(share.id);
        }
        say::say(case, tx, &mut action, &share, comment, ends.filter(|_| Some(n) == last_public)).await?;
    }
    if ends.is_none() {
        turn::take(case, tx, &mut action, meaning).await?;
    }
    rest(case, tx, &mut action, &mut share, &given).await?;
    let ticket = event::record(case.desk, tx, action, now).await?;
    remember(case, tx, &ticket, &mut share, &given).await?;
    // Reopened by their comment: they may still think otherwise.
    if meaning.is_none() && ticket.status != before {
        derive(case, tx, &ticket, &mut share, &actor).await?;
    }
    Ok(())
}

/// What is neither comment nor status: subject, number, tags, custom fields.
async fn rest(
    case: &Case<'_>,
    tx: &mut Tx,
    action: &mut Action,
    share: &mut SharedTicket,
    given: &wire::Ticket,
) -> Result<(), ShareError> {
    let id = action.ticket.id;
    if given.original_id.is_some() {
        share.original_id.clone_from(&given.original_id);
    }
    // The subject is its owner's, who is the one that shared it.
    if let Some(subject) = given.subject.as_deref().map(open::subject)
        && case.agreement.side == Side::Receiver
    {
        assign::rename(action, subject).map_err(ShareError::from)?;
    }
    if let Some(list) = &given.tags {
        authority::may(&action.actor, Act::Tag).map_err(DeskError::from)?;
        let local: BTreeSet<String> = store::tags::list(tx, id).await?.into_iter().collect();
        let mut memory = follow::tag_memory(share);
        let change = memory.receive(&local, list);
        share.tags = serde_json::to_string(&memory).unwrap_or_default();
        for tag in change.add {
            store::tags::insert(tx, id, &tag).await?;
            action.add(Event::added(Kind::Tags, "tag", tag));
        }
        for tag in change.remove {
            store::tags::delete(tx, id, &tag).await?;
            action.add(Event::removed(Kind::Tags, "tag", tag));
        }
    }
    if let Some(fields) = &given.custom_fields {
        let kept = state::custom_fields(share);
        let merged = Some(custom::merge(kept, fields.clone()).to_string());
        if merged != share.custom_fields {
            let old = std::mem::replace(&mut share.custom_fields, merged.clone());
            action.add(Event::new(Kind::Fields, "custom_fields", old, merged));
        }
    }
    Ok(())
}

/// Keeps what both sides know now: nothing of it is sent back.
async fn remember(
    case: &Case<'_>,
    tx: &mut Tx,
    ticket: &Ticket,
    share: &mut SharedTicket,
    given: &wire::Ticket,
) -> Result<(), ShareError> {
    let words = case.agreement.words();
    if let Some(word) = given.status.as_ref().filter(|word| words.meaning(word).is_some()) {
        share.partner_status = Some(word.clone());
    }
    let local = state::local(ticket);
    share.our_status = words.word(local).map(str::to_owned);
    share.last_followup_id = store::followups::newest(tx, ticket.id).await?;
    Ok(store::shared_tickets::update(tx, share, case.now).await?)
}

/// Tells the partner of a status that followed from what he did.
async fn derive(
    case: &Case<'_>,
    tx: &mut Tx,
    ticket: &Ticket,
    share: &mut SharedTicket,
    actor: &Actor,
) -> Result<(), ShareError> {
    share.our_status = None;
    store::shared_tickets::update(tx, share, case.now).await?;
    Ok(follow::tell(tx, ticket.id, share.clone(), actor, case.now).await?)
}

/// Who did it: the partner's person, or nobody by name.
async fn actor(case: &Case<'_>, tx: &mut Tx, by: Option<&wire::Actor>) -> Result<Actor, sqlx::Error> {
    let person = people::placeholder(tx, case.agreement, by, case.now).await?;
    Ok(Actor::partner(person.map(|person| person.user)))
}

/// The queue of the agreement, or the first one if that is no longer declared.
fn queue<'a>(case: &Case<'a>) -> Result<&'a Queue, DeskError> {
    let directory = &case.desk.directory;
    let own = case.agreement.queue_id.and_then(|id| directory.queue(id));
    let queue = own.or_else(|| directory.queues().first());
    queue.map(AsRef::as_ref).ok_or_else(|| DeskError::Refused("no queue is declared".to_owned()))
}
