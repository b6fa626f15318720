//! Mail to the operators and to our own people that is about no single ticket.
//!
//! What is a trouble is found elsewhere; here each is told once, until it is over.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::directory::Queue;
use crate::email::Email;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Voice;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::NewOutgoing;
use crate::template::context::Alert;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::name::Name;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;

/// Something that an operator must see to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The same for the same trouble, by which it is told once.
    pub key: String,
    /// In a few words, for the subject.
    pub title: String,
    pub text: String,
}

/// Tells `desk.alerts` of a trouble, unless they were told since it was last over. Says whether they are told.
pub async fn raise(desk: &Desk, tx: &mut Tx, trouble: &Trouble, now: Timestamp) -> Result<bool, DeskError> {
    // With nobody to tell it stays untold, for those who are added later.
    if desk.config.desk.alerts.is_empty() || !store::alerts::insert(tx, &trouble.key, now).await? {
        return Ok(false);
    }
    post(desk, tx, &trouble.title, &trouble.text, now).await?;
    Ok(true)
}

/// Mails `desk.alerts`. A desk without queues has no voice and stays silent.
pub async fn post(
    desk: &Desk,
    tx: &mut Tx,
    title: &str,
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(queue) = sender(desk, tx, now).await? else { return Ok(()) };
    for address in &desk.config.desk.alerts {
        let locale = &desk.config.desk.locale;
        let told = Told { event: "alert", queue, address, user_id: None, about: None, locale, title, text };
        notification(desk, tx, &told, now).await?;
    }
    Ok(())
}

/// What is told to one of our own people, and in which queue's name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    /// As the outbox calls it.
    pub(super) event: &'static str,
    pub(super) queue: &'a Queue,
    pub(super) address: &'a str,
    pub(super) user_id: Option<UserId>,
    /// An answer is about this ticket.
    pub(super) about: Option<&'a Ticket>,
    pub(super) locale: &'a str,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

/// Writes one mail into the outbox.
pub(super) async fn notification(
    desk: &Desk,
    tx: &mut Tx,
    told: &Told<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let (queue_id, queue, address) = (told.queue.id, &told.queue.config, told.address);
    let facts =
        DeskFacts { name: desk.config.desk.name.clone(), timezone: desk.config.desk.timezone.clone() };
    let alert = Alert { desk: facts, title: told.title.to_owned(), text: told.text.to_owned() };
    let rendered = desk.templates.render(Name::Alert, told.locale, Context::Alert(&alert));
    let to = Email::of(address);
    let row = token::row_key(desk.ids.bytes());
    // An answer is known as one to us; of no ticket it chooses nothing.
    let uuid = told.about.map_or("", |ticket| &ticket.uuid);
    let token = token::sign(&desk.keys.ring(), Purpose::AgentReply, row, uuid, to.key());
    let message_id = token::message_id(&token, Email::of(&queue.address).domain());
    let draft = Draft {
        from_name: desk.config.desk.name.clone(),
        from: queue.address.clone(),
        to_name: String::new(),
        to: address.to_owned(),
        reply_to: None,
        subject: rendered.subject,
        message_id: message_id.clone(),
        in_reply_to: None,
        references: Vec::new(),
        date: compose::date(now),
        voice: Voice::Notice,
        unsubscribe: None,
        text: rendered.text,
        html: rendered.html,
        bodies: Vec::new(),
        whole_text: None,
        full_text: None,
        attachments: Vec::new(),
    };
    let new = NewOutgoing {
        key: row,
        ticket_id: told.about.map(|ticket| ticket.id),
        followup_id: None,
        queue_id,
        event: told.event,
        template: Name::Alert.as_str(),
        recipient: address,
        recipient_key: to.key(),
        recipient_domain: to.domain(),
        user_id: told.user_id,
        account: &queue.smtp,
        envelope_from: &queue.address,
        message_id: &message_id,
        content: &draft.freeze()?,
        voice: draft.voice.as_str(),
        budget: "",
        cause: "",
        held: None,
    };
    store::outbox::insert(tx, &new, now).await?;
    Ok(())
}

/// The first queue, or the first that may send: the trouble may be its account or its address.
async fn sender<'a>(desk: &'a Desk, tx: &mut Tx, now: Timestamp) -> Result<Option<&'a Queue>, sqlx::Error> {
    let resting = store::channels::list(tx).await?;
    let paused = store::sender_pauses::list(tx).await?;
    let rests = |queue: &&Queue| {
        resting.iter().any(|channel| channel.account == queue.config.smtp && channel.paused_until > now)
            || paused.iter().any(|pause| pause.queue_id == queue.id && pause.ended_at.is_none())
    };
    let mut queues = desk.directory.queues().iter().map(std::convert::AsRef::as_ref);
    let first = queues.clone().next();
    Ok(queues.find(|queue| !rests(queue)).or(first))
}
