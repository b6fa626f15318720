//! The outbox.

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::delivery::State;
use helpdeskd::store::db::Tx;
use helpdeskd::store::outbox;
use helpdeskd::store::outbox::NewOutgoing;
use helpdeskd::store::outbox::Settlement;
use helpdeskd::store::outbox::traffic::Acknowledged;
use helpdeskd::ticket::id::OutboxBodyId;
use helpdeskd::ticket::id::OutboxId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::TicketId;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::call;

const FIRST: TicketId = TicketId(1);

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let one = call!(calls, outbox::insert(tx, &mail(1, "ann@customer.test"), NOW));
    let two = call!(calls, outbox::insert(tx, &mail(2, "ann@customer.test"), NOW));
    let three = call!(calls, outbox::insert(tx, &mail(3, "bob@other.test"), NOW));
    claimed(tx, calls, (one, two, three)).await;
    settled(tx, calls, (one, two, three)).await;
    bodies(tx, calls).await;
    listed(tx, calls).await;
}

pub fn mail(key: i64, recipient: &'static str) -> NewOutgoing<'static> {
    NewOutgoing {
        key,
        ticket_id: Some(FIRST),
        followup_id: None,
        queue_id: QueueId(1),
        event: "acknowledgement",
        template: "newticket_submitter",
        recipient,
        recipient_key: recipient,
        recipient_domain: recipient.split_once('@').expect("it is an address").1,
        user_id: None,
        account: "default",
        envelope_from: "",
        message_id: "m@desk.test",
        content: "{}",
        voice: "notice",
        budget: "",
        cause: "",
        held: None,
    }
}

async fn claimed(tx: &mut Tx, calls: &mut Calls, (one, two, three): (OutboxId, OutboxId, OutboxId)) {
    let soon = Timestamp(NOW.0 + Timestamp::MINUTE);
    let first = call!(calls, outbox::claim(tx, "default", NOW, soon, 10));
    let ids: Vec<OutboxId> = first.iter().map(|row| row.id).collect();
    assert_eq!(ids, [one, three], "the second mail to Ann waits for the first");
    assert_eq!(call!(calls, outbox::claim(tx, "default", NOW, soon, 10)).len(), 0, "they are leased");
    assert_eq!(call!(calls, outbox::claim(tx, "other", NOW, soon, 10)).len(), 0);
    call!(calls, outbox::give_back(tx, three, 1, NOW));
    assert_eq!(call!(calls, outbox::claim(tx, "default", NOW, soon, 10))[0].attempts, 1);
    assert!(call!(calls, outbox::start_data(tx, one, 1, 0, NOW)));
    assert!(!call!(calls, outbox::start_data(tx, one, 2, 0, NOW)), "not another attempt's");
    outbox::LEASES.release_all(tx).await.expect("it is written");
    assert_eq!(call!(calls, outbox::claim(tx, "default", NOW, soon, 1))[0].id, one);
    let late = call!(calls, outbox::claim(tx, "default", MUCH_LATER, MUCH_LATER, 10));
    assert!(late.iter().any(|row| row.id == two), "after an hour the order is given up");
}

async fn bodies(tx: &mut Tx, calls: &mut Calls) {
    let id = call!(calls, outbox_bodies::insert(tx, FIRST, "Words.", "<p>Words.</p>"));
    let body = call!(calls, outbox_bodies::find(tx, id)).expect("it is there");
    assert_eq!((body.text.as_str(), body.html.as_str()), ("Words.", "<p>Words.</p>"));
    assert!(call!(calls, outbox_bodies::find(tx, OutboxBodyId(99))).is_none());
}

async fn settled(tx: &mut Tx, calls: &mut Calls, (one, two, three): (OutboxId, OutboxId, OutboxId)) {
    let settlement = |state, relay_id| Settlement {
        state,
        due_at: LATER,
        unclear: 1,
        relay_id,
        answer: "an answer",
        warned_at: Some(NOW),
        settled_at: Some(LATER),
    };
    let attempts = call!(calls, outbox::find(tx, one)).expect("it is there").attempts;
    assert!(
        !call!(calls, outbox::settle(tx, one, attempts - 1, &settlement(State::Rejected, None))),
        "a former attempt"
    );
    assert!(call!(calls, outbox::settle(tx, one, attempts, &settlement(State::Unknown, None))));
    assert!(
        call!(calls, outbox::settle(tx, one, attempts - 1, &settlement(State::Sent, Some("relay@id")))),
        "a late `sent` wins"
    );
    assert!(
        !call!(calls, outbox::settle(tx, one, attempts, &settlement(State::Rejected, None))),
        "it is sent"
    );
    assert!(call!(calls, outbox::cancel(tx, two, LATER)));
    assert!(!call!(calls, outbox::cancel(tx, one, LATER)));
    assert!(call!(calls, outbox::retry(tx, two, LATER)));
    assert!(!call!(calls, outbox::retry(tx, one, LATER)), "what is sent is not sent again");
    assert!(call!(calls, outbox::find(tx, three)).is_some());
    assert!(call!(calls, outbox::find(tx, OutboxId(99))).is_none());
    assert_eq!(call!(calls, outbox::find_by_key(tx, 2)).expect("it is there").id, two);
    assert_eq!(call!(calls, outbox::find_ticket_by_relay_id(tx, "relay@id")), Some(FIRST));
    assert_eq!(call!(calls, outbox::find_ticket_by_relay_id(tx, "other@desk.test")), None);
}

async fn listed(tx: &mut Tx, calls: &mut Calls) {
    assert_eq!(call!(calls, outbox::list_unsettled(tx, 10)).len(), 2);
    assert_eq!(call!(calls, outbox::list(tx, 2)).len(), 2);
    assert_eq!(call!(calls, outbox::list_written(tx, OutboxId(0), MUCH_LATER)).len(), 0);
    assert!(call!(calls, outbox::last(tx)).0 > 0);
    assert_eq!(call!(calls, outbox::list_of_ticket(tx, FIRST)).len(), 3);
    let ann = "ann@customer.test";
    let ours = Acknowledged { to: ann, budget: "", since: NOW, most: 9 };
    let domain = Acknowledged { to: "customer.test", ..ours };
    let (proven, later) = (Acknowledged { budget: "proven", ..ours }, Acknowledged { since: LATER, ..ours });
    for (of, count) in
        [(ours, 2), (Acknowledged { most: 1, ..ours }, 1), (domain, 0), (proven, 0), (later, 0)]
    {
        assert_eq!(call!(calls, outbox::traffic::count_acknowledgements(tx, &of)), count, "{of:?}");
    }
    for (of, count) in [(domain, 2), (Acknowledged { most: 1, ..domain }, 1), (ours, 0)] {
        assert_eq!(call!(calls, outbox::traffic::count_acknowledgements_to_domain(tx, &of)), count, "{of:?}");
    }
    assert_eq!(call!(calls, outbox::traffic::count_opened_by_programs(tx, &ours)), 0);
    assert!(call!(calls, outbox::wrote_to(tx, FIRST, ann)));
    assert!(!call!(calls, outbox::wrote_to(tx, FIRST, "x@other.test")));
    let backlogs = call!(calls, outbox::backlogs(tx, NOW));
    assert_eq!((backlogs.len(), backlogs[0].count, backlogs[0].oldest), (1, 2, NOW));
}
