//! After the database was restored from a backup: what was handled before is not answered again, and no ticket gets
//! a number that another one had.
//!
//! A restore is told (`serve --after-restore`), or noticed by messages that bear our mark and are not known. Tickets
//! and answers that were made after the backup are gone; only their mails come again.

use std::collections::HashSet;

use tracing::warn;

use crate::config::mailbox::After;
use crate::desk::app::App;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::fetch::Listed;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::thread;
use crate::store;
use crate::store::mailboxes::Mailbox;
use crate::ticket::id::TicketId;
use crate::worker::fetch;
use crate::worker::intake::error::IntakeError;
use crate::worker::intake::source::Source;

/// Messages whose subjects are looked at, the newest, and the bytes of each one's headers.
const MOST: usize = 5_000;
const HEADERS: u32 = 32 * 1024;
/// However large a number a subject names: anybody may write one.
const MOST_NUMBERS: i64 = 100_000;

/// Finds out, once in a process, which of the messages that are not known were handled before.
pub async fn look(
    app: &App,
    session: &mut Session,
    source: &Source,
    (mailbox, selected): (&Mailbox, &Selected),
) -> Result<(), IntakeError> {
    if !source.standing.is_new() {
        return Ok(());
    }
    // What was there at first contact may bear anybody's mark.
    let known = mailbox.last_uid >= mailbox.contact_uid;
    let handled = match (source.standing.tries_in_vain(), source.restored) {
        (false, restored) if restored.is_some() || known => {
            find(app, session, source, (mailbox, selected)).await?
        }
        (true, Some(_)) => {
            fetch::new_uids(session, selected, mailbox).await?.into_iter().map(i64::from).collect()
        }
        _ => HashSet::new(),
    };
    source.standing.succeeded();
    source.standing.were_handled_before(handled);
    Ok(())
}

async fn find(
    app: &App,
    session: &mut Session,
    source: &Source,
    (mailbox, selected): (&Mailbox, &Selected),
) -> Result<HashSet<i64>, IntakeError> {
    let uids = fetch::new_uids(session, selected, mailbox).await?;
    let listed = session.sizes(&uids).await?;
    let handled: HashSet<i64> =
        listed.iter().filter(|it| was_handled(it, source)).map(|it| i64::from(it.uid)).collect();
    if source.restored.is_some() || !handled.is_empty() {
        let count = handled.len();
        warn!(
            mailbox.id = %source.id,
            "the database seems restored from a backup: {count} messages of mailbox {} were handled before, and are taken without acknowledgement",
            source.id
        );
        keep_numbers(app, highest_number(app, session, &uids).await?).await?;
    }
    Ok(handled)
}

fn was_handled(message: &Listed, source: &Source) -> bool {
    let has = |mark: &str| message.flags.iter().any(|flag| flag.eq_ignore_ascii_case(mark));
    match (source.restored, &source.config.after) {
        (Some(began), _) => message.internal_date.is_none_or(|date| date <= began),
        (None, After::Keyword(keyword)) => has(keyword),
        (None, After::Seen) => has("\\seen"),
        (None, After::Leave | After::Move(_) | After::Delete { .. }) => false,
    }
}

/// The highest number of a ticket that a subject names.
async fn highest_number(app: &App, session: &mut Session, uids: &[u32]) -> Result<i64, ImapError> {
    let desk = app.desk();
    let mut highest = 0;
    for &uid in uids.iter().rev().take(MOST) {
        let Some(fetched) = session.fetch_headers(uid, HEADERS).await? else { continue };
        let mail = parse::parse(&fetched.raw, &Limits::default());
        let tags = thread::tags(&mail.subject).into_iter().filter(|(slug, _)| desk.directory.has_slug(slug));
        highest = tags.map(|(_, TicketId(number))| number).chain([highest]).max().unwrap_or(highest);
    }
    Ok(highest)
}

/// The next ticket gets a higher number than this.
async fn keep_numbers(app: &App, number: i64) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    let last = store::db::ticket_numbers::last(&mut tx).await?;
    if (last + 1..=last + MOST_NUMBERS).contains(&number) {
        warn!("tickets are numbered on from {number}: mails name numbers up to it");
        store::db::ticket_numbers::skip_to(&mut tx, number).await?;
    }
    tx.commit().await
}
