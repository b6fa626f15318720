//! Mailboxes, what came out of them, and what became of it.

use helpdeskd::mail::journal::Became;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store::db::Tx;
use helpdeskd::store::gaps::Gap;
use helpdeskd::store::inbox::NewReceived;
use helpdeskd::store::inbox::Outcome;
use helpdeskd::store::mailboxes::Mailbox;
use helpdeskd::store::message_ids::KnownMessage;
use helpdeskd::store::probes::Probe;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::MailboxId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::TicketId;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let mailbox = call!(calls, mailboxes::upsert(tx, QueueId(1), "ann@host/INBOX", NOW));
    assert_eq!(call!(calls, mailboxes::upsert(tx, QueueId(1), "ann@host/INBOX", LATER)).id, mailbox.id);
    leases(tx, calls, &mailbox).await;
    health(tx, calls, &mailbox).await;
    probes(tx, calls).await;
    gaps(tx, calls, mailbox.id).await;
    claims(tx, calls, mailbox.id).await;
    outcomes(tx, calls, mailbox.id).await;
    message_ids(tx, calls).await;
}

async fn leases(tx: &mut Tx, calls: &mut Calls, mailbox: &Mailbox) {
    let id = mailbox.id;
    assert!(call!(calls, mailboxes::lease(tx, id, "one", NOW, LATER)));
    assert!(call!(calls, mailboxes::lease(tx, id, "one", NOW, LATER)), "it keeps what it has");
    assert!(!call!(calls, mailboxes::lease(tx, id, "two", NOW, LATER)));
    assert!(call!(calls, mailboxes::advance(tx, id, "one", 7)));
    assert!(!call!(calls, mailboxes::advance(tx, id, "two", 8)));
    assert!(call!(calls, mailboxes::lease(tx, id, "two", MUCH_LATER, MUCH_LATER)), "it ran out");
    call!(calls, mailboxes::release(tx, id, "one"));
    let again = call!(calls, mailboxes::lease(tx, id, "one", MUCH_LATER, MUCH_LATER));
    assert!(!again, "only its holder lets go");
    call!(calls, mailboxes::release(tx, id, "two"));
    assert!(call!(calls, mailboxes::lease(tx, id, "three", NOW, LATER)));
    call!(calls, mailboxes::release_all(tx));
    assert!(call!(calls, mailboxes::find(tx, id)).expect("it is there").lease_by.is_none());
}

async fn health(tx: &mut Tx, calls: &mut Calls, mailbox: &Mailbox) {
    let mut anew = mailbox.clone();
    anew.uid_validity = Some(4_294_967_295);
    anew.not_before = Some(NOW);
    anew.rescans = 1;
    call!(calls, mailboxes::restart(tx, &anew));
    call!(calls, mailboxes::retire(tx, mailbox.id));
    assert_eq!(call!(calls, mailboxes::find(tx, mailbox.id)).expect("it is there").uid_validity, None);
    call!(calls, mailboxes::restart(tx, &anew));
    assert_eq!(
        call!(calls, mailboxes::find(tx, mailbox.id)).expect("it is there").uid_validity,
        anew.uid_validity
    );
    assert!(call!(calls, mailboxes::find(tx, MailboxId(99))).is_none());
    call!(calls, mailboxes::mark_failing(tx, mailbox.id, "no route", NOW));
    call!(calls, mailboxes::mark_failing(tx, mailbox.id, "still no route", LATER));
    assert_eq!(call!(calls, mailboxes::count_failing(tx)), 1);
    assert_eq!(call!(calls, mailboxes::list(tx))[0].failing_since, Some(NOW), "since the first time");
    call!(calls, mailboxes::mark_healthy(tx, mailbox.id, "IDLE MOVE", LATER));
    assert_eq!(call!(calls, mailboxes::count_failing(tx)), 0);
}

async fn gaps(tx: &mut Tx, calls: &mut Calls, mailbox_id: MailboxId) {
    let gap = Gap {
        mailbox_id,
        uid_validity: 1,
        uid: 5,
        reason: "no answer".to_owned(),
        attempts: 1,
        due_at: LATER,
        created_at: NOW,
    };
    call!(calls, gaps::upsert(tx, &gap));
    call!(calls, gaps::upsert(tx, &gap));
    call!(calls, gaps::explain(tx, &gap, "the mail server refused"));
    call!(calls, gaps::wake(tx, mailbox_id, NOW));
    let noted = call!(calls, gaps::list(tx, mailbox_id)).remove(0);
    assert_eq!((noted.attempts, noted.reason.as_str(), noted.due_at), (2, "the mail server refused", NOW));
    call!(calls, gaps::repoint(tx, mailbox_id, mailbox_id));
    call!(calls, gaps::delete(tx, mailbox_id, 1, 5));
    assert_eq!(call!(calls, gaps::list(tx, mailbox_id)).len(), 0);
}

fn received(mailbox_id: Option<MailboxId>, uid: Option<i64>) -> NewReceived<'static> {
    NewReceived {
        queue_id: QueueId(1),
        mailbox_id,
        uid_validity: uid.map(|_| 1),
        uid,
        door: "imap",
        digest: b"digest",
        size: 10,
        extent: Extent::Headers,
        blob_id: None,
        received_at: NOW,
        attempts: 0,
        outcome: None,
        dispose_at: None,
    }
}

async fn claims(tx: &mut Tx, calls: &mut Calls, id: MailboxId) {
    for uid in [1, 2, 3] {
        assert!(call!(calls, inbox::insert(tx, &received(Some(id), Some(uid)), NOW)).is_some());
    }
    assert!(call!(calls, inbox::insert(tx, &received(Some(id), Some(2)), NOW)).is_none(), "once");
    let ingested = call!(calls, inbox::insert(tx, &received(None, None), NOW)).expect("it is recorded");
    assert!(call!(calls, inbox::insert(tx, &received(None, None), LATER)).is_some(), "it has no place");
    let new = call!(calls, inbox::claim_new(tx, id, 2));
    assert_eq!(new.iter().map(|row| row.uid).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let begun = call!(calls, inbox::claim_begun(tx, id)).expect("two were begun");
    assert_eq!((begun.uid, begun.attempts), (Some(1), 2));
    call!(calls, inbox::give_back(tx, begun.id, 1));
    call!(calls, inbox::give_back(tx, begun.id, 2));
    assert_eq!(call!(calls, inbox::claim_one(tx, begun.id)).expect("it is open").attempts, 2);
    assert!(call!(calls, inbox::claim_one(tx, InboxId(99))).is_none());
    assert!(call!(calls, inbox::claim_ingested(tx, NOW)).is_none(), "too young");
    assert_eq!(call!(calls, inbox::claim_ingested(tx, LATER)).expect("it is old").id, ingested);
    assert_eq!(call!(calls, inbox::list_unfinished(tx, id)).len(), 3);
    assert_eq!(call!(calls, inbox::list_uids(tx, id, 1)), [1, 2, 3]);
    assert_eq!(call!(calls, inbox::list_headers_only(tx, id, 1)), [1, 2, 3]);
    assert!(call!(calls, inbox::find_by_uid(tx, id, 1, 3)).is_some());
    assert!(call!(calls, inbox::find_by_uid(tx, id, 2, 3)).is_none());
    let blob_id = Some(call!(calls, blobs::insert(tx, b"digest", b"raw", NOW)));
    let whole = NewReceived { blob_id, ..received(Some(id), Some(4)) };
    assert!(call!(calls, inbox::insert(tx, &whole, NOW)).is_some());
    assert!(call!(calls, inbox::seen_before(tx, id, 2, b"digest")));
    assert!(!call!(calls, inbox::seen_before(tx, id, 1, b"digest")));
    call!(calls, inbox::upkeep::repoint_mailbox(tx, id, id));
}

async fn outcomes(tx: &mut Tx, calls: &mut Calls, mailbox: MailboxId) {
    let ann = ann(tx).await;
    let ticket = ticket(tx, calls, "uuid-5", &ann).await;
    let outcome = |word, dispose_at| Outcome {
        outcome: word,
        reason: Some("why"),
        trace: "[]",
        class: "human",
        authentication: Found(Some(Authentication::Unknown)),
        message_id: Some("a@b"),
        content_digest: b"content",
        ticket_id: Some(ticket.id),
        dispose_at,
    };
    let (first, second) = (InboxId(1), InboxId(2));
    assert!(call!(calls, inbox::finish(tx, first, 2, &outcome(Became::Suspended, Some(NOW)), NOW)));
    assert!(
        !call!(calls, inbox::finish(tx, first, 2, &outcome(Became::Ticket, None), NOW)),
        "an outcome is written once"
    );
    assert!(
        !call!(calls, inbox::finish(tx, second, 7, &outcome(Became::Ticket, None), NOW)),
        "not by a former attempt"
    );
    assert_eq!(call!(calls, inbox::list_by_message_id(tx, "a@b")).len(), 1);
    assert_eq!(call!(calls, inbox::list_disposals(tx, mailbox, LATER)).len(), 1);
    call!(calls, inbox::postpone_disposal(tx, mailbox, (LATER, first), MUCH_LATER));
    assert_eq!(call!(calls, inbox::list_disposals(tx, mailbox, LATER)).len(), 0);
    call!(calls, inbox::disposed(tx, mailbox, MUCH_LATER, first));
    assert_eq!(call!(calls, inbox::list_disposals(tx, mailbox, MUCH_LATER)).len(), 0);
    assert_eq!(call!(calls, inbox::list_waiting(tx, Became::Suspended, NOW, 10)).len(), 1);
    assert_eq!(call!(calls, inbox::list_waiting(tx, Became::Suspended, LATER, 10)).len(), 0);
    assert_eq!(call!(calls, inbox::list_waiting(tx, Became::Quarantined, NOW, 10)).len(), 0);
    let waiting = call!(calls, inbox::upkeep::count_waiting(tx, Became::Suspended, NOW, LATER));
    assert_eq!((waiting.len(), waiting[0].count, waiting[0].fresh), (1, 1, 0));
    assert_eq!(call!(calls, inbox::upkeep::expire_raw(tx, NOW, 10)), 0, "nothing is so old");
    call!(calls, inbox::repoint(tx, ticket.id, TicketId(1)));
    call!(calls, tombstones::insert(tx, TicketId(1), Some(ann.id), NOW));
    call!(calls, tombstones::insert(tx, TicketId(1), None, LATER));
    assert!(call!(calls, tombstones::exists(tx, b"digest")));
    assert!(!call!(calls, tombstones::exists(tx, b"other")));
    assert!(!call!(calls, inbox::has_had(tx, QueueId(1), "nobody@has.it")));
    assert_eq!(call!(calls, inbox::upkeep::suspend_ticket(tx, TicketId(987_654), "spam")), []);
    assert!(!call!(calls, followups::conversations::is_answered(tx, TicketId(987_654))));
    call!(calls, inbox::forget_ticket(tx, TicketId(1)));
    assert!(call!(calls, inbox::find(tx, first)).expect("it is there").message_id.is_none());
    assert!(call!(calls, inbox::reopen(tx, first, Became::Suspended, "released")));
    assert!(!call!(calls, inbox::reopen(tx, first, Became::Suspended, "released")), "once");
    let again = call!(calls, inbox::claim_one(tx, first)).expect("it is open again");
    assert!(call!(
        calls,
        inbox::finish(tx, first, again.attempts, &outcome(Became::Quarantined, None), LATER)
    ));
    assert!(!call!(calls, inbox::discard(tx, first, Became::Suspended, LATER)));
    assert!(call!(calls, inbox::discard(tx, first, Became::Quarantined, LATER)));
    assert_eq!(call!(calls, inbox::find(tx, first)).expect("it is there").outcome, Some(Became::Deleted));
}

async fn message_ids(tx: &mut Tx, calls: &mut Calls) {
    let (first, other) = (TicketId(1), TicketId(3));
    let known = |digest: &[u8]| KnownMessage {
        ticket_id: first,
        author_key: "ann@customer.test".to_owned(),
        content_digest: digest.to_vec(),
    };
    call!(calls, message_ids::insert(tx, "a@b", &known(b"one"), NOW));
    call!(calls, message_ids::insert(tx, "a@b", &known(b"two"), NOW));
    call!(calls, message_ids::insert(tx, "c@d", &known(b"three"), NOW));
    assert_eq!(call!(calls, message_ids::find(tx, "a@b")).len(), 2);
    assert_eq!(call!(calls, message_ids::find(tx, "A@b")).len(), 0, "ids have a case");
    call!(calls, message_ids::repoint(tx, first, other));
    let moved = call!(calls, message_ids::find(tx, "a@b"));
    assert!(moved.iter().all(|known| known.ticket_id == other));
}

async fn probes(tx: &mut Tx, calls: &mut Calls) {
    let probe = Probe {
        queue_id: QueueId(1),
        address: "support@desk.test".to_owned(),
        mailbox: "ann@host/INBOX".to_owned(),
        account: "default".to_owned(),
        plus_addresses: "lost".to_owned(),
        message_ids: "kept".to_owned(),
        authserv_id: None,
        probed_at: NOW,
    };
    call!(calls, probes::upsert(tx, &probe));
    let newer = Probe {
        plus_addresses: "arrive".to_owned(),
        authserv_id: Some("mx.desk.test".to_owned()),
        probed_at: LATER,
        ..probe
    };
    call!(calls, probes::upsert(tx, &newer));
    assert_eq!(call!(calls, probes::list(tx)), [newer], "the newest one counts");
    call!(calls, queues::touch(tx));
}
