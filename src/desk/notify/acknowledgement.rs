//! How many acknowledgements leave within a day: one that a forger may have caused takes nothing from those of proven
//! mail, and those of tickets that programs open are counted by themselves.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Door;
use crate::desk::budget::Budget;
use crate::desk::budget::Cause;
use crate::desk::hold_back;
use crate::desk::notify::announcement::Announcement;
use crate::email::Email;
use crate::email::providers;
use crate::store::db::Tx;
use crate::store::outbox::traffic;
use crate::store::outbox::traffic::Acknowledged;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Whether one more may leave; where it may not, the log of its ticket says so.
pub(super) async fn may_leave(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, announcement): (&Ticket, &Announcement<'_>),
    user: &User,
    address: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let since = Timestamp(now.0 - Timestamp::DAY);
    let why = if announcement.actor.door() == Door::Mail {
        let budget = Cause::of(ticket, announcement, None).budget;
        full_of(desk, tx, (budget, since), user, address).await?
    } else {
        let most = desk.config.caps.acknowledgements_api;
        let plain = Email::plain_of(&Email::key_of(address));
        let of = Acknowledged { to: &plain, budget: "", since, most };
        let is_full = traffic::count_opened_by_programs(tx, &of).await? >= most;
        is_full.then(|| full(most, "address"))
    };
    if let Some(why) = &why {
        hold_back::note(tx, ticket.id, address, why, now).await?;
    }
    Ok(why.is_none())
}

/// Why no more may leave in answer to mail of one budget.
async fn full_of(
    desk: &Desk,
    tx: &mut Tx,
    (budget, since): (Budget, Timestamp),
    user: &User,
    address: &str,
) -> Result<Option<String>, sqlx::Error> {
    let (caps, email) = (&desk.config.caps, Email::of(address));
    let is_unproven = budget == Budget::Unproven;
    let most = if is_unproven { caps.acknowledgements_unproven } else { caps.acknowledgements };
    let of = |to, most| Acknowledged { to, budget: budget.as_str(), since, most };
    // Whatever address they write from, they are one person.
    let others = user.keys().into_iter().map(|key| Email::plain_of(&key));
    let people: BTreeSet<String> = others.chain([Email::plain_of(email.key())]).collect();
    let mut to_person = 0;
    for plain in &people {
        to_person += traffic::count_acknowledgements(tx, &of(plain, most)).await?;
    }
    if to_person >= most {
        return Ok(Some(full(most, "address")));
    }
    if !is_unproven {
        return Ok(None);
    }
    // At a large provider they are many strangers'.
    let most = if providers::is_public(email.domain()) {
        caps.acknowledgements_unproven_provider
    } else {
        caps.acknowledgements_unproven_domain
    };
    let to_domain = traffic::count_acknowledgements_to_domain(tx, &of(email.domain(), most)).await?;
    Ok((to_domain >= most).then(|| full(most, "domain")))
}

fn full(most: i64, what: &str) -> String {
    format!("no acknowledgement: {most} to this {what} within a day are the most")
}
