//! A ticket's state as far as partners can see it, and what they gave of it.

use serde_json::Value;

use crate::sharing::status::Local;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::Row;
use crate::ticket::holder::Holder;
use crate::ticket::status::Status;

/// A ticket's state, with who spoke last on it.
pub fn local(ticket: &Row) -> Local {
    match (ticket.status, &ticket.held_by) {
        (Status::Resolved, _) => Local::Resolved,
        (Status::Closed | Status::Merged, _) => Local::Closed,
        (_, Some(Holder::Us)) => Local::Held,
        (_, Some(Holder::Partner(_))) => Local::HeldByPartner,
        (_, None) if ticket.waiting_since.is_none() => Local::Waiting,
        (_, None) => Local::Open,
    }
}

/// The custom fields that a partner gave; damaged ones count as none.
pub fn custom_fields(share: &SharedTicket) -> Option<Value> {
    share.custom_fields.as_deref().and_then(|text| serde_json::from_str(text).ok())
}
