//! Requests about tickets, put in line: folded into what never left, cut where they grow too large.

use crate::clock::Timestamp;
use crate::sharing::coalesce;
use crate::sharing::coalesce::Queued;
use crate::sharing::parse;
use crate::sharing::stored::RequestKind;
use crate::sharing::stored::RequestState;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::partner_outbox::NEVER;
use crate::store::partner_outbox::NewRequest;
use crate::store::partner_outbox::Request;
use crate::store::shared_tickets::SharedTicket;

/// Comments of one update, and bytes of it.
const COMMENTS: usize = 50;
const BYTES: usize = 1_000_000;

/// Whether a person caused a request. Automation has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Person,
    Automation,
}

impl Cause {
    fn is_automatic(self) -> bool {
        self == Self::Automation
    }
}

/// Puts a request about a shared ticket in line by itself.
pub(crate) async fn line_up(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &SharedTicket),
    (kind, body): (RequestKind, &str),
    cause: Cause,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let request = NewRequest {
        agreement_id: agreement.id,
        shared_ticket_id: Some(share.id),
        about: kind,
        body,
        automatic: cause.is_automatic(),
        due_at: if agreement.broken_at.is_some() { NEVER } else { now },
    };
    store::partner_outbox::insert(tx, &request, now).await.map(drop)
}

/// Puts an update in line; what waits before it and never left takes it in.
pub async fn update(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &SharedTicket),
    ticket: wire::Ticket,
    cause: Cause,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for part in parts(ticket) {
        let last = store::partner_outbox::newest(tx, share.id).await?;
        let folded = last.as_ref().and_then(|last| Some((last.id, fold(share, last, &part)?)));
        if let Some((id, body)) = folded
            && store::partner_outbox::fold(tx, id, &body, cause.is_automatic()).await?
        {
            continue;
        }
        line_up(tx, (agreement, share), (RequestKind::Update, &part.to_json()), cause, now).await?;
    }
    Ok(())
}

/// One update in as many as are needed to keep each small; what is no comment goes with the last.
pub fn parts(mut ticket: wire::Ticket) -> Vec<wire::Ticket> {
    let mut parts = Vec::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for comment in std::mem::take(&mut ticket.comments) {
        let size = size(&comment);
        if !batch.is_empty() && (batch.len() == COMMENTS || bytes + size > BYTES) {
            parts.push(wire::Ticket {
                uuid: ticket.uuid.clone(),
                comments: std::mem::take(&mut batch),
                current_actor: ticket.current_actor.clone(),
                ..wire::Ticket::default()
            });
            bytes = 0;
        }
        bytes += size;
        batch.push(comment);
    }
    ticket.comments = batch;
    parts.push(ticket);
    parts
}

/// What a comment takes when it is written, roughly.
pub fn size(comment: &wire::Comment) -> usize {
    comment.body.len()
        + comment.html_body.as_ref().map_or(0, String::len)
        + 500 * (1 + comment.attachments.len())
}

fn fold(share: &SharedTicket, last: &Request, later: &wire::Ticket) -> Option<String> {
    let is_new = last.state == RequestState::Queued && last.attempts == 0;
    let earlier = is_new.then(|| parse::ticket(last.body.as_bytes(), &share.uuid).ok())??;
    let earlier = match last.about {
        RequestKind::Share => Queued::Post(earlier),
        RequestKind::Update => Queued::Put(earlier),
        _ => return None,
    };
    match coalesce::fold(&earlier, &Queued::Put(later.clone()))? {
        Queued::Post(ticket) | Queued::Put(ticket) => Some(ticket.to_json()),
        Queued::Delete => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::token::WireId;
    use crate::ticket::entry::Visibility;

    fn comment(n: usize, body: String) -> wire::Comment {
        wire::Comment {
            uuid: WireId::parse(&format!("c{n}")).unwrap(),
            author: None,
            body,
            html_body: None,
            authored_at: None,
            visibility: Visibility::Public,
            attachments: vec![],
            custom_fields: None,
        }
    }

    #[test]
    fn a_long_conversation_goes_in_parts_and_the_status_comes_last() {
        let comments: Vec<_> = (0..120).map(|n| comment(n, "x".to_owned())).collect();
        let ticket = wire::Ticket { comments, status: Some("solved".to_owned()), ..wire::Ticket::default() };
        let parts = parts(ticket);
        assert_eq!(parts.iter().map(|part| part.comments.len()).collect::<Vec<_>>(), [50, 50, 20]);
        assert_eq!(parts.iter().filter(|part| part.status.is_some()).count(), 1);
        assert_eq!(parts[2].status.as_deref(), Some("solved"));
    }

    #[test]
    fn a_part_stays_small_and_nothing_is_left_out() {
        let comments: Vec<_> = (0..10).map(|n| comment(n, "x".repeat(300_000))).collect();
        let parts = parts(wire::Ticket { comments, ..wire::Ticket::default() });
        assert_eq!(parts.iter().map(|part| part.comments.len()).sum::<usize>(), 10);
        assert!(parts.iter().all(|part| part.to_json().len() < 1_200_000), "{}", parts.len());
        assert_eq!(super::parts(wire::Ticket::default()).len(), 1, "a status needs no comment");
    }
}
