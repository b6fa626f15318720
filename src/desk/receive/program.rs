//! Mail that a program wrote: kept. It is never acknowledged, reopens nothing and is never passed on to customers.

use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::audit;
use crate::desk::entry;
use crate::desk::entry::Visibility;
use crate::desk::receive::Case;
use crate::desk::receive::Done;
use crate::desk::trace::Trace;
use crate::mail::classify::Class;
use crate::store::db::Tx;
use crate::ticket::Ticket;

impl Case<'_> {
    /// Keeps a mail on a ticket for staff to see. Nobody is mailed, nothing changes.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        kind: &'static str,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        let actor = Actor { user: self.author.clone(), door: Door::Mail };
        let entry = self.entry(kind, Visibility::Private);
        entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, (kind, None, Some(self.received.id.to_string())), self.now).await?;
        self.remember(tx, ticket.id).await?;
        let outcome = if self.verdict.class == Class::Bounce { "bounce" } else { "followup" };
        Ok(Done { outcome, reason: Some(kind.to_owned()), ticket_id: Some(ticket.id), trace })
    }
}
