//! What was not sent by itself, as a cap was reached.

use crate::cli::check::report::Section;
use crate::cli::check::report::counted;
use crate::clock::Timestamp;
use crate::store;
use crate::store::db::Db;

/// Tickets that fit into a line.
const MOST: usize = 10;

/// Counts the mails of the last day, and names their tickets.
pub async fn look(db: &Db, now: Timestamp) -> Result<Section, sqlx::Error> {
    let mut section = Section::new("caps");
    let held = store::events::list_held(&mut db.read().await?, Timestamp(now.0 - Timestamp::DAY)).await?;
    let count: i64 = held.iter().map(|ticket| ticket.count).sum();
    if count == 0 {
        return Ok(section);
    }
    let named: Vec<String> = held.iter().take(MOST).map(|ticket| ticket.ticket_id.to_string()).collect();
    let more = held.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let mails = counted(usize::try_from(count).unwrap_or(usize::MAX), "mail");
    section.note(
        format!(
            "{mails} of the last 24 hours did not leave by themselves, for a cap: see ticket {}{more}",
            named.join(", ")
        ),
        "`helpdeskd ticket show ID --log` says to whom and why; agents got theirs in digests",
    );
    Ok(section)
}
