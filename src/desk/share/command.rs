//! What an operator does with agreements: inviting, deciding, ending, setting, sending again.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::share::agreement;
use crate::desk::share::people;
use crate::desk::share::ticket::find;
use crate::desk::share::ticket::refused;
use crate::sharing::Side;
use crate::sharing::Terms;
use crate::sharing::agreement::Command;
use crate::sharing::agreement_status::Status;
use crate::sharing::base::Base;
use crate::sharing::limits;
use crate::sharing::policy::Notes;
use crate::sharing::status::StatusMap;
use crate::sharing::stored::RequestKind;
use crate::sharing::text;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::ticket::id::AgreementId;
use crate::ticket::id::QueueId;
use crate::ticket::id::RequestId;

/// An invitation to be sent.
#[derive(Clone, Debug)]
pub struct Invitation<'a> {
    /// The partner's sharing URL.
    pub url: &'a str,
    /// What we call him until he says his name.
    pub name: &'a str,
    pub terms: Terms,
}

/// Our own settings of an agreement; what is none stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub queue_id: Option<QueueId>,
    pub notes: Option<Notes>,
    /// JSON.
    pub status_map: Option<String>,
}

/// Our sharing base URL; none when this desk does not share.
pub fn base(desk: &Desk) -> Option<Base> {
    let sharing = &desk.config.sharing;
    let url = format!("{}{}", desk.config.http.public_url, sharing.path);
    Base::parse(&url).ok().filter(|_| !sharing.path.is_empty())
}

/// Makes an agreement with us as its sender, and puts the invitation in line.
pub async fn invite(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (invitation, settings): (&Invitation<'_>, Settings),
    now: Timestamp,
) -> Result<Agreement, DeskError> {
    authority::may(actor, Act::Agree)?;
    let ours = base(desk).ok_or_else(|| refused("sharing is off: `sharing.path` is empty".to_owned()))?;
    let url = Base::parse(invitation.url).map_err(|why| refused(why.to_string()))?;
    if !url.as_str().starts_with("https://") && !desk.config.sharing.allow_private_partners {
        return Err(refused("a partner's URL begins with https://; others are called only with `sharing.allow_private_partners`".to_owned()));
    }
    if !ours.as_str().starts_with("https://") && !desk.config.sharing.allow_private_partners {
        return Err(refused(format!(
            "partners cannot reach this desk at {ours}: set `http.public_url` to an https URL"
        )));
    }
    if url == ours {
        return Err(refused("that is the sharing URL of this desk".to_owned()));
    }
    let name = text::one_line(invitation.name);
    let (uuid, key) = (people::from_hex(&desk.ids.hex40()), AccessKey::parse(&desk.ids.hex40()));
    let mut new = Agreement {
        id: AgreementId(0),
        uuid,
        side: Side::Sender,
        status: Status::Pending,
        access_key: key.ok_or_else(|| refused("no key could be made; try again".to_owned()))?,
        sender_url: ours,
        our_name: desk.config.desk.name.clone(),
        partner_name: if name.is_empty() { url.host().to_owned() } else { name },
        receiver_url: url,
        sync_tags: invitation.terms.sync_tags,
        sync_custom_fields: invitation.terms.sync_custom_fields,
        public_comments: invitation.terms.public_comments,
        queue_id: None,
        notes: Notes::Local,
        status_map: "{}".to_owned(),
        origin: None,
        deactivated_by: None,
        broken_at: None,
        trouble: None,
        failing_since: None,
        created_at: now,
        changed_at: now,
    };
    apply(&mut new, settings)?;
    let made = store::agreements::insert(tx, &new).await?;
    let made = made.ok_or_else(|| refused("the agreement cannot be made now; try again".to_owned()))?;
    written(tx, &made, actor, ("invited", Some(made.receiver_url.to_string())), now).await?;
    agreement::announce(tx, &made, (RequestKind::Invitation, Some(admin(&made, actor))), now).await?;
    Ok(made)
}

/// Accepts, declines or ends an agreement, and puts word of it in line.
pub async fn decide(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (uuid, command, settings): (&WireId, Command, Settings),
    now: Timestamp,
) -> Result<Agreement, DeskError> {
    authority::may(actor, Act::Agree)?;
    let mut agreement = find(tx, uuid).await?;
    let status = agreement.judged().commanded(command).map_err(|why| refused(why.to_string()))?;
    let is_invitation = agreement.status == Status::Pending && agreement.side == Side::Receiver;
    if is_invitation && now.since(agreement.created_at) > limits::INVITATION_LIFE {
        return Err(refused("the invitation has expired; ask for a new one".to_owned()));
    }
    apply(&mut agreement, settings)?;
    if status == Status::Accepted && agreement.queue_id.is_none() {
        return Err(refused("say with --queue where the partner's tickets go".to_owned()));
    }
    agreement.status = status;
    agreement.our_name.clone_from(&desk.config.desk.name);
    let kind = if status == Status::Inactive {
        agreement.deactivated_by = Some(agreement.side);
        agreement::lift_holds(desk, tx, &agreement, now).await?;
        RequestKind::Deactivation
    } else {
        RequestKind::Decision
    };
    store::agreements::update(tx, &agreement, now).await?;
    written(tx, &agreement, actor, (status.as_str(), None), now).await?;
    agreement::announce(tx, &agreement, (kind, Some(admin(&agreement, actor))), now).await?;
    Ok(agreement)
}

/// Changes our own settings of an agreement. The partner is not told: they are ours.
pub async fn set(
    tx: &mut Tx,
    actor: &Actor,
    (uuid, settings): (&WireId, Settings),
    now: Timestamp,
) -> Result<Agreement, DeskError> {
    authority::may(actor, Act::Agree)?;
    let mut agreement = find(tx, uuid).await?;
    apply(&mut agreement, settings)?;
    store::agreements::update(tx, &agreement, now).await?;
    written(tx, &agreement, actor, ("set", None), now).await?;
    Ok(agreement)
}

/// Sends again what waits, and one request that was given up; a broken agreement is mended by it.
pub async fn resend(
    tx: &mut Tx,
    actor: &Actor,
    (uuid, request): (&WireId, Option<RequestId>),
    now: Timestamp,
) -> Result<u64, DeskError> {
    authority::may(actor, Act::Agree)?;
    let mut agreement = find(tx, uuid).await?;
    let mut sent = 0;
    if let Some(id) = request {
        let row = store::partner_outbox::find(tx, id).await?;
        let ours = row.is_some_and(|row| row.agreement_id == agreement.id);
        if !ours || !store::partner_outbox::resend(tx, id, now).await? {
            return Err(refused(format!("there is no request {id} of this agreement that was given up")));
        }
        sent += 1;
    }
    (agreement.broken_at, agreement.trouble) = (None, None);
    store::agreements::update(tx, &agreement, now).await?;
    sent += store::partner_outbox::hurry(tx, agreement.id, now).await?;
    let detail = request.map(|id| format!("request {id}"));
    written(tx, &agreement, actor, ("resent", detail), now).await?;
    Ok(sent)
}

fn apply(agreement: &mut Agreement, settings: Settings) -> Result<(), DeskError> {
    let Settings { queue_id, notes, status_map } = settings;
    agreement.queue_id = queue_id.or(agreement.queue_id);
    agreement.notes = notes.unwrap_or(agreement.notes);
    if let Some(text) = status_map {
        let map =
            StatusMap::parse(&text).map_err(|why| refused(format!("the status map is not valid: {why}")))?;
        agreement.status_map = serde_json::to_string(&map).unwrap_or(text);
    }
    Ok(())
}

async fn written(
    tx: &mut Tx,
    agreement: &Agreement,
    actor: &Actor,
    event: (&str, Option<String>),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let name = actor.user().map(|user| user.name.clone());
    agreement::note(tx, agreement, (actor.door().as_str(), name), event, now).await
}

/// Who did it, as the partner learns it.
fn admin(agreement: &Agreement, actor: &Actor) -> wire::Actor {
    let name = actor.user().map(|user| user.name.clone()).filter(|name| !name.contains('@'));
    let who = actor.id().map_or_else(|| "desk".to_owned(), |id| id.to_string());
    wire::Actor {
        uuid: Some(people::own_id(agreement, &who)),
        name: Some(name.unwrap_or_else(|| agreement.our_name.clone())),
        role: Some("admin".to_owned()),
    }
}
