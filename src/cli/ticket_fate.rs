//! Mails about a ticket that did not arrive, or were not sent, and what is known of that.

use serde_json::Value;
use serde_json::json;

use crate::cli::out;
use crate::store;
use crate::store::bounces::Bounced;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::ticket::id::TicketId;

/// One such mail.
#[derive(Debug)]
pub struct Failed {
    pub row: Outgoing,
    bounced: Option<Bounced>,
}

pub async fn failures(tx: &mut Tx, id: TicketId) -> Result<Vec<Failed>, sqlx::Error> {
    let bounced = store::bounces::list_of_ticket(tx, id).await?;
    let rows = store::outbox::list_of_ticket(tx, id).await?;
    let all = rows.into_iter().map(|row| {
        let bounced = bounced.iter().find(|bounced| bounced.outbox_id == row.id).cloned();
        Failed { row, bounced }
    });
    let is_one = |one: &Failed| one.bounced.is_some() || !matches!(one.row.state.as_str(), "queued" | "sent");
    Ok(all.filter(is_one).collect())
}

/// One line below the entry that it carried.
pub fn print(one: &Failed) {
    let fate = match &one.bounced {
        Some(bounced) => {
            format!("{}, {} {} {}", bounced.action, bounced.kind, bounced.status, bounced.answer)
        }
        None => format!("{}, {}", one.row.state, one.row.answer.as_deref().unwrap_or_default()),
    };
    out::line(&format!("    [to {}: {}]", out::clean(&one.row.recipient), out::clean(&fate)));
}

pub fn as_json(one: &Failed) -> Value {
    let row = &one.row;
    json!({
        "mail": row.id,
        "followup_id": row.followup_id,
        "recipient": row.recipient,
        "state": row.state,
        "answer": row.answer,
        "failure": one.bounced,
    })
}
