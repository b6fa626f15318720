//! What a partner sees when he asks for a shared ticket: what both sides have, and nothing else.

use crate::desk::share::Case;
use crate::desk::share::ShareError;
use crate::desk::share::compose;
use crate::desk::share::intake;
use crate::desk::share::people;
use crate::desk::share::state;
use crate::sharing::Side;
use crate::sharing::Visibility;
use crate::sharing::agreement::TicketVerb;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::policy;
use crate::sharing::policy::Request;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::db::Tx;
use crate::store::shared_comments;

/// Comments of one read-back, the newest ones: it is asked for in one piece.
const MOST: usize = 200;

/// `GET /tickets/<id>`.
pub async fn show(case: &Case<'_>, tx: &mut Tx, id: &WireId) -> Result<Answer, ShareError> {
    let share = intake::shared(case, tx, id, TicketVerb::Get).await?;
    let agreement = case.agreement;
    let ticket = match share.ticket_id {
        Some(id) => store::tickets::find(tx, id).await?,
        None => None,
    };
    let ticket = ticket.ok_or(Refusal::NotFound)?;
    let known = store::shared_comments::list(tx, share.id).await?;
    let mut comments = Vec::new();
    for row in &known[known.len().saturating_sub(MOST)..] {
        let comment = if row.origin == shared_comments::OURS {
            match store::followups::find(tx, row.followup_id).await? {
                Some(followup) => compose::comment(tx, (agreement, &share), &followup, case.now).await?,
                None => None,
            }
        } else {
            theirs(case, tx, row).await?
        };
        comments.extend(comment);
    }
    let local = state::local(&ticket);
    let tags = store::tags::list(tx, ticket.id).await?;
    // On our own tickets the number is ours, on his it is his.
    let original_id = match agreement.side {
        Side::Sender => Some(ticket.id.to_string()),
        Side::Receiver => share.original_id.clone(),
    };
    let shown = wire::Ticket {
        uuid: Some(share.uuid.clone()),
        subject: Some(ticket.subject.clone()),
        requested_at: Some(ticket.created_at),
        status: agreement.words().word(local).or(share.partner_status.as_deref()).map(str::to_owned),
        requester: Some(people::introduced(tx, agreement, ticket.submitter_id).await?),
        comments,
        current_actor: None,
        tags: Some(tags),
        original_id,
        custom_fields: state::custom_fields(&share),
        custom_status: None,
    };
    let shown = policy::outgoing(agreement.side, agreement.terms(), Request::First, shown);
    Ok(Answer::Found(shown.to_json()))
}

/// A comment of the partner's own, as he gave it; without its files, which he has.
async fn theirs(
    case: &Case<'_>,
    tx: &mut Tx,
    row: &shared_comments::SharedComment,
) -> Result<Option<wire::Comment>, sqlx::Error> {
    let Some(followup) = store::followups::find(tx, row.followup_id).await? else { return Ok(None) };
    let public = followup.visibility == "public";
    Ok(Some(wire::Comment {
        uuid: row.uuid.clone(),
        author: Some(people::introduced(tx, case.agreement, followup.author_id).await?),
        body: followup.text,
        html_body: followup.html,
        authored_at: Some(followup.created_at),
        visibility: if public { Visibility::Public } else { Visibility::Private },
        attachments: Vec::new(),
        custom_fields: None,
    }))
}
