//! What keeps mail from going round: bounces, suppressions, ignore rules, storms, and the counts of the caps.

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::delivery::State;
use helpdeskd::store::bounces::Bounced;
use helpdeskd::store::db::Tx;
use helpdeskd::store::digest_lines::Line;
use helpdeskd::store::outbox::NewOutgoing;
use helpdeskd::store::outbox::traffic::Counted;
use helpdeskd::store::storms::Storm;
use helpdeskd::store::suppressions::Suppression;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::OutboxId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::RuleId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::call;

const TICKET: TicketId = TicketId(3);
const DAN: &str = "dan@customer.test";

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let mail = volume(tx, calls).await;
    bounces(tx, calls, mail).await;
    suppressions(tx, calls).await;
    rules(tx, calls).await;
    storms(tx, calls).await;
    assert!(call!(calls, followups::find_time(tx, FollowupId(1))).is_some());
    assert!(call!(calls, followups::find_time(tx, FollowupId(999))).is_none());
    assert!(call!(calls, followups::find_new_text(tx, FollowupId(1))).is_some());
    assert!(call!(calls, followups::find_new_text(tx, FollowupId(999))).is_none());
    assert!(call!(calls, followups::find_text(tx, FollowupId(1))).is_some());
    assert!(call!(calls, followups::find_text(tx, FollowupId(999))).is_none());
}

async fn volume(tx: &mut Tx, calls: &mut Calls) -> OutboxId {
    let new = |key, voice, held| NewOutgoing {
        key,
        ticket_id: Some(TICKET),
        followup_id: None,
        queue_id: QueueId(1),
        event: "commented",
        template: "updated_submitter",
        recipient: DAN,
        recipient_key: DAN,
        recipient_domain: "customer.test",
        user_id: None,
        account: "traffic",
        envelope_from: "",
        message_id: "m@desk.test",
        content: "{}",
        voice,
        budget: "proven",
        cause: "customer.test",
        held,
    };
    let counted = call!(calls, outbox::insert(tx, &new(901, "notice", None), NOW));
    call!(calls, outbox::insert(tx, &new(902, "agent", None), NOW));
    call!(calls, outbox::insert(tx, &new(903, "notice", Some("held back")), NOW));
    let since = [LATER, NOW, Timestamp(NOW.0 - 1), Timestamp(0), Timestamp(0)];
    let (recipient_key, ticket_id, cause) = (DAN, Some(TICKET), "customer.test");
    let about = Counted { recipient_key, ticket_id, budget: "", cause, most: 360 };
    let volume = call!(calls, outbox::traffic::volume(tx, &about, since, NOW));
    assert_eq!((volume.all_1, volume.all_2, volume.all_3, volume.all_5), (0, 0, 1, 1));
    assert_eq!((volume.ticket_2, volume.ticket_3), (0, 1));
    let other = call!(calls, outbox::traffic::volume(tx, &Counted { ticket_id: None, ..about }, since, NOW));
    assert_eq!((other.all_4, other.ticket_4), (1, 0));
    let owned = Counted { budget: "owned", ..about };
    let none = call!(calls, outbox::traffic::volume(tx, &owned, since, NOW));
    assert_eq!((none.all_4, none.ticket_4), (0, 0), "another budget");
    digest(tx, calls, counted).await;
    assert!(call!(calls, outbox::traffic::newest_to(tx, DAN, NOW)).is_none(), "nothing was sent yet");
    let settlement = helpdeskd::store::outbox::Settlement {
        state: State::Sent,
        due_at: NOW,
        unclear: 0,
        relay_id: Some("dan@relay.test"),
        answer: "ok",
        warned_at: None,
        settled_at: Some(NOW),
    };
    assert!(call!(calls, outbox::settle(tx, counted, 0, &settlement)));
    assert_eq!(call!(calls, outbox::traffic::newest_to(tx, DAN, NOW)).map(|row| row.id), Some(counted));
    assert!(call!(calls, outbox::traffic::newest_to(tx, DAN, LATER)).is_none());
    let relayed = call!(calls, outbox::traffic::find_by_relay_id(tx, "dan@relay.test"));
    assert_eq!(relayed.map(|row| row.id), Some(counted));
    assert!(call!(calls, outbox::traffic::find_by_relay_id(tx, "eve@relay.test")).is_none());
    assert_eq!(call!(calls, events::count_reopenings(tx, TicketId(999), true, NOW)), 0);
    counted
}

async fn digest(tx: &mut Tx, calls: &mut Calls, outbox_id: OutboxId) {
    let line = Line {
        outbox_id,
        recipient_key: DAN.to_owned(),
        recipient: DAN.to_owned(),
        user_id: None,
        ticket_id: TICKET,
        queue_id: QueueId(1),
        event: "opened".to_owned(),
        budget: "unproven".to_owned(),
    };
    call!(calls, digest_lines::insert(tx, &line));
    assert_eq!(call!(calls, digest_lines::list_recipients(tx)), [DAN]);
    assert_eq!(call!(calls, digest_lines::take(tx, DAN)), [line]);
    assert_eq!(call!(calls, digest_lines::take(tx, DAN)), []);
}

async fn bounces(tx: &mut Tx, calls: &mut Calls, outbox_id: OutboxId) {
    let delayed = Bounced {
        outbox_id,
        recipient_key: DAN.to_owned(),
        action: "delayed".to_owned(),
        kind: "transient".to_owned(),
        status: "4.4.1".to_owned(),
        answer: "no answer".to_owned(),
        counts_at: None,
        inbox_id: Some(InboxId(1)),
        at: NOW,
    };
    assert!(call!(calls, bounces::insert(tx, &delayed)));
    assert!(!call!(calls, bounces::insert(tx, &delayed)), "it is known");
    let failed =
        Bounced { action: "failed".to_owned(), kind: "policy".to_owned(), counts_at: Some(NOW), ..delayed };
    assert!(call!(calls, bounces::insert(tx, &failed)), "a delay ends");
    assert!(!call!(calls, bounces::insert(tx, &failed)));
    assert_eq!(call!(calls, bounces::count_recent(tx, DAN, NOW)), 1);
    assert_eq!(call!(calls, bounces::count_recent(tx, DAN, LATER)), 0);
    call!(calls, bounces::forgive(tx, DAN));
    assert_eq!(call!(calls, bounces::count_recent(tx, DAN, NOW)), 0);
    assert_eq!(call!(calls, bounces::list_of_ticket(tx, TICKET)).len(), 1);
}

async fn suppressions(tx: &mut Tx, calls: &mut Calls) {
    let new = |reason: &str, expires_at| Suppression {
        address_key: DAN.to_owned(),
        address: DAN.to_owned(),
        reason: reason.to_owned(),
        detail: "no such user".to_owned(),
        created_at: NOW,
        expires_at,
    };
    call!(calls, suppressions::upsert(tx, &new("address", Some(LATER))));
    assert!(call!(calls, suppressions::find(tx, DAN, NOW)).is_some());
    assert!(call!(calls, suppressions::find(tx, DAN, LATER)).is_none(), "its time is over");
    assert!(call!(calls, suppressions::find(tx, "eve@customer.test", NOW)).is_none());
    call!(calls, suppressions::upsert(tx, &new("manual", None)));
    call!(calls, suppressions::upsert(tx, &new("policy", Some(LATER))));
    let kept = call!(calls, suppressions::find(tx, DAN, MUCH_LATER)).expect("it is there");
    assert_eq!(kept.reason, "manual", "a person's word stays");
    assert!(!call!(calls, suppressions::lift(tx, DAN)));
    assert_eq!(call!(calls, suppressions::list(tx, "", NOW, 10)).len(), 1);
    assert_eq!(call!(calls, suppressions::list(tx, DAN, NOW, 10)).len(), 0);
    assert!(call!(calls, suppressions::delete(tx, DAN)));
    assert!(!call!(calls, suppressions::delete(tx, DAN)));
    call!(calls, suppressions::upsert(tx, &new("policy", Some(LATER))));
    assert!(call!(calls, suppressions::lift(tx, DAN)));
}

async fn rules(tx: &mut Tx, calls: &mut Calls) {
    let all = call!(calls, ignore_rules::insert(tx, None, "*@spam.test", "delete", NOW));
    let one = call!(calls, ignore_rules::insert(tx, Some(QueueId(1)), "a@b.test", "keep", NOW));
    assert_eq!(call!(calls, ignore_rules::list(tx)).len(), 2);
    assert!(call!(calls, ignore_rules::delete(tx, all)));
    assert!(call!(calls, ignore_rules::delete(tx, one)));
    assert!(!call!(calls, ignore_rules::delete(tx, RuleId(999))));
}

async fn storms(tx: &mut Tx, calls: &mut Calls) {
    let storm = |subject: &[u8], folded| Storm {
        queue_id: QueueId(1),
        sender_key: DAN.to_owned(),
        subject_key: subject.to_vec(),
        ticket_id: Some(TICKET),
        arrivals: "1,2,3".to_owned(),
        folded,
        changed_at: NOW,
    };
    call!(calls, storms::upsert(tx, &storm(b"one", 0)));
    call!(calls, storms::upsert(tx, &storm(b"one", 2)));
    call!(calls, storms::upsert(tx, &storm(b"two", 0)));
    let found = call!(calls, storms::find(tx, QueueId(1), DAN, b"one")).expect("it is there");
    assert_eq!((found.folded, found.arrivals.as_str()), (2, "1,2,3"));
    assert!(call!(calls, storms::find(tx, QueueId(1), DAN, b"three")).is_none());
    assert_eq!(call!(calls, storms::folded(tx, TICKET)), 2);
    assert_eq!(call!(calls, storms::folded(tx, TicketId(999))), 0);
    let opened = call!(calls, storms::opened(tx, QueueId(1), UserId(1), 10));
    assert!(opened.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest first");
}
