//! How many acknowledgements of mail leave within a day: one that a forger may have caused takes nothing from those of
//! proven mail.

use crate::clock::Timestamp;
use crate::desk::budget::Budget;
use crate::desk::budget::Cause;
use crate::desk::hold_back;
use crate::desk::notify::occasion::Occasion;
use crate::email::Email;
use crate::email::providers;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::life::Ticket;

/// To one address.
const PROVEN: i64 = 100;
const UNPROVEN: i64 = 5;
/// Of unproven mail, to all addresses of one domain; at a large provider they are many strangers'.
const UNPROVEN_TO_DOMAIN: i64 = 50;
const UNPROVEN_TO_PROVIDER: i64 = 1000;

/// Whether one more may leave; where it may not, the log of its ticket says so.
pub(super) async fn may_leave(
    tx: &mut Tx,
    ticket: &Ticket,
    occasion: &Occasion<'_>,
    address: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let budget = Cause::of(ticket, occasion, None).budget;
    let since = Timestamp(now.0 - Timestamp::DAY);
    let email = Email::of(address);
    let (key, domain) = (email.key(), email.domain());
    let (to_address, to_domain) =
        store::outbox::count_acknowledgements(tx, key, domain, budget.as_str(), since).await?;
    let for_domain = if providers::is_public(domain) { UNPROVEN_TO_PROVIDER } else { UNPROVEN_TO_DOMAIN };
    let why = match budget {
        Budget::Owned | Budget::Proven if to_address >= PROVEN => full(PROVEN, "address"),
        Budget::Unproven if to_address >= UNPROVEN => full(UNPROVEN, "address"),
        Budget::Unproven if to_domain >= for_domain => full(for_domain, "domain"),
        _ => return Ok(true),
    };
    hold_back::note(tx, ticket.id, address, &why, now).await?;
    Ok(false)
}

fn full(most: i64, what: &str) -> String {
    format!("no acknowledgement: {most} to this {what} within a day are the most")
}
