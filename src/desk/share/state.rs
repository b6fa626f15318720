//! A ticket's state as far as partners can see it.

use crate::sharing::status::Local;
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
