//! A stored agreement in the words of its rules, and the steps of its life that both doors take.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::event;
use crate::sharing::Terms;
use crate::sharing::agreement;
use crate::sharing::agreement_status::Status;
use crate::sharing::status::StatusMap;
use crate::sharing::stored::RequestKind;
use crate::sharing::wire;
use crate::store;
use crate::store::agreement_events::AgreementEvent;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::partner_outbox::NEVER;
use crate::store::partner_outbox::NewRequest;
use crate::ticket::holder::Holder;

impl Agreement {
    /// For the rules that judge requests and commands.
    pub fn judged(&self) -> agreement::Agreement {
        agreement::Agreement {
            id: self.uuid.clone(),
            side: self.side,
            status: self.status,
            key: self.access_key.clone(),
            sender_url: self.sender_url.clone(),
            receiver_url: self.receiver_url.clone(),
            our_name: self.our_name.clone(),
            partner_name: self.partner_name.clone(),
            terms: self.terms(),
        }
    }

    pub fn terms(&self) -> Terms {
        Terms {
            sync_tags: self.sync_tags,
            sync_custom_fields: self.sync_custom_fields,
            public_comments: self.public_comments,
        }
    }

    /// The agreement's own words for states; a damaged map counts as none.
    pub fn words(&self) -> StatusMap {
        StatusMap::parse(&self.status_map).unwrap_or_default()
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.status == Status::Accepted
    }
}

/// Writes down what happened to an agreement.
pub async fn note(
    tx: &mut Tx,
    agreement: &Agreement,
    (door, actor): (&str, Option<String>),
    (event, detail): (&str, Option<String>),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let event = AgreementEvent {
        agreement_id: agreement.id,
        door: door.to_owned(),
        actor,
        event: event.to_owned(),
        detail,
        at: now,
    };
    store::agreement_events::insert(tx, &event).await
}

/// Puts word of an agreement's status in line for the partner.
///
/// The secret is not written: it is put in when the request is sent.
pub(crate) async fn announce(
    tx: &mut Tx,
    agreement: &Agreement,
    (kind, actor): (RequestKind, Option<wire::Actor>),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let body =
        wire::Agreement { access_key: None, ..agreement.judged().announcement(agreement.status, actor) };
    let request = NewRequest {
        agreement_id: agreement.id,
        shared_ticket_id: None,
        about: kind,
        body: &body.to_json(),
        automatic: false,
        due_at: if agreement.broken_at.is_some() { NEVER } else { now },
    };
    store::partner_outbox::insert(tx, &request, now).await.map(drop)
}

/// Ends the holds that an agreement's partner made: nobody will come and lift them.
pub(crate) async fn lift_holds(
    desk: &Desk,
    tx: &mut Tx,
    agreement: &Agreement,
    now: Timestamp,
) -> Result<(), DeskError> {
    for id in store::shared_tickets::list_held(tx, agreement.id).await? {
        let mut action = Action::begin(tx, &Actor::desk(), id).await?;
        lift_hold(&mut action, agreement, now);
        event::record(desk, tx, action, now).await?;
    }
    Ok(())
}

/// The same as a part of an action on one ticket.
pub(crate) fn lift_hold(action: &mut Action, agreement: &Agreement, now: Timestamp) {
    let change = action.ticket.unhold_by(&Holder::Partner(agreement.uuid.to_string()), now);
    action.moved(change);
}
