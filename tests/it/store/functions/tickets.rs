//! Tickets, their conversation and what hangs on it.

use helpdeskd::mail::Address;
use helpdeskd::store::attachments::Attachment;
use helpdeskd::store::blobs;
use helpdeskd::store::db::Tx;
use helpdeskd::store::events::Logged;
use helpdeskd::store::followups::Most;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Disposition;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::BlobId;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::person::User;
use helpdeskd::ticket::status::Status;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let first = ticket(tx, calls, "uuid-1", &ann).await;
    let second = ticket(tx, calls, "uuid-2", &ann).await;
    rows(tx, calls, &first).await;
    let entry = conversation(tx, calls, (&first, &second), &ann).await;
    bytes(tx, calls, entry).await;
    company(tx, calls, (&first, &second), &ann).await;
    assert!(call!(calls, tickets::delete(tx, second.id)));
    assert!(!call!(calls, tickets::delete(tx, second.id)));
}

async fn rows(tx: &mut Tx, calls: &mut Calls, first: &Ticket) {
    let mut found = call!(calls, tickets::find(tx, first.id)).expect("it is there");
    assert!(call!(calls, tickets::find(tx, TicketId(99))).is_none());
    found.resolve(Some("Water"), LATER);
    assert!(call!(calls, tickets::update(tx, &found, LATER)));
    assert!(!call!(calls, tickets::update(tx, &found, LATER)), "the copy is stale");
    let locked = call!(calls, tickets::lock(tx, first.id)).expect("it is there");
    assert_eq!((locked.version, locked.status), (2, Status::Resolved));
    assert_eq!(call!(calls, tickets::list(tx, TicketId(i64::MAX), 10)).len(), 2);
    assert_eq!(call!(calls, tickets::list(tx, TicketId(i64::MAX), 1)).len(), 1);
    let ann = first.submitter_id.expect("it is Ann's");
    assert!(!call!(calls, tickets::is_survivor_of(tx, first.id, ann)), "nothing was merged into it");
}

async fn conversation(
    tx: &mut Tx,
    calls: &mut Calls,
    (first, second): (&Ticket, &Ticket),
    ann: &User,
) -> FollowupId {
    let entry = |uuid, author_id, visibility| NewFollowup {
        uuid,
        ticket_id: first.id,
        author_id,
        door: "mail",
        kind: EntryKind::Comment,
        visibility,
        text: "It burns.\n> Does it?",
        new_text: Some("It burns."),
        html: Some("<p>It burns.</p>"),
        new_status: Some(Status::Reopened),
        inbox_id: None,
        message_id: Some("a@b"),
        created_at: NOW,
        authentication: Some(Authentication::Pass),
        writer: None,
    };
    let id = call!(calls, followups::insert(tx, &entry("uuid-3", Some(ann.id), Visibility::Public)));
    let private = call!(calls, followups::insert(tx, &entry("uuid-4", None, Visibility::Private)));
    assert_eq!(call!(calls, followups::find_author(tx, id)), Some(ann.id));
    assert!(call!(calls, followups::find_opening_text(tx, TicketId(999))).is_none());
    assert_eq!(call!(calls, followups::find_author(tx, private)), None);
    assert_eq!(call!(calls, followups::find_author(tx, FollowupId(99))), None);
    assert_eq!(call!(calls, followups::list(tx, first.id)).len(), 2);
    let most = Most { entries: 10, characters: 4 };
    assert_eq!(call!(calls, followups::list_public_beginnings(tx, first.id, FollowupId(99), most)).len(), 1);
    assert_eq!(call!(calls, followups::list_beginnings(tx, first.id, most)).len(), 2);
    let newest = call!(calls, followups::list_newest(tx, first.id, most, 7));
    assert_eq!(newest.len(), 1, "two of four characters are more than seven");
    assert_eq!((newest[0].visibility.as_str(), newest[0].text.as_str()), ("private", "It b"));
    assert_eq!(call!(calls, followups::list_newest(tx, first.id, most, 8)).len(), 2);
    let begins = call!(calls, followups::list_public_beginnings(tx, first.id, FollowupId(99), most));
    assert!(begins[0].text.chars().count() <= 4, "{}", begins[0].text);
    assert_eq!(call!(calls, followups::list_public_beginnings(tx, first.id, id, most)).len(), 0);
    assert_eq!(call!(calls, followups::list_outsiders_message_ids(tx, first.id, 9)), ["a@b"]);
    let bob = Address { name: Some("Bob".to_owned()), address: "bob@other.test".to_owned() };
    let mail = NewFollowup {
        kind: EntryKind::External,
        writer: Some(&bob),
        ..entry("uuid-5", None, Visibility::Private)
    };
    call!(calls, users::list_answerers(tx, first.id));
    let external = call!(calls, followups::insert(tx, &mail));
    assert_eq!(call!(calls, followups::list_external(tx, first.id))[0].writer_address, bob.address);
    call!(calls, followups::accept(tx, external, ann.id, None));
    assert_eq!(call!(calls, followups::list_external(tx, first.id)).len(), 0);
    call!(calls, followups::publish(tx, private));
    assert_eq!(call!(calls, followups::list_public_beginnings(tx, first.id, FollowupId(99), most)).len(), 3);
    assert_eq!(call!(calls, followups::list_outsiders_message_ids(tx, first.id, 9)).len(), 2);
    call!(calls, followups::repoint(tx, first.id, second.id));
    assert_eq!(call!(calls, followups::list(tx, second.id)).len(), 3);
    call!(calls, followups::repoint(tx, second.id, first.id));
    id
}

async fn bytes(tx: &mut Tx, calls: &mut Calls, entry: FollowupId) {
    let large: Vec<u8> = (0..blobs::CHUNK + 3).map(|n| u8::try_from(n % 251).expect("it is small")).collect();
    let digest = blobs::digest(&large);
    let id = call!(calls, blobs::insert(tx, &digest, &large, NOW));
    assert_eq!(call!(calls, blobs::insert(tx, &digest, &large, NOW)), id, "equal bytes are kept once");
    assert_eq!(call!(calls, blobs::find(tx, &digest)), Some(id));
    assert_eq!(call!(calls, blobs::find(tx, b"other")), None);
    assert_eq!(call!(calls, blobs::size(tx, id)), Some(i64::try_from(large.len()).expect("it is small")));
    assert!(call!(calls, blobs::read(tx, id)) == Some(large), "it comes back whole");
    assert_eq!(call!(calls, blobs::read_chunk(tx, id, 1)).map(|chunk| chunk.len()), Some(3));
    assert_eq!(call!(calls, blobs::read_chunk(tx, id, 2)), None);
    let alone = call!(calls, blobs::insert(tx, b"digest", b"twox", NOW));
    assert_eq!(call!(calls, blobs::read(tx, alone)).as_deref(), Some(&b"twox"[..]));
    let attachment = |blob_id| Attachment {
        followup_id: entry,
        blob_id,
        name: "fire.png".to_owned(),
        content_type: "image/png".to_owned(),
        content_id: Some("fire".to_owned()),
        disposition: Disposition::Inline,
        size: 4,
    };
    call!(calls, attachments::insert(tx, &attachment(Some(id))));
    call!(calls, attachments::insert(tx, &attachment(None)));
    assert_eq!(call!(calls, attachments::list_of_followup(tx, entry)).len(), 2);
    assert_eq!(call!(calls, attachments::list(tx, TicketId(1))).len(), 2);
    assert_eq!(call!(calls, blobs::newest_before(tx, NOW)), None, "too young");
    assert_eq!(call!(calls, blobs::newest_before(tx, MUCH_LATER)), Some(alone));
    assert_eq!(call!(calls, blobs::delete_unreferenced(tx, alone, BlobId(i64::MAX))), 0);
    assert_eq!(
        call!(calls, blobs::delete_unreferenced(tx, BlobId(0), alone)),
        1,
        "the one that nothing names"
    );
    assert_eq!(call!(calls, blobs::read(tx, alone)), None);
}

async fn company(tx: &mut Tx, calls: &mut Calls, (first, second): (&Ticket, &Ticket), ann: &User) {
    assert!(call!(calls, ticket_ccs::insert(tx, first.id, ann.id, NOW)));
    assert!(!call!(calls, ticket_ccs::insert(tx, first.id, ann.id, NOW)));
    call!(calls, ticket_ccs::copy(tx, first.id, second.id, LATER));
    assert_eq!(call!(calls, ticket_ccs::list_accepted(tx, second.id)).len(), 0);
    assert!(call!(calls, ticket_ccs::accept(tx, first.id, ann.id, NOW)));
    assert!(!call!(calls, ticket_ccs::accept(tx, first.id, ann.id, NOW)));
    call!(calls, ticket_ccs::copy(tx, first.id, second.id, LATER));
    assert_eq!(call!(calls, ticket_ccs::list_accepted(tx, second.id)).len(), 1);
    assert_eq!(call!(calls, ticket_ccs::list(tx, second.id)).len(), 1);
    assert!(call!(calls, ticket_ccs::delete(tx, first.id, ann.id)));
    assert!(!call!(calls, ticket_ccs::delete(tx, first.id, ann.id)));
    assert!(call!(calls, tags::insert(tx, first.id, "fire")));
    assert!(!call!(calls, tags::insert(tx, first.id, "fire")));
    assert!(call!(calls, tags::insert(tx, first.id, "Ärger")));
    assert_eq!(call!(calls, tags::list(tx, first.id)).len(), 2);
    assert_eq!(call!(calls, tags::list_of(tx, &[first.id, second.id])).len(), 2);
    assert!(call!(calls, tags::delete(tx, first.id, "fire")));
    assert!(!call!(calls, tags::delete(tx, first.id, "fire")));
    let seq = call!(calls, tickets::count_event(tx, first.id));
    assert_eq!(seq, Some(2), "its opening was the first");
    assert_eq!(call!(calls, tickets::count_event(tx, TicketId(99))), None);
    call!(calls, tickets::set_events(tx, first.id, 2));
    assert!(call!(calls, tickets::has_uuid(tx, &first.uuid)) && !call!(calls, tickets::has_uuid(tx, "none")));
    assert!(call!(calls, tickets::count_unclosed(tx, first.queue_id)) > 0);
    assert_eq!(call!(calls, tickets::list_unclosed(tx, first.queue_id, 1)).len(), 1);
    assert_eq!(call!(calls, events::list_held(tx, "held", NOW)).len(), 0);
    call!(calls, written_mails::add(tx, first.id, -1));
    call!(calls, tickets::list_open_of_owner(tx, ann.id, 5));
    call!(calls, tickets::forget_reply_to(tx, ann.id, "ann@home.test"));
    call!(calls, ticket_ccs::update_address(tx, first.id, ann.id, Some("ann@home.test")));
    call!(calls, ticket_ccs::forget_address(tx, ann.id, "ann@home.test"));
    let change = Logged {
        ticket_id: first.id,
        seq,
        kind: Kind::Status,
        entry_id: None,
        actor_id: Some(ann.id),
        token_id: None,
        door: "mail".to_owned(),
        field: "status".to_owned(),
        old: Some("open".to_owned()),
        new: None,
        at: NOW,
        user_id: Some(ann.id),
    };
    call!(calls, events::insert(tx, &change));
    assert_eq!(call!(calls, events::list_of_user(tx, ann.id)).len(), 1);
    call!(calls, events::blank(tx, first.id));
    assert!(call!(calls, events::list(tx, first.id))[0].old.is_none());
}
