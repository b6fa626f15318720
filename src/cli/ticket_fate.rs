//! Mails about a ticket that did not arrive, or were not sent, and what is known of that.

use serde_json::Value;
use serde_json::json;

use crate::cli::out;
use crate::desk::view::ticket::Failed;

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

pub(crate) fn as_json(one: &Failed) -> Value {
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
