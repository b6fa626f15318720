//! People on both sides: placeholders for those of a partner, and what he learns of ours.
//!
//! A placeholder has no address, so it is never mailed and never taken for anybody else. Of our people a
//! partner learns a name and an id that means nothing outside the agreement.

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::ids;
use crate::sharing::Side;
use crate::sharing::stored::ActorRole;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::shared_actors::SharedActor;
use crate::store::users::NewUser;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

/// Somebody at a partner's desk.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: User,
    pub speaker: ActorRole,
}

/// The placeholder for a partner's person, made at first sight. None if he is not named at all.
pub(crate) async fn placeholder(
    tx: &mut Tx,
    agreement: &Agreement,
    actor: Option<&wire::Actor>,
    now: Timestamp,
) -> Result<Option<Person>, sqlx::Error> {
    let Some(actor) = actor else { return Ok(None) };
    let uuid = match (&actor.uuid, &actor.name) {
        (Some(uuid), _) => uuid.clone(),
        // Without an id, the same name is the same person.
        (None, Some(name)) => derived(&["name", name]),
        (None, None) => return Ok(None),
    };
    if let Some(known) = store::shared_actors::find(tx, agreement.id, &uuid).await?
        && let Some(user) = store::users::find(tx, known.user_id).await?
    {
        return Ok(Some(met_again(tx, actor, known, user).await?));
    }
    let speaker = said_role(actor).unwrap_or_else(|| usual_role(agreement.side));
    let name = actor.name.clone().unwrap_or_else(|| format!("Somebody at {}", agreement.partner_name));
    let new = NewUser {
        role: Role::Customer,
        email: None,
        name: &name,
        username: None,
        password_hash: None,
        weak_password: false,
        locale: None,
    };
    let user = store::users::insert(tx, &new, now).await?;
    let known = SharedActor { agreement_id: agreement.id, uuid, user_id: user.id, role: speaker };
    store::shared_actors::insert(tx, &known, now).await?;
    Ok(Some(Person { user, speaker }))
}

/// One of our people, or another partner's, as this partner gets to know him. None is the desk itself.
pub(crate) async fn introduced(
    tx: &mut Tx,
    agreement: &Agreement,
    user: Option<UserId>,
) -> Result<wire::Actor, sqlx::Error> {
    let user = match user {
        Some(id) => store::users::find(tx, id).await?,
        None => None,
    };
    let Some(user) = user else {
        return Ok(wire::Actor {
            uuid: Some(own_id(agreement, "desk")),
            name: Some(agreement.our_name.clone()),
            role: Some("agent".to_owned()),
        });
    };
    if let Some(known) = store::shared_actors::find_by_user(tx, user.id).await? {
        let role = if known.role == ActorRole::Agent { "agent" } else { "end-user" };
        return Ok(wire::Actor {
            uuid: Some(known.uuid),
            name: Some(user.name),
            role: Some(role.to_owned()),
        });
    }
    let (role, nobody) = if user.role.is_staff() { ("agent", "Agent") } else { ("end-user", "Customer") };
    // Where somebody gave no name his address stands for it, and addresses stay here.
    let name = if user.name.contains('@') { nobody.to_owned() } else { user.name };
    Ok(wire::Actor {
        uuid: Some(own_id(agreement, &user.id.to_string())),
        name: Some(name),
        role: Some(role.to_owned()),
    })
}

/// Who did something, for the partner's audit.
pub(crate) async fn current_actor(
    tx: &mut Tx,
    agreement: &Agreement,
    actor: &Actor,
) -> Result<wire::Actor, sqlx::Error> {
    introduced(tx, agreement, actor.id()).await
}

/// 40 hexadecimal digits that are made from a text, always the same ones.
pub(crate) fn derived(parts: &[&str]) -> WireId {
    let digest = Sha256::digest(parts.join("\n"));
    from_hex(&ids::hex(&digest[..20]))
}

/// An id that we made.
pub(crate) fn from_hex(digits: &str) -> WireId {
    parsed(WireId::parse(digits))
}

fn parsed(id: Option<WireId>) -> WireId {
    id.expect("hexadecimal digits make an id")
}

/// Nobody but the two sides of an agreement can tell from which number an id was made.
pub(crate) fn own_id(agreement: &Agreement, who: &str) -> WireId {
    derived(&["person", agreement.access_key.expose(), who])
}

async fn met_again(
    tx: &mut Tx,
    actor: &wire::Actor,
    mut known: SharedActor,
    mut user: User,
) -> Result<Person, sqlx::Error> {
    if let Some(name) = actor.name.as_ref().filter(|name| **name != user.name) {
        store::users::rename(tx, user.id, name).await?;
        user.name.clone_from(name);
    }
    let speaker = said_role(actor).unwrap_or(known.role);
    if speaker != known.role {
        known.role = speaker;
        store::shared_actors::set_role(tx, &known).await?;
    }
    Ok(Person { user, speaker })
}

/// The role as a partner words it, if he does.
fn said_role(actor: &wire::Actor) -> Option<ActorRole> {
    match actor.role.as_deref()?.to_lowercase().as_str() {
        "agent" | "admin" | "staff" => Some(ActorRole::Agent),
        _ => Some(ActorRole::Customer),
    }
}

/// The customers of a shared ticket are the sender's; at a receiver only agents speak.
fn usual_role(our_side: Side) -> ActorRole {
    match our_side {
        Side::Sender => ActorRole::Agent,
        Side::Receiver => ActorRole::Customer,
    }
}
