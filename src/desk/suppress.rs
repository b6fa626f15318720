//! Addresses that are not written to: when a failure makes one such, and what ends that.
//!
//! Whether a report of a failure is believed is decided in `bounce`.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::warning;
use crate::email::Email;
use crate::mail::classify::BounceKind;
use crate::mail::classify::blame;
use crate::store;
use crate::store::bounces::Bounced;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::suppressions::Suppression;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::InboxId;

/// Failures of the passing kind that make an address one that is not written to, and within which time.
const MOST_FAILURES: i64 = 3;
const FAILURES_WITHIN: Duration = Duration::from_hours(7 * 24);
/// After these times an address is tried again: it may have been made anew, or its mailbox emptied.
const UNKNOWN_REST: Duration = Duration::from_hours(30 * 24);
const PASSING_REST: Duration = Duration::from_hours(7 * 24);
/// What a person decided.
pub(crate) const MANUAL: &str = "manual";

/// A mail that did not arrive.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: BounceKind,
    pub status: String,
    pub answer: String,
    pub believed: Believed,
    /// The report, if it came by mail.
    pub inbox_id: Option<InboxId>,
}

/// How far a failure goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Believed {
    /// Enough to write to the address no more.
    Surely,
    /// Enough to be shown, and for nothing else.
    Perhaps,
}

/// The word that is stored and shown for a kind of failure.
pub fn word(kind: BounceKind) -> &'static str {
    match kind {
        BounceKind::Address => "address",
        BounceKind::MailboxFull => "mailbox-full",
        BounceKind::Policy => "policy",
        BounceKind::Size => "size",
        BounceKind::Transient => "transient",
    }
}

/// Fills a kind, or what else an address is suppressed for, into a sentence.
pub(crate) fn told(sentence: Sentence, name: &'static str, kind: &str) -> Sentence {
    let key = match kind {
        "address" => "note.kind_address",
        "mailbox-full" => "note.kind_mailbox_full",
        "policy" => "note.kind_policy",
        "size" => "note.kind_size",
        "transient" => "note.kind_transient",
        MANUAL => "note.kind_manual",
        other => return sentence.with(name, other),
    };
    sentence.with_word(name, key)
}

/// Notes that a mail failed, and suppresses its address when that is due; false if it was known.
pub async fn failed(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    failure: &Failure,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let key = Email::key_of(&row.recipient);
    // What is said of us says nothing of the address, whoever reports it.
    let ours = blame::speaks_of_us(&failure.status, &failure.answer);
    let surely = failure.believed == Believed::Surely && !ours;
    let counts = surely && matches!(failure.kind, BounceKind::MailboxFull | BounceKind::Policy);
    let new = Bounced {
        outbox_id: row.id,
        recipient_key: key.clone(),
        action: "failed".to_owned(),
        kind: word(failure.kind).to_owned(),
        status: failure.status.clone(),
        answer: failure.answer.clone(),
        counts_at: counts.then_some(now),
        inbox_id: failure.inbox_id,
        at: now,
    };
    if !store::bounces::insert(tx, &new).await? {
        return Ok(false);
    }
    let rest = match failure.kind {
        BounceKind::Address if surely => UNKNOWN_REST,
        BounceKind::MailboxFull | BounceKind::Policy if surely => {
            if store::bounces::count_recent(tx, &key, now.minus(FAILURES_WITHIN)).await? < MOST_FAILURES {
                return Ok(true);
            }
            PASSING_REST
        }
        _ => return Ok(true),
    };
    if is_of_desk(desk, tx, row).await? {
        warning::own_address_refused(desk, tx, &row.recipient, &failure.answer, now).await?;
        return Ok(true);
    }
    let suppression = Suppression {
        address_key: key,
        address: row.recipient.clone(),
        reason: new.kind,
        detail: new.answer,
        created_at: now,
        expires_at: Some(now.plus(rest)),
    };
    store::suppressions::upsert(tx, &suppression).await?;
    Ok(true)
}

/// Whether a mail is to an agent or to a list of the desk's: those are never cut off, and a server that refuses such is
/// rather to be mended.
async fn is_of_desk(desk: &Desk, tx: &mut Tx, row: &Outgoing) -> Result<bool, sqlx::Error> {
    if Name::parse(&row.template).is_some_and(Name::is_for_staff) {
        return Ok(true);
    }
    let key = Email::key_of(&row.recipient);
    let lists = desk
        .directory
        .queues()
        .iter()
        .flat_map(|queue| queue.config.new_ticket_cc.iter().chain(&queue.config.updated_ticket_cc));
    if desk.config.desk.alerts.iter().chain(lists).any(|own| Email::key_of(own) == key) {
        return Ok(true);
    }
    let user = store::users::find_by_email(tx, &key).await?;
    Ok(user.is_some_and(|user| user.is_active_staff()))
}

/// Notes that a mail is late.
pub async fn delayed(
    tx: &mut Tx,
    row: &Outgoing,
    failure: &Failure,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let new = Bounced {
        outbox_id: row.id,
        recipient_key: Email::key_of(&row.recipient),
        action: "delayed".to_owned(),
        kind: word(failure.kind).to_owned(),
        status: failure.status.clone(),
        answer: failure.answer.clone(),
        counts_at: None,
        inbox_id: failure.inbox_id,
        at: now,
    };
    store::bounces::insert(tx, &new).await
}

/// Somebody wrote from this address, and surely he did: it works.
pub(crate) async fn heard_from(tx: &mut Tx, address: &str) -> Result<bool, sqlx::Error> {
    let key = Email::key_of(address);
    let lifted = store::suppressions::lift(tx, &key).await?;
    if lifted {
        store::bounces::forgive(tx, &key).await?;
    }
    Ok(lifted)
}

/// A person wants an address not to be written to.
pub async fn add(
    tx: &mut Tx,
    (address, detail): (&str, &str),
    rest: Option<Duration>,
    now: Timestamp,
) -> Result<(), DeskError> {
    if !Email::of(address).is_deliverable() {
        return Err(DeskError::Refused("that is no address that can be mailed".to_owned()));
    }
    let suppression = Suppression {
        address_key: Email::key_of(address),
        address: address.trim().to_owned(),
        reason: MANUAL.to_owned(),
        detail: detail.to_owned(),
        created_at: now,
        expires_at: rest.map(|rest| now.plus(rest)),
    };
    Ok(store::suppressions::upsert(tx, &suppression).await?)
}

/// A person wants an address to be written to again; false if it was not suppressed.
pub async fn remove(tx: &mut Tx, address: &str) -> Result<bool, sqlx::Error> {
    let key = Email::key_of(address);
    store::bounces::forgive(tx, &key).await?;
    store::suppressions::delete(tx, &key).await
}
