//! The server that takes our mail refuses us: a sender is paused, and a row of refusals that was meant for everybody
//! is undone.
//!
//! Whom a single refusal is about is for `mail::classify::blame` to say.

use std::collections::HashSet;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::alert;
use crate::desk::alert::Trouble;
use crate::desk::event;
use crate::desk::undelivered::Fate;
use crate::email::Email;
use crate::mail::delivery::State;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::refusals::Refused;
use crate::store::sender_pauses::SenderPause;
use crate::ticket::id::QueueId;

/// How long a refused sender's mail waits before one mail tries again.
pub const PAUSE: Duration = Duration::from_mins(5);
/// How long an ended pause is remembered: which recipient's refusal does not begin it again.
pub(crate) const MEMORY: Duration = Duration::from_hours(24);
/// Domains refused alike in a row, nobody accepted, before it is no word on them.
const MOST_DOMAINS: usize = 3;
/// Mails in a row that were not answered, nobody accepted, before it is no accident of their connections.
const MOST_UNANSWERED: usize = 3;
/// What mails have in common that were not answered.
const UNANSWERED: &str = "no answer";
/// Older refusals are no part of a row.
const ROW: Duration = Duration::from_hours(24);
/// How long a server says the same to one mail, and takes no other, before it is believed.
const DOUBT: Duration = Duration::from_mins(30);
/// How long it refuses everybody but our own address before it is no word on them.
const WHIM: Duration = Duration::from_mins(10);
/// When a mail is tried again whose refusal is doubted.
pub const SECOND_OPINION: Duration = Duration::from_mins(5);

/// One mail that the server refused.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    pub row: &'a Outgoing,
    /// What it has in common with others, such as `550 5.1.1`.
    pub alike: &'a str,
    pub answer: &'a str,
}

/// How a server treats others at the moment of a final word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// It would take mail to our own address, and the word names the recipient: there is no doubt.
    Taken,
    /// It would take mail to our own address, and the word may be a whim all the same.
    OwnTaken,
    /// It refuses our own address too, or it was not asked.
    Unknown,
    /// There is no server, and nothing to doubt.
    NoServer,
}

/// What a server's final word on one mail is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The mail is given up.
    Final,
    /// Nobody else was taken since: the mail is tried again.
    Doubted,
    /// It is said to everybody, and so about us: the sender's mail waits.
    ToAll,
}

/// The server took a mail: a row of refusals ends, and so does the pause of this sender.
pub async fn accepted(tx: &mut Tx, row: &Outgoing, now: Timestamp) -> Result<(), sqlx::Error> {
    // What is taken at once was never refused.
    if row.attempts > 1 {
        store::refusals::delete(tx, row.id).await?;
    }
    // On nearly all days nothing is open, and one look tells.
    if !store::sender_pauses::is_any_open(tx, &row.account, row.queue_id).await? {
        return Ok(());
    }
    store::refusals::end_row(tx, &row.account, now).await?;
    let domain = Email::of(&row.recipient).domain().to_owned();
    if store::sender_pauses::end(tx, &row.account, row.queue_id, &domain, now).await? {
        store::alerts::delete(tx, &key(&row.account, row.queue_id)).await?;
    }
    Ok(())
}

/// The server refused a mail for good. That is believed if it takes others: our own address at the same moment, or
/// another mail since it refused this one first; or if it says the same for half an hour. Where enough domains are
/// refused alike in a row, it is no word on any of them, and what was given up for it is sent again.
pub async fn weigh(
    desk: &Desk,
    tx: &mut Tx,
    refusal: &Refusal<'_>,
    others: Others,
    now: Timestamp,
) -> Result<Word, DeskError> {
    let row = refusal.row;
    if others == Others::Taken {
        store::refusals::end_row(tx, &row.account, now).await?;
        store::refusals::delete(tx, row.id).await?;
        return Ok(Word::Final);
    }
    let known = store::refusals::find(tx, row.id).await?.filter(|known| known.alike != UNANSWERED);
    if known.as_ref().is_some_and(|known| known.others_at.is_some()) {
        store::refusals::delete(tx, row.id).await?;
        return Ok(Word::Final);
    }
    store::refusals::insert(tx, &refused(row, refusal.alike, now)).await?;
    let in_row = store::refusals::list(tx, &row.account, refusal.alike, now.minus(ROW)).await?;
    let lasts = |time: Duration| in_row.iter().any(|refused| now.since(refused.first_at) >= time);
    let domains: HashSet<&str> = in_row.iter().map(|refused| refused.domain.as_str()).collect();
    if domains.len() >= MOST_DOMAINS && (others != Others::OwnTaken || lasts(WHIM)) {
        for refused in in_row.iter().filter(|refused| refused.outbox_id != row.id) {
            undo(desk, tx, refused, now).await?;
        }
        return Ok(Word::ToAll);
    }
    let insists = known.is_some_and(|known| now.since(known.first_at) >= DOUBT);
    let is_final = others == Others::NoServer || insists && domains.len() < MOST_DOMAINS;
    Ok(if is_final { Word::Final } else { Word::Doubted })
}

/// The server took the text of a mail and gave no answer. Says whether it does so with every mail: then the sender's
/// mail waits, lest each of them ends unknown.
pub async fn unanswered(desk: &Desk, tx: &mut Tx, row: &Outgoing, now: Timestamp) -> Result<bool, DeskError> {
    let new = refused(row, UNANSWERED, now);
    store::refusals::insert(tx, &new).await?;
    let in_row = store::refusals::list(tx, &row.account, UNANSWERED, now.minus(ROW)).await?;
    if in_row.len() < MOST_UNANSWERED {
        return Ok(false);
    }
    let answer = "the server takes the text of each mail and gives no answer";
    pause(desk, tx, &Refusal { row, alike: UNANSWERED, answer }, now).await?;
    Ok(true)
}

/// A refusal that is about us: the sender's mail waits, and the operators are told once.
pub async fn pause(desk: &Desk, tx: &mut Tx, refusal: &Refusal<'_>, now: Timestamp) -> Result<(), DeskError> {
    let row = refusal.row;
    let pause = SenderPause {
        account: row.account.clone(),
        queue_id: row.queue_id,
        since: now,
        paused_until: now.plus(PAUSE),
        alike: refusal.alike.to_owned(),
        domain: Email::of(&row.recipient).domain().to_owned(),
        answer: refusal.answer.to_owned(),
        ended_at: None,
    };
    store::sender_pauses::upsert(tx, &pause).await?;
    let sender = sender(desk, row.queue_id);
    let done = if refusal.alike == UNANSWERED { "not answered" } else { "refused" };
    let trouble = Trouble {
        key: key(&row.account, row.queue_id),
        title: format!("mail from {sender} is {done}"),
        text: format!(
            "By the server of account {}, what {sender} sends is {done}, whoever it is for: {}\n\nThe mails wait, and nobody \
             is blamed for it. One of them tries every five minutes whether it is mended; then all leave. See \
             `helpdeskd outbox list` and `helpdeskd check`.",
            row.account, refusal.answer
        ),
    };
    alert::raise(desk, tx, &trouble, now).await.map(drop)
}

/// The pauses that last, of senders that are declared.
pub async fn paused(desk: &Desk, tx: &mut Tx) -> Result<Vec<SenderPause>, sqlx::Error> {
    let lasts = |pause: &SenderPause| {
        let queue = desk.directory.queue(pause.queue_id);
        pause.ended_at.is_none() && queue.is_some_and(|queue| queue.config.smtp == pause.account)
    };
    Ok(store::sender_pauses::list(tx).await?.into_iter().filter(lasts).collect())
}

/// The address of a queue, or what stands for it.
pub fn sender(desk: &Desk, queue_id: QueueId) -> String {
    let queue = desk.directory.queue(queue_id);
    queue.map_or_else(|| format!("queue {queue_id}"), |queue| queue.config.address.clone())
}

/// A mail that was given up is sent again, and what followed from it is taken back.
async fn undo(desk: &Desk, tx: &mut Tx, refused: &Refused, now: Timestamp) -> Result<(), DeskError> {
    let Some(row) = store::outbox::find(tx, refused.outbox_id).await? else { return Ok(()) };
    if row.state != State::Rejected || !store::outbox::retry(tx, row.id, now).await? {
        return Ok(());
    }
    let recipient = Email::key_of(&row.recipient);
    store::bounces::delete(tx, row.id).await?;
    store::suppressions::take_back(tx, &recipient, refused.at).await?;
    store::outbox::turns::release_held(tx, &recipient, row.id, now).await?;
    event::record_undelivered(desk, tx, &row, Fate::Resumed, now).await
}

fn refused(row: &Outgoing, alike: &str, now: Timestamp) -> Refused {
    Refused {
        outbox_id: row.id,
        account: row.account.clone(),
        alike: alike.to_owned(),
        domain: Email::of(&row.recipient).domain().to_owned(),
        at: now,
        first_at: now,
        others_at: None,
    }
}

fn key(account: &str, queue_id: QueueId) -> String {
    format!("sender {queue_id} of {account}")
}
