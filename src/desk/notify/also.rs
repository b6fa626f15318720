//! Telling the staff of a second queue that its mail is on the ticket of another one.
//!
//! Only once a mail, and nobody outside: whoever wrote has their acknowledgement.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::News;
use crate::desk::agents;
use crate::desk::directory::Queue;
use crate::desk::notify;
use crate::desk::notify::Audience;
use crate::desk::notify::announcement::Announcement;
use crate::desk::notify::list::List;
use crate::store::db::Tx;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::life::Ticket;

/// Tells the staff of another queue, to whose address the same mail came, where the ticket is. Who hears of it
/// there already is left out.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    other: &Queue,
    announcement: &Announcement<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(queue) = desk.directory.queue(ticket.queue_id) else { return Ok(()) };
    let mut list = List::new(desk, announcement, announcement.by(ticket));
    let owner = notify::find(tx, ticket.owner_id).await?;
    list.exclude(owner.iter());
    list.exclude_addresses(lists(queue));
    if lists(queue).next().is_none() {
        list.exclude(agents::of_queue(tx, &queue.config).await?.iter());
    }
    let addresses: Vec<String> = lists(other).cloned().collect();
    list.addresses(Some(Name::NewticketCc), &addresses);
    if addresses.is_empty() {
        for user in agents::of_queue(tx, &other.config).await? {
            list.person(user, Name::NewticketCc);
        }
    }
    let note = Sentence::new("note.two_queues")
        .with("other", &other.config.address)
        .with("address", &queue.config.address)
        .with("queue", &queue.config.title);
    let submitter = notify::submitter(tx, ticket, announcement).await?;
    let audience = Audience { ticket, queue, submitter, recipients: list.recipients };
    let news = News { note: Some(note), ..announcement.news.clone() };
    // For staff only: it is no agent's word that is lost with it.
    notify::post(desk, tx, &audience, &Announcement { news: &news, ..*announcement }, now).await.map(drop)
}

fn lists(queue: &Queue) -> impl Iterator<Item = &String> {
    queue.config.new_ticket_cc.iter().chain(&queue.config.updated_ticket_cc)
}
