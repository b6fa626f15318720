//! In which language somebody is written to.
//!
//! Chooses it; whether there are words of it is known to the templates.

use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::ticket::id::QueueId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// The reader's own language, else the ticket's if they are a customer, else the queue's, else the desk's.
pub(crate) fn of_reader(desk: &Desk, queue: &Queue, user: Option<&User>, ticket: Option<&Ticket>) -> String {
    let own = user.and_then(|user| user.locale.as_ref());
    let own = own.or_else(|| ticket.and_then(|ticket| ticket.locale.as_ref()));
    own.or(queue.config.locale.as_ref()).unwrap_or(&desk.config.desk.locale).clone()
}

/// In which an entry is written that agents of a queue will read.
pub(crate) fn of_agents(desk: &Desk, queue: QueueId) -> String {
    let queue = desk.directory.queue(queue);
    queue.map_or_else(|| desk.config.desk.locale.clone(), |queue| of_reader(desk, queue, None, None))
}
