//! The beginning of a session: is this the mailbox that was read before, and from where on is it read?
//!
//! First contact belongs to the queue: its mailbox under another name (a renamed host, a renamed queue) is the same
//! one, recognised by its count of UIDs and by the Message-IDs in it.

use tracing::info;
use tracing::warn;

use crate::clock::Timestamp;
use crate::config::mailbox::FirstContact;
use crate::crash;
use crate::desk::app::App;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::store;
use crate::store::mailboxes::Mailbox;
use crate::worker::intake::error::IntakeError;
use crate::worker::intake::source::Source;

/// Messages whose Message-IDs are compared, and the bytes of each one's headers.
const SAMPLE: usize = 20;
const HEADERS: u32 = 64 * 1024;

/// The mailbox's row, after first contact or a new count of UIDs was dealt with.
pub async fn make(
    app: &App,
    session: &mut Session,
    source: &Source,
    selected: &Selected,
) -> Result<Mailbox, IntakeError> {
    let mut tx = app.db.read().await?;
    let row = store::mailboxes::find(&mut tx, source.id).await?;
    drop(tx);
    let mut mailbox = row.ok_or(sqlx::Error::RowNotFound)?;
    let uid_validity = i64::from(selected.uid_validity);
    if mailbox.uid_validity == Some(uid_validity) {
        return Ok(mailbox);
    }
    let mut former = None;
    if mailbox.uid_validity.is_some() {
        warn!(mailbox.id = %source.id, "mailbox {} counts its messages anew; they are compared with those known", source.id);
        count_anew(session, selected, &mut mailbox).await?;
    } else if let Some((known, count)) = recognise(app, session, source, selected, &mailbox).await? {
        info!(mailbox.id = %source.id, "mailbox {} is what mailbox {} was, under another name", source.id, known.id);
        take_over(&mut mailbox, &known);
        if count == Count::Anew {
            count_anew(session, selected, &mut mailbox).await?;
        }
        former = Some(known.id);
    } else {
        first(app, session, source, selected, &mut mailbox).await?;
    }
    source.standing.succeeded();
    mailbox.uid_validity = Some(uid_validity);
    let mut tx = app.db.write().await?;
    if let Some(former) = former {
        store::inbox::upkeep::repoint_mailbox(&mut tx, former, mailbox.id).await?;
        store::gaps::repoint(&mut tx, former, mailbox.id).await?;
        store::mailboxes::retire(&mut tx, former).await?;
    }
    store::mailboxes::restart(&mut tx, &mailbox).await?;
    crash::point("intake.contact.before_commit");
    tx.commit().await?;
    crash::point("intake.contact.after_commit");
    Ok(mailbox)
}

/// Everything that is there now is looked at again; what comes later is new whatever its date.
async fn count_anew(
    session: &mut Session,
    selected: &Selected,
    mailbox: &mut Mailbox,
) -> Result<(), ImapError> {
    mailbox.rescans += 1;
    mailbox.contact_uid = last_uid(session, selected).await?;
    (mailbox.first_uid, mailbox.last_uid) = (0, 0);
    Ok(())
}

fn take_over(mailbox: &mut Mailbox, known: &Mailbox) {
    let Mailbox { id, queue_id, identity, .. } = mailbox.clone();
    *mailbox = Mailbox { id, queue_id, identity, ..known.clone() };
}

async fn last_uid(session: &mut Session, selected: &Selected) -> Result<i64, ImapError> {
    Ok(match selected.uid_next {
        Some(next) => i64::from(next) - 1,
        None => session.search_from(1, selected).await?.last().map_or(0, |&uid| i64::from(uid)),
    })
}

async fn first(
    app: &App,
    session: &mut Session,
    source: &Source,
    selected: &Selected,
    mailbox: &mut Mailbox,
) -> Result<(), IntakeError> {
    mailbox.contact_uid = last_uid(session, selected).await?;
    match source.config.from {
        FirstContact::All => {}
        FirstContact::Last(span) => mailbox.not_before = Some(app.now().minus(span)),
        FirstContact::Now => {
            // Since when the mailbox is declared: it may have been out of reach. INTERNALDATE has whole seconds.
            let limit = Timestamp(mailbox.created_at.0 - Timestamp::SECOND);
            mailbox.not_before = Some(limit);
            let since =
                if source.standing.tries_in_vain() { None } else { arrived_since(session, limit).await? };
            mailbox.first_uid = match since {
                Some(uid) => i64::from(uid) - 1,
                None => mailbox.contact_uid,
            };
            mailbox.last_uid = mailbox.first_uid;
        }
    }
    info!(mailbox.id = %source.id, "first contact with mailbox {}: {} messages there", source.id, selected.exists);
    Ok(())
}

/// The first of the messages that arrived since then.
async fn arrived_since(session: &mut Session, limit: Timestamp) -> Result<Option<u32>, ImapError> {
    // A server means days of its own time zone.
    let uids = match session.search_since(limit.minus(std::time::Duration::from_hours(24))).await {
        Ok(uids) => uids,
        Err(error) if error.is_survivable() => return Ok(None),
        Err(error) => return Err(error),
    };
    let listed = session.sizes(&uids).await?;
    let since = listed.iter().filter(|message| message.internal_date.is_some_and(|date| date >= limit));
    Ok(since.map(|message| message.uid).min())
}

/// Whether the UIDs of a mailbox still mean the same messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Same,
    Anew,
}

/// The row of the mailbox that this is under another name, if it was read before.
async fn recognise(
    app: &App,
    session: &mut Session,
    source: &Source,
    selected: &Selected,
    mailbox: &Mailbox,
) -> Result<Option<(Mailbox, Count)>, IntakeError> {
    let former = former(app, mailbox).await?;
    if former.is_empty() {
        return Ok(None);
    }
    let newest = if source.standing.tries_in_vain() { Vec::new() } else { newest(session, selected).await? };
    for known in former {
        let (user, folder) = (&source.config.login.username, &source.config.folder);
        // Only the host differs.
        let same_place = known.identity.starts_with(&format!("{user}@"))
            && known.identity.ends_with(&format!("/{folder}"));
        let Some(count) = compare(app, selected, &known, &newest, same_place).await? else { continue };
        let mut tx = app.db.read().await?;
        let now = store::db::now(&mut tx, app.now()).await?;
        if known.lease_by.is_some() && known.lease_until > now {
            // By a process with the former configuration.
            return Err(IntakeError::LeaseLost);
        }
        return Ok(Some((known, count)));
    }
    Ok(None)
}

/// Mailboxes of this queue, or of one whose place it took, that were read before and are not declared any more.
async fn former(app: &App, mailbox: &Mailbox) -> Result<Vec<Mailbox>, sqlx::Error> {
    let desk = app.desk();
    let declared = |row: &Mailbox| {
        desk.directory.queues().iter().any(|queue| {
            let identity = queue.config.imap.as_ref().map(crate::config::mailbox::Mailbox::identity);
            queue.id == row.queue_id && identity.as_ref() == Some(&row.identity)
        })
    };
    let mut tx = app.db.read().await?;
    let mut rows = store::mailboxes::list(&mut tx).await?;
    rows.retain(|row| row.uid_validity.is_some() && !declared(row));
    rows.retain(|row| desk.directory.queue(row.queue_id).is_some_and(|queue| queue.id == mailbox.queue_id));
    // The last one that was read first.
    rows.sort_by_key(|row| std::cmp::Reverse(row.healthy_at));
    Ok(rows)
}

async fn compare(
    app: &App,
    selected: &Selected,
    known: &Mailbox,
    newest: &[(u32, String)],
    same_place: bool,
) -> Result<Option<Count>, sqlx::Error> {
    let uid_validity = i64::from(selected.uid_validity);
    let same_count = known.uid_validity == Some(uid_validity);
    let (mut same, mut other) = (0, 0);
    let mut tx = app.db.read().await?;
    for (uid, message_id) in newest {
        let uid = i64::from(*uid);
        if !same_count {
            same += i64::from(store::inbox::has_had(&mut tx, known.queue_id, message_id).await?);
        } else if (known.first_uid + 1..=known.last_uid).contains(&uid) {
            let row = store::inbox::find_by_uid(&mut tx, known.id, uid_validity, uid).await?;
            match row.and_then(|row| row.message_id) {
                Some(id) if id == *message_id => same += 1,
                Some(_) => other += 1,
                None => {}
            }
        }
    }
    let goes_on = selected.uid_next.is_none_or(|next| i64::from(next) > known.last_uid);
    Ok(match (same_count, other) {
        (true, 0) if goes_on && (same > 0 || same_place) => Some(Count::Same),
        // The same numbers for other messages: another mailbox, whose numbers are not to be mixed with those.
        (true, _) => None,
        (false, _) => (same > 0 || same_place).then_some(Count::Anew),
    })
}

/// The newest messages with their Message-IDs.
async fn newest(session: &mut Session, selected: &Selected) -> Result<Vec<(u32, String)>, ImapError> {
    let uids = session.search_from(1, selected).await?;
    let mut found = Vec::new();
    for &uid in uids.iter().rev().take(SAMPLE) {
        let Some(fetched) = session.fetch_headers(uid, HEADERS).await? else { continue };
        let mail = parse::parse(&fetched.raw, &Limits::default());
        found.extend(mail.message_id.map(|id| (uid, id)));
    }
    Ok(found)
}
