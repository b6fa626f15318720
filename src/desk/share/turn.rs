//! A partner's status word, and what it does to a ticket together with his comments.
//!
//! Comments apply before the status, and a given status wins: what it ends, the last public comment ends.

use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::close;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::share::intake::Case;
use crate::desk::share::say;
use crate::desk::share::state;
use crate::desk::share::tell;
use crate::sharing;
use crate::sharing::status;
use crate::sharing::status::Local;
use crate::sharing::status::Meaning;
use crate::sharing::status::Step;
use crate::sharing::wire;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::holder::Holder;
use crate::ticket::life::Ticket;
use crate::ticket::status::Status;

/// What a partner's words for a status mean here. His own name for it, if the agreement knows that, says more.
pub fn meaning(agreement: &Agreement, given: &wire::Ticket) -> Option<Meaning> {
    let words = agreement.words();
    let status = given.status.as_deref()?;
    let own = given.custom_status.as_deref().and_then(|word| words.meaning(word));
    own.or_else(|| words.meaning(status)).filter(|meaning| *meaning != Meaning::Ignored)
}

/// Writes new comments and takes a status over.
pub async fn follow(
    case: &Case<'_>,
    tx: &mut Tx,
    (ticket, actor, share): (&mut Ticket, &Actor, &SharedTicket),
    (comments, meaning): (&[wire::Comment], Option<Meaning>),
) -> Result<(), DeskError> {
    let last_public = comments.iter().rposition(|comment| comment.visibility == sharing::Visibility::Public);
    // Any public word opens what is closed, so the status is then judged as that of an open ticket.
    let local = if last_public.is_some() { Local::Open } else { state::local(tx, ticket).await? };
    let ends = meaning.and_then(|meaning| end(status::steps(local, meaning)));
    for (n, comment) in comments.iter().enumerate() {
        let ends = ends.filter(|_| Some(n) == last_public);
        say::say(case, tx, (ticket, share), comment, ends).await?;
    }
    if last_public.is_some() && ends.is_some() {
        return Ok(());
    }
    take(case, tx, (ticket, actor), meaning).await
}

/// Takes a status over by itself.
pub async fn take(
    case: &Case<'_>,
    tx: &mut Tx,
    (ticket, actor): (&mut Ticket, &Actor),
    meaning: Option<Meaning>,
) -> Result<(), DeskError> {
    let Some(meaning) = meaning else { return Ok(()) };
    let local = state::local(tx, ticket).await?;
    for step in status::steps(local, meaning) {
        match step {
            Step::Reopen => enter(case, tx, (ticket, actor), Status::Reopened).await?,
            Step::Resolve => enter(case, tx, (ticket, actor), Status::Resolved).await?,
            Step::Close => enter(case, tx, (ticket, actor), Status::Closed).await?,
            Step::Hold => hold(case, tx, (ticket, actor)).await?,
            Step::Unhold => unhold(case, tx, (ticket, actor)).await?,
        }
    }
    Ok(())
}

fn end(steps: &[Step]) -> Option<Status> {
    steps.iter().find_map(|step| match step {
        Step::Resolve => Some(Status::Resolved),
        Step::Close => Some(Status::Closed),
        _ => None,
    })
}

async fn enter(
    case: &Case<'_>,
    tx: &mut Tx,
    (ticket, actor): (&mut Ticket, &Actor),
    status: Status,
) -> Result<(), DeskError> {
    let old = ticket.status;
    close::enter(ticket, status, None, case.now);
    let words = Words::default();
    let entry = Entry {
        kind: status.as_str(),
        visibility: Visibility::Public,
        words: &words,
        new_status: Some(status),
        origin: None,
    };
    let written = entry::write(case.desk, tx, (ticket.id, actor), &entry, case.now).await?;
    save(case.desk, tx, ticket, case.now).await?;
    let change = ("status", Some(old.to_string()), Some(status.to_string()));
    audit(tx, ticket.id, actor, change, case.now).await?;
    let occasion = Occasion {
        words: Some(&words),
        written: Some(&written),
        ..Occasion::new(close::event(status), actor)
    };
    notify::tell(case.desk, tx, ticket, &occasion, case.now).await
}

async fn hold(case: &Case<'_>, tx: &mut Tx, (ticket, actor): (&mut Ticket, &Actor)) -> Result<(), DeskError> {
    let holder = Holder::Partner(case.agreement.uuid.to_string());
    ticket.hold(holder.clone(), case.now);
    save(case.desk, tx, ticket, case.now).await?;
    let text = format!("Ticket put on hold by {}", case.agreement.partner_name);
    tell::line(case.desk, tx, (ticket, actor), &text, case.now).await?;
    Ok(audit(tx, ticket.id, actor, ("hold", None, Some(holder.to_string())), case.now).await?)
}

async fn unhold(
    case: &Case<'_>,
    tx: &mut Tx,
    (ticket, actor): (&mut Ticket, &Actor),
) -> Result<(), DeskError> {
    let holder = Holder::Partner(case.agreement.uuid.to_string());
    // A partner lifts their own hold, not another's.
    if ticket.unhold_by(&holder, case.now).is_none() {
        return Ok(());
    }
    save(case.desk, tx, ticket, case.now).await?;
    let text = format!("Ticket taken off hold by {}", case.agreement.partner_name);
    tell::line(case.desk, tx, (ticket, actor), &text, case.now).await?;
    Ok(audit(tx, ticket.id, actor, ("hold", Some(holder.to_string()), None), case.now).await?)
}
