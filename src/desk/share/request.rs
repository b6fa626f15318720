//! A request to a partner as it will be sent: verb, URL, token and body.
//!
//! The secret comes from the agreement at this moment; it is in no row of the outbox.

use std::fmt;

use serde_json::Value;

use crate::sharing::reaction::About;
use crate::sharing::stored::RequestKind;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::store::partner_outbox::Request;
use crate::store::shared_tickets::SharedTicket;

/// A verb of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Post,
    Put,
    Delete,
}

/// Everything that one request says.
pub struct Prepared {
    pub verb: Verb,
    pub url: String,
    /// The value of the token's header.
    pub token: Option<String>,
    pub body: String,
}

impl fmt::Debug for Prepared {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("verb", &self.verb).finish_non_exhaustive()
    }
}

/// Reads what a request needs. None if what it is about was deleted.
pub async fn prepare(tx: &mut Tx, row: &Request) -> Result<Option<(Agreement, Prepared)>, sqlx::Error> {
    let Some(agreement) = store::agreements::find(tx, row.agreement_id).await? else { return Ok(None) };
    let share = share(tx, row).await?;
    let (kind, judged) = (row.about, agreement.judged());
    let verb = match kind {
        RequestKind::Invitation | RequestKind::Share => Verb::Post,
        RequestKind::Decision | RequestKind::Deactivation | RequestKind::Update => Verb::Put,
        RequestKind::Unshare => Verb::Delete,
    };
    let (url, body) = match (kind, &share) {
        (RequestKind::Invitation | RequestKind::Decision | RequestKind::Deactivation, _) => {
            (judged.partner_url().agreement_url(&agreement.uuid), with_key(&agreement, &row.body))
        }
        (RequestKind::Unshare, Some(share)) => (judged.partner_url().ticket_url(&share.uuid), String::new()),
        (_, Some(share)) => (judged.partner_url().ticket_url(&share.uuid), row.body.clone()),
        (_, None) => return Ok(None),
    };
    let with_token = kind != RequestKind::Invitation || row.with_token;
    let token = with_token.then(|| judged.token().to_header());
    Ok(Some((agreement, Prepared { verb, url, token, body })))
}

/// The shared ticket that a request is about.
pub async fn share(tx: &mut Tx, row: &Request) -> Result<Option<SharedTicket>, sqlx::Error> {
    match row.shared_ticket_id {
        Some(id) => store::shared_tickets::find(tx, id).await,
        None => Ok(None),
    }
}

/// In the words of the table of reactions.
pub fn about(agreement: &Agreement, share: Option<&SharedTicket>, row: &Request) -> About {
    match row.about {
        RequestKind::Invitation => About::Invitation { with_token: row.with_token },
        RequestKind::Decision => About::Decision,
        RequestKind::Deactivation => About::Deactivation,
        RequestKind::Share => About::Share,
        RequestKind::Update => {
            let shared_again = share.is_some_and(|share| share.reposts > 0);
            About::Update { from: agreement.side, shared_again }
        }
        RequestKind::Unshare => About::Unshare,
    }
}

fn with_key(agreement: &Agreement, body: &str) -> String {
    match serde_json::from_str(body) {
        Ok(Value::Object(mut map)) => {
            map.insert("access_key".to_owned(), agreement.access_key.expose().into());
            Value::Object(map).to_string()
        }
        _ => body.to_owned(),
    }
}
