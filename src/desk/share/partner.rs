//! What a partner does with agreements: inviting us, deciding on our invitation, ending, renaming, looking.
//!
//! Nothing is accepted by itself, and nothing is sent to a stranger before an operator accepted him.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Door;
use crate::desk::alert;
use crate::desk::share::ShareError;
use crate::desk::share::agreement;
use crate::desk::share::command;
use crate::sharing;
use crate::sharing::Side;
use crate::sharing::agreement::Change;
use crate::sharing::agreement_status::Status;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::limits;
use crate::sharing::policy::Notes;
use crate::sharing::token::Token;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::ticket::id::AgreementId;

/// Open invitations from one network; the limit for all of them is the protocol's.
const INVITATIONS_PER_ORIGIN: i64 = 10;
/// When to invite again if there are too many.
const LATER: Duration = Duration::from_hours(1);

/// The agreement whose secret a caller has. One answer for no token, no agreement and a wrong key.
pub(crate) async fn authorise(tx: &mut Tx, token: Option<&Token>) -> Result<Agreement, ShareError> {
    let token = token.ok_or(Refusal::Unauthorized)?;
    let agreement = store::agreements::find_by_uuid(tx, &token.agreement).await?;
    let proven = token.proves(agreement.as_ref().map(|agreement| &agreement.access_key));
    agreement.filter(|_| proven).ok_or_else(|| Refusal::Unauthorized.into())
}

/// `POST /agreements/<id>`: somebody invites us. Anybody can.
pub async fn invite(
    desk: &Desk,
    tx: &mut Tx,
    (id, body): (&WireId, &wire::Agreement),
    (token, origin): (Option<&Token>, &str),
    now: Timestamp,
) -> Result<Answer, ShareError> {
    let proves = |token: &Token| token.agreement == *id && body.access_key.as_ref() == Some(&token.key);
    if token.is_some_and(|token| !proves(token)) {
        return Err(Refusal::Unauthorized.into());
    }
    store::agreements::delete_expired(tx, now.minus(limits::INVITATION_LIFE)).await?;
    if let Some(known) = store::agreements::lock(tx, id).await? {
        known.judged().invited_again(body)?;
        return Ok(Answer::Updated);
    }
    let ours = command::base(desk).ok_or(Refusal::Forbidden("this desk does not share"))?;
    let invited = sharing::agreement::Agreement::invited(body, id, &ours)?;
    let (all, from_there) = store::agreements::count_invitations(tx, origin).await?;
    if all >= limits::PENDING_INVITATIONS || from_there >= INVITATIONS_PER_ORIGIN {
        return Err(Refusal::Busy(LATER).into());
    }
    let Some(made) = store::agreements::insert(tx, &pending(invited, origin, now)).await? else {
        // Another process was faster; the same invitation again finds it.
        return Err(Refusal::Busy(Duration::from_secs(1)).into());
    };
    let host = made.sender_url.host().to_owned();
    noted(tx, &made, body.current_actor.as_ref(), ("invited", Some(made.sender_url.to_string())), now)
        .await?;
    let text = format!(
        "A help desk at {host} invites this one to share tickets. Anybody can send an invitation, and the name in it can \
         be anything: accept it only if you expect it.\n\nhelpdeskd agreement show {}",
        made.uuid
    );
    alert::post(desk, tx, &format!("{host} invites to share tickets"), &text, now).await?;
    Ok(Answer::Created)
}

/// `PUT /agreements/<id>` of a caller whose token was checked.
pub async fn change(
    desk: &Desk,
    tx: &mut Tx,
    id: &WireId,
    body: &wire::Agreement,
    now: Timestamp,
) -> Result<Answer, ShareError> {
    let mut agreement = store::agreements::lock(tx, id).await?.ok_or(Refusal::Unauthorized)?;
    let change = agreement.judged().changed_by_partner(body)?;
    let Change { status, partner_name, partner_url, actor } = change;
    let (mut events, moved) = (Vec::new(), partner_url.is_some());
    if let Some(name) = partner_name {
        events.push(("renamed", Some(name.clone())));
        agreement.partner_name = name;
    }
    if let Some(url) = partner_url {
        events.push(("moved", Some(url.to_string())));
        match agreement.side {
            Side::Sender => agreement.receiver_url = url,
            Side::Receiver => agreement.sender_url = url,
        }
    }
    if let Some(status) = status {
        events.push((status.as_str(), None));
        agreement.status = status;
    }
    if events.is_empty() {
        return Ok(Answer::Updated);
    }
    if status == Some(Status::Inactive) {
        agreement.deactivated_by = Some(agreement.side.other());
        store::partner_outbox::cancel_all(tx, agreement.id, "the partner ended the agreement", now).await?;
        agreement::lift_holds(desk, tx, &agreement, now).await?;
    }
    store::agreements::update(tx, &agreement, now).await?;
    for event in events {
        noted(tx, &agreement, actor.as_ref(), event, now).await?;
    }
    if moved {
        let title = format!("{} changed its sharing URL", agreement.partner_name);
        let url = agreement.judged().partner_url().clone();
        let text = format!("From now on requests under agreement {} go to {url}", agreement.uuid);
        alert::post(desk, tx, &title, &text, now).await?;
    }
    if let Some(status) = status {
        decided(desk, tx, &agreement, status, now).await?;
    }
    Ok(Answer::Updated)
}

/// `GET /agreements/<id>` of a caller whose token was checked.
pub fn show(agreement: &Agreement) -> Answer {
    let shown = wire::Agreement { deactivated_by: agreement.deactivated_by, ..agreement.judged().shown() };
    Answer::Found(shown.to_json())
}

fn pending(invited: sharing::agreement::Agreement, origin: &str, now: Timestamp) -> Agreement {
    Agreement {
        id: AgreementId(0),
        uuid: invited.id,
        side: invited.side,
        status: invited.status,
        access_key: invited.key,
        sender_url: invited.sender_url,
        receiver_url: invited.receiver_url,
        our_name: invited.our_name,
        partner_name: invited.partner_name,
        sync_tags: invited.terms.sync_tags,
        sync_custom_fields: invited.terms.sync_custom_fields,
        public_comments: invited.terms.public_comments,
        queue_id: None,
        notes: Notes::Local,
        status_map: "{}".to_owned(),
        origin: Some(origin.to_owned()),
        deactivated_by: None,
        broken_at: None,
        trouble: None,
        failing_since: None,
        created_at: now,
        changed_at: now,
    }
}

async fn noted(
    tx: &mut Tx,
    agreement: &Agreement,
    actor: Option<&wire::Actor>,
    event: (&str, Option<String>),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let name = actor.and_then(|actor| actor.name.clone());
    agreement::note(tx, agreement, (Door::Sharing.as_str(), name), event, now).await
}

/// The operators learn what became of an agreement.
async fn decided(
    desk: &Desk,
    tx: &mut Tx,
    agreement: &Agreement,
    status: Status,
    now: Timestamp,
) -> Result<(), DeskError> {
    let host = agreement.judged().partner_url().host().to_owned();
    let title = match status {
        Status::Accepted => format!("{host} accepts to share tickets"),
        Status::Declined => format!("{host} declines to share tickets"),
        Status::Inactive => format!("{host} ended sharing tickets"),
        Status::Pending => return Ok(()),
    };
    let text = format!(
        "Agreement {} is {status} now.\n\nhelpdeskd agreement show {}",
        agreement.uuid, agreement.uuid
    );
    alert::post(desk, tx, &title, &text, now).await
}
