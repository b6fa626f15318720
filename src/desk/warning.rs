//! Telling the operators that a cap was reached, that one of their own addresses fails, or that a mail is of unknown
//! fate. Once a day each.

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::alert;
use crate::desk::alert::Trouble;
use crate::desk::volume::Cap;
use crate::desk::volume::Scope;
use crate::ids;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::ticket::id::TicketId;

/// Bytes of a digest that keep addresses apart without naming them.
const SHORT: usize = 8;

/// Mail to one address is held back because there is too much of it.
pub(crate) async fn too_much(
    desk: &Desk,
    tx: &mut Tx,
    (cap, ticket_id, recipient): (Cap, Option<TicketId>, &str),
    now: Timestamp,
) -> Result<(), DeskError> {
    let about = match (cap.scope, ticket_id) {
        (Scope::Ticket, Some(id)) => format!("ticket {id}"),
        _ => "all tickets".to_owned(),
    };
    let trouble = Trouble {
        key: format!("cap {about} {} {}", short(recipient), day(now)),
        title: "too much mail to one address is held back".to_owned(),
        text: format!(
            "Mail to {recipient} about {about} is held back: {cap}. Perhaps a program answers every mail there.\n\n\
             What is held back is kept: see `helpdeskd outbox list --all`, and `helpdeskd outbox retry ID` to send it."
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// A ticket was raised, and nobody of the desk is there to hear of it.
pub(crate) async fn unheard(
    desk: &Desk,
    tx: &mut Tx,
    ticket_id: TicketId,
    slug: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let trouble = Trouble {
        key: format!("unheard {slug} {}", day(now)),
        title: format!("tickets of queue {slug} are raised, and nobody is told"),
        text: format!(
            "Nobody took care of ticket {ticket_id} of queue {slug} in time. There is no active agent and no list of \
             the queue to tell, and so its customer was not told either.\n\nAdd an agent with `helpdeskd user add`, or \
             name addresses in the queue's `updated_ticket_cc`. Of more such tickets today you are not told: see \
             `helpdeskd check`."
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// A ticket is reopened again and again.
pub(crate) async fn reopened_often(
    desk: &Desk,
    tx: &mut Tx,
    ticket_id: TicketId,
    now: Timestamp,
) -> Result<(), DeskError> {
    let trouble = Trouble {
        key: format!("reopen {ticket_id} {}", day(now)),
        title: format!("ticket {ticket_id} is reopened again and again"),
        text: format!(
            "Mail reopened ticket {ticket_id} too often within an hour. What comes now is kept on it, and it stays \
             as it is; it is marked as waiting for somebody."
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// Mail to an address of the desk's own people is refused, or comes back. It is written to all the same.
pub(crate) async fn own_address_refused(
    desk: &Desk,
    tx: &mut Tx,
    address: &str,
    why: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let trouble = Trouble {
        key: format!("suppressed {} {}", short(address), day(now)),
        title: "mail to one of your own addresses is refused".to_owned(),
        text: format!(
            "A mail to {address} did not arrive: {why}\n\nIs the address right? It is still written to."
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// Nobody knows whether a mail arrived, and it is not sent again by itself.
pub async fn unknown_fate(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    answer: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let trouble = Trouble {
        key: format!("unknown {} {}", row.account, day(now)),
        title: "nobody knows whether a mail arrived".to_owned(),
        text: format!(
            "Mail {id} by account {account}: {answer}. It may have arrived twice, or not at all, and is not sent \
             again by itself. `helpdeskd outbox retry {id}` sends it once more, `helpdeskd outbox cancel {id}` leaves \
             it.\n\nIf more of them end so today, you are not told again: see `helpdeskd outbox list`.",
            id = row.id,
            account = row.account
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// The operators' log names no addresses, and neither does the key.
fn short(address: &str) -> String {
    ids::hex(&Sha256::digest(address)[..SHORT])
}

fn day(now: Timestamp) -> i64 {
    now.0.div_euclid(Timestamp::DAY)
}
