//! A partner's status word, and what it does to a ticket together with his comments.
//!
//! Comments apply before the status, and a given status wins: what it ends, the last public comment ends.

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::prepared::Prepared;
use crate::desk::share::Case;
use crate::desk::share::state;
use crate::desk::share::tell;
use crate::sharing::status;
use crate::sharing::status::Local;
use crate::sharing::status::Meaning;
use crate::sharing::status::Step;
use crate::sharing::wire;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::ticket::entry::Visibility;
use crate::ticket::holder::Holder;
use crate::ticket::status::Status;

/// What a partner's words for a status mean here. His own name for it, if the agreement knows that, says more.
pub(crate) fn meaning(agreement: &Agreement, given: &wire::Ticket) -> Option<Meaning> {
    let words = agreement.words();
    let status = given.status.as_deref()?;
    let own = given.custom_status.as_deref().and_then(|word| words.meaning(word));
    own.or_else(|| words.meaning(status)).filter(|meaning| *meaning != Meaning::Ignored)
}

/// The status that a partner's last public comment ends the ticket with, if it does.
///
/// Any public word opens what is closed, so the status is then judged as that of an open ticket.
pub fn ends_with(comments: &[wire::Comment], meaning: Option<Meaning>) -> Option<Status> {
    let is_said = comments.iter().any(|comment| comment.visibility == Visibility::Public);
    meaning.filter(|_| is_said).and_then(|meaning| end(status::steps(Local::Open, meaning)))
}

/// Takes a status over by itself.
pub async fn take(
    case: &Case<'_>,
    tx: &mut Tx,
    action: &mut Action,
    meaning: Option<Meaning>,
) -> Result<(), DeskError> {
    let Some(meaning) = meaning else { return Ok(()) };
    for step in status::steps(state::local(&action.ticket), meaning) {
        match step {
            Step::Reopen => enter(case, tx, action, Status::Reopened).await?,
            Step::Resolve => enter(case, tx, action, Status::Resolved).await?,
            Step::Close => enter(case, tx, action, Status::Closed).await?,
            Step::Hold => hold(case, tx, action).await?,
            Step::Unhold => unhold(case, tx, action).await?,
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

async fn enter(case: &Case<'_>, tx: &mut Tx, action: &mut Action, status: Status) -> Result<(), DeskError> {
    let silence = LastWords::new(Prepared::default());
    close::enter(case.desk, tx, action, status, silence, case.now).await.map(drop)
}

async fn hold(case: &Case<'_>, tx: &mut Tx, action: &mut Action) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::HoldThere)?;
    let change = action.ticket.hold(Holder::Partner(case.agreement.uuid.to_string()), case.now);
    action.moved(change);
    let text = format!("Ticket put on hold by {}", case.agreement.partner_name);
    tell::line(case.desk, tx, action, &text, case.now).await
}

/// A partner lifts their own hold, not another's.
async fn unhold(case: &Case<'_>, tx: &mut Tx, action: &mut Action) -> Result<(), DeskError> {
    authority::may(&action.actor, Act::HoldThere)?;
    let change = action.ticket.unhold_by(&Holder::Partner(case.agreement.uuid.to_string()), case.now);
    if !action.moved(change) {
        return Ok(());
    }
    let text = format!("Ticket taken off hold by {}", case.agreement.partner_name);
    tell::line(case.desk, tx, action, &text, case.now).await
}
