//! How many acknowledgements leave within a day: one that a forger may have caused takes nothing from those of proven
//! mail, and those of tickets that programs open are counted by themselves.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Door;
use crate::desk::budget::Budget;
use crate::desk::budget::Cause;
use crate::desk::hold_back;
use crate::desk::notify::occasion::Occasion;
use crate::email::Email;
use crate::email::providers;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Acknowledged;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Whether one more may leave; where it may not, the log of its ticket says so.
pub(super) async fn may_leave(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, occasion): (&Ticket, &Occasion<'_>),
    user: &User,
    address: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let caps = &desk.config.caps;
    let budget = Cause::of(ticket, occasion, None).budget;
    let since = Timestamp(now.0 - Timestamp::DAY);
    let email = Email::of(address);
    let domain = email.domain();
    let Plain { key, subaddresses } = Plain::of(&email);
    let of = Acknowledged { key: &key, subaddresses: &subaddresses, domain, budget: budget.as_str(), since };
    let why = if occasion.actor.door() == Door::Mail {
        let (mut to_address, to_domain) = store::outbox::count_acknowledgements(tx, &of).await?;
        // Whatever address they write from, they are one person.
        for other in user.keys().iter().filter(|other| *other != email.key()) {
            let email = Email::of(other);
            let Plain { key, subaddresses } = Plain::of(&email);
            let of = Acknowledged { key: &key, subaddresses: &subaddresses, domain: email.domain(), ..of };
            to_address += store::outbox::count_acknowledgements(tx, &of).await?.0;
        }
        let (proven, unproven) = (caps.acknowledgements, caps.acknowledgements_unproven);
        // At a large provider they are many strangers'.
        let for_domain = if providers::is_public(domain) {
            caps.acknowledgements_unproven_provider
        } else {
            caps.acknowledgements_unproven_domain
        };
        match budget {
            Budget::Owned | Budget::Proven if to_address >= proven => full(proven, "address"),
            Budget::Unproven if to_address >= unproven => full(unproven, "address"),
            Budget::Unproven if to_domain >= for_domain => full(for_domain, "domain"),
            _ => return Ok(true),
        }
    } else {
        let most = caps.acknowledgements_api;
        if store::outbox::traffic::count_opened_by_programs(tx, &of).await? < most {
            return Ok(true);
        }
        full(most, "address")
    };
    hold_back::note(tx, ticket.id, address, &why, now).await?;
    Ok(false)
}

fn full(most: i64, what: &str) -> String {
    format!("no acknowledgement: {most} to this {what} within a day are the most")
}

/// An address whose subaddresses (RFC 5233) count as itself.
#[derive(Debug, PartialEq, Eq)]
struct Plain {
    key: String,
    subaddresses: String,
}

impl Plain {
    fn of(email: &Email) -> Self {
        let (local, domain) = email.key().rsplit_once('@').unwrap_or((email.key(), ""));
        let plain = local.split_once('+').map_or(local, |(plain, _)| plain);
        let escape = |text: &str| text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        Self {
            key: format!("{plain}@{domain}"),
            subaddresses: format!("{}+%@{}", escape(plain), escape(domain)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subaddresses_are_one_address() {
        for (address, key, pattern) in [
            ("Ann+1@x.test", "ann@x.test", "ann+%@x.test"),
            ("ann@x.test", "ann@x.test", "ann+%@x.test"),
            ("a_b%c!+d+e@x_y.test", "a_b%c!@x_y.test", "a!_b!%c!!+%@x!_y.test"),
        ] {
            let expected = Plain { key: key.to_owned(), subaddresses: pattern.to_owned() };
            assert_eq!(Plain::of(&Email::of(address)), expected);
        }
    }
}
