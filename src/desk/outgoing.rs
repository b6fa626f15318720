//! Bodies that several outgoing mails share: kept once while the mails are frozen, and put back when they leave.
//!
//! Which bodies those are says the template; a mail's own frame stays in its row of the outbox.

use crate::mail::compose::Draft;
use crate::mail::compose::SharedBody;
use crate::store;
use crate::store::db::Tx;
use crate::template::body::Body;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::TicketId;

/// The bodies that are kept already, of all mails about one announcement.
#[derive(Debug, Default)]
pub(crate) struct KeptBodies(Vec<(Body, OutboxBodyId)>);

impl KeptBodies {
    /// Their numbers for a mail about this ticket. Each is written when the first mail needs it.
    pub(crate) async fn numbers(
        &mut self,
        tx: &mut Tx,
        ticket_id: TicketId,
        bodies: &[Body],
    ) -> Result<Vec<i64>, sqlx::Error> {
        let mut numbers = Vec::with_capacity(bodies.len());
        for body in bodies {
            let known = self.0.iter().find(|(known, _)| known.is(body)).map(|(_, id)| *id);
            let id = match known {
                Some(id) => id,
                None => store::outbox_bodies::insert(tx, ticket_id, body.text(), body.html()).await?,
            };
            if known.is_none() {
                self.0.push((body.clone(), id));
            }
            numbers.push(id.0);
        }
        Ok(numbers)
    }
}

/// What a frozen mail is [filled](Draft::filled) with; none where a body is not stored.
pub async fn bodies(tx: &mut Tx, draft: &Draft) -> Result<Option<Vec<SharedBody>>, sqlx::Error> {
    let mut bodies = Vec::with_capacity(draft.bodies.len());
    for &number in &draft.bodies {
        let Some(body) = store::outbox_bodies::find(tx, OutboxBodyId(number)).await? else { return Ok(None) };
        bodies.push(SharedBody { text: body.text, html: body.html });
    }
    Ok(Some(bodies))
}
