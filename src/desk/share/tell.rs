//! What people here must know of a partner: a note on the ticket and word to its owner, or to the operators.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::table::Event;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Voice;
use crate::mail::token;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::NewOutgoing;
use crate::template::context::Alert;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::name::Name;
use crate::ticket::Ticket;
use crate::ticket::person::address_key;
use crate::ticket::person::domain_of;

/// The kind of entries that tell of partners. They never go to one.
const KIND: &str = "sharing";

/// Leaves a private line on a ticket without telling anybody.
pub async fn line(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let words = Words::plain(text);
    write(desk, tx, (ticket, actor), &words, now).await?;
    Ok(())
}

/// The same, and tells the owner and the queue's people.
pub async fn staff(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let words = Words::plain(text);
    let written = write(desk, tx, (ticket, actor), &words, now).await?;
    let occasion =
        Occasion { words: Some(&words), written: Some(&written), ..Occasion::new(Event::Noted, actor) };
    notify::tell(desk, tx, ticket, &occasion, now).await
}

async fn write(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    words: &Words,
    now: Timestamp,
) -> Result<entry::Written, sqlx::Error> {
    let entry = Entry { kind: KIND, visibility: Visibility::Private, words, new_status: None, origin: None };
    entry::write(desk, tx, (ticket.id, actor), &entry, now).await
}

/// Mails the operators, by the account of the first queue.
pub async fn operators(
    desk: &Desk,
    tx: &mut Tx,
    (title, text): (&str, &str),
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(queue) = desk.directory.queues().first() else { return Ok(()) };
    let facts =
        DeskFacts { name: desk.config.desk.name.clone(), timezone: desk.config.desk.timezone.clone() };
    let alert = Alert { desk: facts, title: title.to_owned(), text: text.to_owned() };
    let mail = desk.templates.render(Name::Alert, &desk.config.desk.locale, Context::Alert(&alert));
    for address in &desk.config.desk.alerts {
        let (key, row) = (address_key(address), token::row_key(desk.ids.bytes()));
        let message_id = format!("{}@{}", desk.ids.hex40(), domain_of(&queue.config.address));
        let draft = Draft {
            from_name: desk.config.desk.name.clone(),
            from: queue.config.address.clone(),
            to_name: String::new(),
            to: address.clone(),
            reply_to: None,
            subject: mail.subject.clone(),
            message_id: message_id.clone(),
            in_reply_to: None,
            references: Vec::new(),
            date: compose::date(now),
            voice: Voice::Notice,
            unsubscribe: None,
            text: mail.text.clone(),
            html: mail.html.clone(),
            attachments: Vec::new(),
        };
        let new = NewOutgoing {
            key: row,
            ticket_id: None,
            followup_id: None,
            queue_id: queue.id,
            event: "alert",
            template: Name::Alert.as_str(),
            recipient: address,
            recipient_key: &key,
            recipient_domain: &domain_of(address),
            user_id: None,
            account: &queue.config.smtp,
            envelope_from: "",
            message_id: &message_id,
            content: &draft.freeze()?,
            voice: draft.voice.as_str(),
            held: None,
        };
        store::outbox::insert(tx, &new, now).await?;
    }
    Ok(())
}
