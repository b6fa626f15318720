//! What was not sent by itself: a cap was reached, or nobody of the desk was there to hear of it.

use crate::cli::check::database;
use crate::cli::check::report::Section;
use crate::cli::check::report::counted;
use crate::clock::Timestamp;
use crate::desk::hold_back;
use crate::store;
use crate::store::db::Db;
use crate::store::events::Held;

/// Tickets that fit into a line.
const MOST: usize = 10;

/// Counts the mails of the last day, and names their tickets.
pub async fn look(db: &Db, now: Timestamp) -> Result<Section, sqlx::Error> {
    let mut section = Section::new("caps");
    let since = Timestamp(now.0 - Timestamp::DAY);
    let mut tx = db.read().await?;
    let unheard = store::events::list_held(&mut tx, hold_back::UNHEARD, since).await?;
    if !unheard.is_empty() {
        let tickets = named(&unheard);
        section.bad(
            format!("tickets were raised in the last 24 hours, and nobody was told of it: see {tickets}"),
            database::ADD_AGENT,
        );
    }
    let held = store::events::list_held(&mut tx, hold_back::CAPPED, since).await?;
    if !held.is_empty() {
        let count: i64 = held.iter().map(|ticket| ticket.count).sum();
        let mails = counted(usize::try_from(count).unwrap_or(usize::MAX), "mail");
        let tickets = named(&held);
        section.note(
            format!("{mails} of the last 24 hours did not leave by themselves, for a cap: see {tickets}"),
            "`helpdeskd ticket show ID --log` says to whom and why; agents got theirs in digests; the numbers are \
             those of [caps]",
        );
    }
    Ok(section)
}

fn named(held: &[Held]) -> String {
    let named: Vec<String> = held.iter().take(MOST).map(|ticket| ticket.ticket_id.to_string()).collect();
    let more = held.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("ticket {}{more}", named.join(", "))
}
