//! What the machine can do at most: fetching and throwing away, and writing the same rows in a bare loop.

use std::time::Instant;

use helpdeskd::clock::Timestamp;
use helpdeskd::config::Config;
use helpdeskd::desk::directory;
use helpdeskd::mail::journal::Became;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::blobs;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::store::events::Logged;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::store::inbox::NewReceived;
use helpdeskd::store::inbox::Outcome;
use helpdeskd::store::message_ids::KnownMessage;
use helpdeskd::store::migrate;
use helpdeskd::store::outbox::NewOutgoing;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::person::User;
use helpdeskd::ticket::priority::Priority;

use crate::mails;

const NOW: Timestamp = Timestamp(0);

/// Rows a second of the writes that one new request causes, in transactions of `per_commit` requests.
pub fn bare_loop(url: &str, per_commit: usize, count: usize) -> f64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let db = Db::open(url, 2).await.expect("the database opens");
        migrate::apply(&db).await.expect("the schema is made");
        let toml = "[[smtp]]\nname = \"d\"\ndirectory = \"x\"\n[[queues]]\nslug = \"s\"\ntitle = \"S\"\naddress = \"s@example.com\"\nsmtp = \"d\"\n";
        let config = Config::parse(toml, std::path::Path::new("bench.toml")).expect("it is valid");
        let mut tx = db.write().await.expect("a transaction begins");
        let directory = directory::synchronise(&mut tx, &config, Timestamp(0)).await.expect("queues are written");
        tx.commit().await.expect("it commits");
        let queue = directory.queues()[0].id;
        let begun = Instant::now();
        let mut n = 0;
        while n < count {
            let mut tx = db.write().await.expect("a transaction begins");
            for _ in 0..per_commit.min(count - n) {
                rows(&mut tx, queue, n).await.expect("rows are written");
                n += 1;
            }
            tx.commit().await.expect("it commits");
        }
        let rate = rate(count, begun);
        db.close().await;
        rate
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
pub fn rate(count: usize, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}

async fn rows(tx: &mut Tx, queue_id: QueueId, n: usize) -> Result<(), sqlx::Error> {
    let raw = mails::small(n);
    let digest = blobs::digest(&raw);
    let message_id = format!("bench.{n}@domain.example");
    let email = format!("customer{n}@domain{}.example", n % 997);
    let number = i64::try_from(n).unwrap_or_default();
    let inbox_id = received(tx, queue_id, (&raw, &digest, number)).await?;
    let user = store::users::insert_customer(tx, &email, "Customer", None, NOW).await?.expect("it is new");
    let ticket = ticket(tx, queue_id, (&user, number)).await?;
    let followup_id = followup(tx, &ticket, (&user, inbox_id), &message_id).await?;
    let known =
        KnownMessage { ticket_id: ticket.id, author_key: email.clone(), content_digest: digest.to_vec() };
    store::message_ids::insert(tx, &message_id, &known, NOW).await?;
    let event = Logged {
        ticket_id: ticket.id,
        seq: Some(1),
        kind: Kind::Opened,
        entry_id: Some(followup_id),
        actor_id: Some(user.id),
        token_id: None,
        door: "mail".to_owned(),
        field: "opened".to_owned(),
        old: None,
        new: None,
        at: NOW,
        user_id: None,
    };
    store::events::insert(tx, &event).await?;
    acknowledgement(tx, &ticket, (&email, followup_id), (&message_id, number)).await?;
    let outcome = Outcome {
        outcome: Became::Ticket,
        trace: "[]",
        class: "human",
        authentication: Found(Some(Authentication::Unknown)),
        message_id: Some(&message_id),
        content_digest: &digest,
        ticket_id: Some(ticket.id),
        ..Outcome::default()
    };
    store::inbox::finish(tx, inbox_id, 1, &outcome, NOW).await?;
    Ok(())
}

async fn received(
    tx: &mut Tx,
    queue_id: QueueId,
    (raw, digest, number): (&[u8], &[u8], i64),
) -> Result<InboxId, sqlx::Error> {
    let blob_id = blobs::insert(tx, digest, raw, NOW).await?;
    let new = NewReceived {
        queue_id,
        mailbox_id: None,
        uid_validity: None,
        uid: Some(number),
        door: "imap",
        digest,
        size: 2000,
        extent: Extent::Full,
        blob_id: Some(blob_id),
        received_at: NOW,
        attempts: 1,
        outcome: None,
        dispose_at: None,
    };
    Ok(store::inbox::insert(tx, &new, NOW).await?.expect("it is new"))
}

async fn ticket(tx: &mut Tx, queue_id: QueueId, (user, number): (&User, i64)) -> Result<Ticket, sqlx::Error> {
    let uuid = format!("00000000-0000-4000-8000-{number:012}");
    let new = NewTicket {
        uuid: &uuid,
        queue_id,
        type_id: None,
        subject: "Printer prints twice",
        submitter_id: Some(user.id),
        reply_to: None,
        owner_id: None,
        priority: Priority::NORMAL,
        due_at: None,
        escalate_at: None,
        follows: None,
        door: "mail",
        authentication: Authentication::Unknown,
        locale: None,
        customer_at: None,
        preview: "",
        created_at: NOW,
        clocks: &helpdeskd::ticket::targets::Clocks::default(),
    };
    store::tickets::insert(tx, &new, NOW).await
}

async fn followup(
    tx: &mut Tx,
    ticket: &Ticket,
    (user, inbox_id): (&User, InboxId),
    message_id: &str,
) -> Result<FollowupId, sqlx::Error> {
    let text = "The printer on the second floor prints every page twice.\n".repeat(20);
    let new = NewFollowup {
        writer: None,
        uuid: &ticket.uuid,
        ticket_id: ticket.id,
        author_id: Some(user.id),
        door: "mail",
        kind: EntryKind::Opened,
        visibility: Visibility::Public,
        text: &text,
        new_text: None,
        html: None,
        new_status: Some(ticket.status),
        inbox_id: Some(inbox_id),
        message_id: Some(message_id),
        authentication: None,
        created_at: NOW,
    };
    store::followups::insert(tx, &new).await
}

async fn acknowledgement(
    tx: &mut Tx,
    ticket: &Ticket,
    (email, followup_id): (&str, FollowupId),
    (message_id, number): (&str, i64),
) -> Result<(), sqlx::Error> {
    let content = "x".repeat(2500);
    let new = NewOutgoing {
        budget: "",
        cause: "",
        key: number,
        ticket_id: Some(ticket.id),
        followup_id: Some(followup_id),
        queue_id: ticket.queue_id,
        event: "acknowledgement",
        template: "newticket_submitter",
        recipient: email,
        recipient_key: email,
        recipient_domain: "domain.example",
        user_id: ticket.submitter_id,
        account: "default",
        envelope_from: "",
        message_id,
        content: &content,
        voice: "notice",
        held: None,
    };
    store::outbox::insert(tx, &new, NOW).await.map(drop)
}
