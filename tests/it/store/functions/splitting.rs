//! What a split, a forward and the morning read and write.

use helpdeskd::store::db::Tx;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::store::message_ids::KnownMessage;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::OutboxBodyId;
use helpdeskd::ticket::id::OutboxId;

use super::Calls;
use super::LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let (old, new) = (ticket(tx, calls, "uuid-s1", &ann).await, ticket(tx, calls, "uuid-s2", &ann).await);
    let entry = NewFollowup {
        uuid: "uuid-s3",
        ticket_id: old.id,
        author_id: Some(ann.id),
        door: "mail",
        kind: EntryKind::Opened,
        visibility: Visibility::Public,
        text: "It burns.",
        new_text: None,
        html: None,
        new_status: None,
        inbox_id: Some(InboxId(4711)),
        message_id: Some("s@b"),
        created_at: NOW,
        authentication: Some(Authentication::Pass),
        writer: None,
    };
    let id = call!(calls, followups::insert(tx, &entry));
    assert_eq!(call!(calls, followups::splitting::list_of_mail(tx, old.id, InboxId(4711))), [id]);
    assert_eq!(call!(calls, followups::splitting::list_openings(tx, old.id)), [id]);
    let before = helpdeskd::ticket::id::FollowupId(i64::MAX);
    assert_eq!(call!(calls, followups::forwards::find_usual(tx, old.id, before)), Some(id));
    assert_eq!(call!(calls, followups::forwards::find_usual(tx, old.id, id)), None);
    assert!(!call!(calls, outbox::traffic::was_forwarded(tx, old.id, "mick@mechanic.test")));
    let words = call!(calls, followups::splitting::list_words(tx, old.id));
    assert!(words[0].by_customer && words[0].begins, "{words:?}");
    let known = KnownMessage { ticket_id: old.id, author_key: "ann@x".to_owned(), content_digest: vec![1] };
    for name in ["s@b", "aa@dkim-signature.invalid"] {
        call!(calls, message_ids::insert(tx, name, &known, NOW));
    }
    call!(calls, message_ids::move_one(tx, old.id, new.id, "s@b", Some(&[2])));
    assert_eq!(call!(calls, message_ids::list_of_ticket(tx, new.id)).len(), 0, "it says something else");
    call!(calls, message_ids::move_one(tx, old.id, new.id, "s@b", Some(&[1])));
    assert_eq!(call!(calls, message_ids::list_of_ticket(tx, new.id)).len(), 2, "its signature, too");
    call!(calls, followups::splitting::move_to(tx, id, new.id, EntryKind::Comment));
    assert_eq!(call!(calls, followups::list(tx, new.id)).len(), 1);
    call!(calls, inbox::splitting::find_mark(tx, InboxId(1)));
    call!(calls, inbox::splitting::move_to(tx, InboxId(0), new.id));
    call!(calls, outbox::splitting::list_of_entry(tx, old.id, id));
    call!(calls, outbox::splitting::move_to(tx, OutboxId(0), new.id));
    call!(calls, written_mails::add(tx, new.id, 1));
    assert_eq!(call!(calls, tickets::splitting::list_with_merged(tx, new.id)), [new.id]);
    call!(calls, digest_lines::repoint(tx, OutboxId(0), new.id));
    call!(calls, outbox_bodies::repoint(tx, OutboxBodyId(0), new.id));
    assert!(call!(calls, morning_digests::insert(tx, ann.id, NOW)));
    assert!(!call!(calls, morning_digests::insert(tx, ann.id, NOW)));
    assert_eq!(call!(calls, morning_digests::list_due(tx, LATER, LATER)), [ann.id]);
    assert!(call!(calls, morning_digests::claim(tx, ann.id, LATER, LATER, LATER)));
    assert!(!call!(calls, morning_digests::claim(tx, ann.id, LATER, LATER, LATER)), "once");
    assert!(call!(calls, morning_digests::delete(tx, ann.id)));
    call!(calls, tickets::mornings::list_open_of(tx, ann.id, 9));
    call!(calls, tickets::mornings::list_waiting_longest(tx, 9));
    call!(calls, tickets::mornings::list_waking_before(tx, LATER, 9));
    call!(calls, drafts::list_of_agent(tx, ann.id, 9));
    assert!(call!(calls, tickets::delete(tx, old.id)));
    assert!(call!(calls, tickets::delete(tx, new.id)));
}
