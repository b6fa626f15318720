//! What the erasure of a person reads and writes.

use helpdeskd::store::db::Tx;
use helpdeskd::store::erasures::Erasure;
use helpdeskd::store::tickets::erasing::TicketText;
use helpdeskd::ticket::id::DraftId;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::OutboxBodyId;
use helpdeskd::ticket::id::OutboxId;
use helpdeskd::ticket::id::RequestId;
use helpdeskd::ticket::id::ShareId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::traces::Stage;

use super::Calls;
use super::LATER;
use super::NOW;
use super::call;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann =
        call!(calls, users::insert_customer(tx, "erased@customer.test", "Era", None, NOW)).expect("new");
    let new = Erasure {
        user_id: ann.id,
        stage: Stage::Tickets,
        cursor: 0,
        words: "{}".to_owned(),
        actor_id: None,
        started_at: NOW,
        ended_at: None,
    };
    call!(calls, erasures::insert(tx, &new));
    call!(calls, erasures::insert(tx, &new));
    call!(calls, erasures::update(tx, &Erasure { stage: Stage::Rest, cursor: 7, ..new }));
    let kept = call!(calls, erasures::lock(tx, ann.id)).expect("it was begun");
    assert_eq!((kept.stage, kept.cursor), (Stage::Rest, 7));
    call!(calls, erasures::list_tickets(tx, (ann.id, "erased@customer.test"), TicketId(0), 5));
    entries(tx, calls).await;
    mails(tx, calls).await;
    call!(calls, partner_outbox::list_of_share(tx, ShareId(1)));
    call!(calls, partner_outbox::rewrite(tx, RequestId(0), "{}", None));
    call!(calls, shared_actors::delete_of_user(tx, ann.id));
    call!(calls, storms::delete_of_sender(tx, "erased@customer.test"));
    call!(calls, login_failures::delete(tx, "erased"));
    call!(calls, login_origins::delete(tx, "erased"));
    call!(calls, idempotency_keys::delete_since(tx, LATER));
    let into = helpdeskd::ticket::id::UserId(1);
    call!(calls, tickets::merging::repoint_person(tx, ann.id, into, Some("erased@customer.test")));
    call!(calls, followups::merging::repoint_person(tx, ann.id, into));
    call!(calls, ticket_ccs::repoint_person(tx, ann.id, into, None));
    call!(calls, ratings::repoint_person(tx, ann.id, into));
    call!(calls, drafts::repoint_person(tx, ann.id, into));
    call!(calls, outbox::merging::repoint_person(tx, ann.id, into));
    call!(calls, digest_lines::repoint_person(tx, ann.id, into));
    call!(calls, shared_actors::repoint_person(tx, ann.id, into));
    call!(calls, users::merge(tx, ann.id, into, LATER));
    assert_eq!(call!(calls, users::list_merged(tx, into)).len(), 1);
    call!(calls, ticket_ccs::delete_of_user(tx, ann.id));
    call!(calls, user_addresses::delete_of_user(tx, ann.id));
    call!(calls, users::erase(tx, ann.id, "[erased]", LATER));
    let gone = call!(calls, users::find(tx, ann.id)).expect("the row stays");
    assert_eq!((gone.email, gone.name.as_str(), gone.disabled_at), (None, "[erased]", Some(LATER)));
}

async fn entries(tx: &mut Tx, calls: &mut Calls) {
    let all = call!(calls, followups::erasing::list_after(tx, FollowupId(0), 1));
    let mut first = all.into_iter().next().expect("there are entries");
    "[erased]".clone_into(&mut first.text);
    call!(calls, followups::erasing::rewrite(tx, &first));
    assert_eq!(call!(calls, followups::find(tx, first.id)).expect("it is there").text, "[erased]");
    call!(calls, attachments::rename_of_followup(tx, first.id, "a.txt", "b.txt"));
    call!(calls, attachments::delete_of_followup(tx, FollowupId(0)));
    call!(calls, attachment_links::delete_of_followup(tx, FollowupId(0)));
    call!(calls, partner_files::delete_of_followup(tx, FollowupId(0)));
    let tickets = call!(calls, tickets::erasing::list_after(tx, TicketId(0), 1));
    let words = TicketText {
        subject: "[erased]".to_owned(),
        preview: String::new(),
        resolution: None,
        reply_to: None,
    };
    call!(calls, tickets::erasing::rewrite(tx, tickets[0].id, &words));
    let events = call!(calls, events::erasing::list_after(tx, 0, 1));
    call!(calls, events::erasing::rewrite(tx, &events[0]));
    call!(calls, events::erasing::blank_subjects(tx, tickets[0].id));
    call!(calls, events::erasing::blank_person(tx, helpdeskd::ticket::id::UserId(1)));
    call!(calls, drafts::rewrite(tx, DraftId(0), "[erased]"));
}

async fn mails(tx: &mut Tx, calls: &mut Calls) {
    let received = call!(calls, inbox::erasing::list_after(tx, InboxId(0), 1));
    call!(calls, inbox::erasing::forget(tx, received[0].id, Some("erased:1")));
    call!(calls, inbox::erasing::list_of_ticket(tx, TicketId(1)));
    call!(calls, tombstones::insert_one(tx, &received[0].digest, TicketId(1), None, NOW));
    call!(calls, blobs::delete_unnamed(tx, helpdeskd::ticket::id::BlobId(0)));
    let sent = call!(calls, outbox::erasing::list_after(tx, OutboxId(0), 1));
    call!(calls, outbox::erasing::rewrite(tx, sent[0].id, &sent[0].content, None));
    call!(calls, outbox::erasing::delete(tx, OutboxId(0), NOW));
    call!(calls, outbox_bodies::list_of_ticket(tx, TicketId(1)));
    call!(calls, outbox_bodies::list_after(tx, OutboxBodyId(0), 1));
    call!(calls, outbox_bodies::rewrite(tx, OutboxBodyId(0), "", ""));
    for mail in call!(calls, message_ids::list_of_ticket(tx, TicketId(1))) {
        call!(calls, message_ids::erase(tx, &mail));
        let found = call!(calls, message_ids::find(tx, &mail.message_id));
        assert!(found.iter().any(|known| known.is_by(&mail.message_id, &mail.author_key)));
    }
}
