//! How much may go to one address: caps that end any loop and any bomb, whatever caused it.
//!
//! What agents write themselves and what the clock causes is neither counted nor stopped. What a cap stops is kept
//! in the outbox; our own people get it with the next digest.

use crate::clock::Timestamp;
use crate::config::caps::Caps;
use crate::config::caps::Steps;
use crate::config::caps::WINDOWS;
use crate::desk::Desk;
use crate::desk::budget::Budget;
use crate::desk::budget::Cause;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::traffic::Counted;
use crate::store::outbox::traffic::Volume;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::TicketId;

/// The windows of the caps in minutes.
const MINUTES: [i64; WINDOWS] = [10, 30, 60, 180, 600];

/// A cap that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    pub most: i64,
    pub minutes: i64,
    pub scope: Scope,
}

/// What a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Ticket,
    Recipient,
    Domain,
}

/// What went to an address until now.
pub async fn until(tx: &mut Tx, counted: &Counted<'_>, now: Timestamp) -> Result<Volume, sqlx::Error> {
    let since = MINUTES.map(|minutes| Timestamp(now.0 - minutes * Timestamp::MINUTE));
    store::outbox::traffic::volume(tx, counted, since, now).await
}

/// Whether a ticket may be reopened once more without an agent.
///
/// Mails that are shown to be their authors' and others are counted apart, lest a forger uses up what a customer needs.
pub async fn may_reopen(
    desk: &Desk,
    tx: &mut Tx,
    ticket_id: TicketId,
    proof: Authentication,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (proven, since) = (proof == Authentication::Pass, Timestamp(now.0 - Timestamp::HOUR));
    Ok(store::events::count_reopenings(tx, ticket_id, proven, since).await? < desk.config.caps.reopenings)
}

/// The cap that one more mail would break.
pub fn reached(caps: &Caps, volume: &Volume) -> Option<Cap> {
    about_ticket(caps, volume).or_else(|| in_all(caps.recipient_mails, volume))
}

/// The cap that one more notice to one of our own people would break, of those that its budget has.
pub(crate) fn reached_by_notice(caps: &Caps, volume: &Volume, cause: &Cause) -> Option<Cap> {
    let by_domain = Cap { most: caps.domain_mails, minutes: MINUTES[0], scope: Scope::Domain };
    let is_too_many = !cause.domain.is_empty() && volume.domain_1 >= caps.domain_mails;
    let about_ticket = about_ticket(caps, volume);
    match cause.budget {
        // What others cause must not keep an owner from the words of their customers.
        Budget::Owned => about_ticket,
        Budget::Proven | Budget::Unproven => {
            about_ticket.or_else(|| in_all(caps.staff_mails, volume)).or(is_too_many.then_some(by_domain))
        }
    }
}

fn about_ticket(caps: &Caps, volume: &Volume) -> Option<Cap> {
    let ticket = [volume.ticket_1, volume.ticket_2, volume.ticket_3, volume.ticket_4, volume.ticket_5];
    first(ticket, caps.ticket_mails, Scope::Ticket)
}

fn in_all(most: Steps, volume: &Volume) -> Option<Cap> {
    let all = [volume.all_1, volume.all_2, volume.all_3, volume.all_4, volume.all_5];
    first(all, most, Scope::Recipient)
}

fn first(counts: [i64; WINDOWS], Steps(most): Steps, scope: Scope) -> Option<Cap> {
    let at = (0..WINDOWS).find(|&at| counts[at] >= most[at])?;
    Some(Cap { most: most[at], minutes: MINUTES[at], scope })
}

impl std::fmt::Display for Cap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scope = match self.scope {
            Scope::Ticket => "about this ticket",
            Scope::Recipient => "about all tickets",
            Scope::Domain => "that one domain caused",
        };
        write!(f, "{} mails {scope} to this address within {} minutes are the most", self.most, self.minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn caps() -> Caps {
        Config::defaults().caps
    }

    const NONE: Volume = Volume {
        all_1: 0,
        all_2: 0,
        all_3: 0,
        all_4: 0,
        all_5: 0,
        ticket_1: 0,
        ticket_2: 0,
        ticket_3: 0,
        ticket_4: 0,
        ticket_5: 0,
        domain_1: 0,
        suppressed: false,
    };

    #[test]
    fn the_first_window_that_is_full_stops_a_mail() {
        let cap = |most, minutes, scope| Some(Cap { most, minutes, scope });
        for (volume, want) in [
            (NONE, None),
            (Volume { ticket_1: 9, all_1: 29, ..NONE }, None),
            (Volume { ticket_1: 10, ..NONE }, cap(10, 10, Scope::Ticket)),
            (Volume { ticket_2: 15, all_2: 59, ..NONE }, cap(15, 30, Scope::Ticket)),
            (Volume { ticket_5: 100, ..NONE }, cap(100, 600, Scope::Ticket)),
            (Volume { all_1: 30, ..NONE }, cap(30, 10, Scope::Recipient)),
            (Volume { ticket_5: 99, all_5: 360, ..NONE }, cap(360, 600, Scope::Recipient)),
        ] {
            assert_eq!(reached(&caps(), &volume), want, "{volume:?}");
        }
    }

    #[test]
    fn an_owners_own_tickets_are_counted_by_themselves() {
        let flood = Volume { all_1: 99, domain_1: 99, ..NONE };
        let by = |budget| Cause { budget, domain: "customer.test".to_owned() };
        let caps = caps();
        assert_eq!(reached_by_notice(&caps, &flood, &by(Budget::Owned)), None);
        assert!(reached_by_notice(&caps, &flood, &by(Budget::Unproven)).is_some());
        let domain = Volume { domain_1: 20, ..NONE };
        let cap = Some(Cap { most: 20, minutes: 10, scope: Scope::Domain });
        assert_eq!(reached_by_notice(&caps, &domain, &by(Budget::Proven)), cap);
        let agents = Cause { budget: Budget::Proven, domain: String::new() };
        assert_eq!(reached_by_notice(&caps, &domain, &agents), None);
        let about_one = Volume { ticket_1: 10, ..NONE };
        assert!(reached_by_notice(&caps, &about_one, &by(Budget::Owned)).is_some());
    }
}
