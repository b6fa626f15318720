//! What happens because time passes: escalation, due dates, excluded days, schedules, alerts, what is too old.

use helpdeskd::clock::Timestamp;
use helpdeskd::store::db::Tx;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::ticket::Row;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::holder::Hold;
use helpdeskd::ticket::holder::Holder;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::priority::Priority;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::call;

const QUEUE: QueueId = QueueId(1);
const EARLIER: Timestamp = Timestamp(NOW.0 - Timestamp::HOUR);

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    escalation(tx, calls).await;
    holds(tx, calls).await;
    replies(tx, calls).await;
    due_dates(tx, calls).await;
    resolved(tx, calls).await;
    excluded_days(tx, calls).await;
    assert_eq!(call!(calls, schedules::find(tx, "escalation")), None);
    call!(calls, schedules::insert(tx, "escalation", NOW));
    call!(calls, schedules::insert(tx, "escalation", LATER));
    assert_eq!(call!(calls, schedules::find(tx, "escalation")), Some(NOW));
    assert!(call!(calls, schedules::advance(tx, "escalation", NOW, LATER)));
    assert!(!call!(calls, schedules::advance(tx, "escalation", NOW, MUCH_LATER)), "another was first");
    assert!(call!(calls, alerts::insert(tx, "mailbox 1", NOW)));
    assert!(!call!(calls, alerts::insert(tx, "mailbox 1", LATER)));
    assert_eq!(call!(calls, alerts::list(tx)), ["mailbox 1"]);
    call!(calls, alerts::delete(tx, "mailbox 1"));
    assert!(call!(calls, alerts::list(tx)).is_empty());
    assert!(call!(calls, alerts::insert(tx, "cap all 1", NOW)));
    assert!(call!(calls, alerts::insert(tx, "mailbox 2", NOW)));
    assert_eq!(call!(calls, alerts::delete_passing(tx, LATER)), 1, "a mailbox is told of until it is mended");
    call!(calls, alerts::delete(tx, "mailbox 2"));
    assert!(call!(calls, queues::replace_escalation(tx, QUEUE, None, "2d")));
    assert!(!call!(calls, queues::replace_escalation(tx, QUEUE, None, "4d")), "another was first");
    call!(calls, queues::set_escalation(tx, QUEUE, "3d"));
    let queues = call!(calls, queues::list(tx));
    assert!(queues.iter().any(|queue| queue.escalation.as_deref() == Some("3d")));
}

async fn holds(tx: &mut Tx, calls: &mut Calls) {
    let mut waking = ticket(tx, calls, "wakes", None, None).await;
    assert_eq!(call!(calls, tickets::next_waking(tx)), None);
    waking.hold(Hold { by: Holder::Us, until: Some(NOW) }, EARLIER);
    assert!(call!(calls, tickets::update(tx, &waking, EARLIER)));
    assert_eq!(call!(calls, tickets::next_waking(tx)), Some(NOW));
    assert!(call!(calls, tickets::claim_waking(tx, EARLIER, 10)).is_empty());
    assert_eq!(call!(calls, tickets::claim_waking(tx, NOW, 10))[0].held_until, Some(NOW));
    assert!(call!(calls, tickets::delete(tx, waking.id)));
}

async fn replies(tx: &mut Tx, calls: &mut Calls) {
    assert_eq!(call!(calls, rule_turns::advance(tx, "invoices")), 1);
    assert_eq!(call!(calls, rule_turns::advance(tx, "invoices")), 2);
    assert_eq!(call!(calls, rule_turns::advance(tx, "other")), 1);
    assert_eq!(call!(calls, tickets::count_open_of(tx, UserId(999))), 0);
    let id = call!(calls, replies::insert(tx, ("hello", None, ""), "Hello.", NOW)).expect("it is new");
    assert_eq!(call!(calls, replies::insert(tx, ("hello", None, ""), "Hi.", NOW)), None, "there is one");
    let own =
        call!(calls, replies::insert(tx, ("hello", Some(QUEUE), "de"), "Hallo.", NOW)).expect("it is new");
    call!(calls, replies::set_body(tx, id, "Good day.", LATER));
    let named = call!(calls, replies::list_named(tx, "hello"));
    assert_eq!(named.iter().map(|reply| reply.body.as_str()).collect::<Vec<_>>(), ["Good day.", "Hallo."]);
    assert_eq!((named[0].created_at, named[0].changed_at), (NOW, LATER));
    assert_eq!(call!(calls, replies::list(tx)).len(), 2);
    assert!(call!(calls, replies::delete(tx, own)));
    assert!(call!(calls, replies::delete(tx, id)));
    assert!(!call!(calls, replies::delete(tx, id)), "once");
}

async fn escalation(tx: &mut Tx, calls: &mut Calls) {
    let first = ticket(tx, calls, "due-1", None, Some(NOW)).await;
    let second = ticket(tx, calls, "due-2", None, Some(EARLIER)).await;
    assert_eq!(call!(calls, tickets::next_escalation(tx)), Some(EARLIER));
    let due = call!(calls, tickets::claim_escalating(tx, NOW, 10));
    assert_eq!(due.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [second.id, first.id]);
    assert_eq!(call!(calls, tickets::claim_escalating(tx, NOW, 1)).len(), 1);
    assert_eq!(call!(calls, tickets::claim_escalating_of_queue(tx, QUEUE, EARLIER, 10)).len(), 1);
    assert_eq!(call!(calls, tickets::claim_escalating_of_queue(tx, QueueId(9), NOW, 10)).len(), 0);
    call!(calls, tickets::set_escalate_at(tx, second.id, 7, None));
    assert_eq!(call!(calls, tickets::claim_escalating(tx, NOW, 10)).len(), 2, "it was changed by another");
    call!(calls, tickets::set_escalate_at(tx, second.id, second.version, Some(LATER)));
    assert_eq!(call!(calls, tickets::claim_escalating(tx, NOW, 10)).len(), 1);
    let open = call!(calls, tickets::list_open_after(tx, TicketId(first.id.0 - 1), 10));
    assert_eq!(open.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [first.id, second.id]);
}

async fn due_dates(tx: &mut Tx, calls: &mut Calls) {
    let late = ticket(tx, calls, "late", Some(EARLIER), None).await;
    assert_eq!(call!(calls, tickets::overdue::mark_overdue(tx, NOW, 10)), 1);
    assert_eq!(call!(calls, tickets::overdue::mark_overdue(tx, NOW, 10)), 0, "once");
    assert_eq!(call!(calls, tickets::overdue::list_unreminded_queues(tx)), [QUEUE]);
    assert_eq!(call!(calls, tickets::overdue::claim_unreminded(tx, QueueId(9), NOW, 10)).len(), 0);
    assert_eq!(call!(calls, tickets::overdue::claim_unreminded(tx, QUEUE, NOW, 10))[0].id, late.id);
    assert_eq!(call!(calls, tickets::overdue::claim_unreminded(tx, QUEUE, NOW, 10)).len(), 0, "once");
    assert_eq!(call!(calls, tickets::overdue::list_unreminded_queues(tx)), []);
    let found = call!(calls, tickets::find(tx, late.id)).expect("it is there");
    assert_eq!((found.overdue_at, found.reminded_at), (Some(NOW), Some(NOW)));
    assert!(call!(calls, tickets::update(tx, &found, NOW)));
    let found = Ticket::stored(Row { version: found.version + 1, due_at: Some(LATER), ..Row::clone(&found) });
    assert!(call!(calls, tickets::update(tx, &found, NOW)));
    let found = call!(calls, tickets::find(tx, late.id)).expect("it is there");
    assert_eq!((found.overdue_at, found.reminded_at), (None, None), "nobody was told of the new date");
}

async fn resolved(tx: &mut Tx, calls: &mut Calls) {
    let mut done = ticket(tx, calls, "done", None, None).await;
    done.resolve(None, NOW);
    assert!(call!(calls, tickets::update(tx, &done, NOW)));
    assert_eq!(call!(calls, tickets::list_resolved(tx, QUEUE, NOW, 10)), [done.id]);
    assert_eq!(call!(calls, tickets::list_resolved(tx, QUEUE, EARLIER, 10)), []);
    assert_eq!(call!(calls, tickets::list_resolved(tx, QueueId(9), NOW, 10)), []);
}

async fn excluded_days(tx: &mut Tx, calls: &mut Calls) {
    for queue in [None, Some(QUEUE)] {
        assert!(call!(calls, exclusions::insert(tx, "2026-12-24", queue, NOW)));
        assert!(!call!(calls, exclusions::insert(tx, "2026-12-24", queue, LATER)));
    }
    assert!(call!(calls, exclusions::insert(tx, "2026-12-25", None, NOW)));
    let all = call!(calls, exclusions::list(tx, "2026-01-01"));
    assert_eq!(all.iter().map(|day| day.queue_id).collect::<Vec<_>>(), [None, Some(QUEUE), None]);
    assert_eq!(call!(calls, exclusions::list(tx, "2026-12-25")).len(), 1);
    assert_eq!(call!(calls, exclusions::list_of_queue(tx, QUEUE, "2026-01-01")).len(), 3);
    assert_eq!(call!(calls, exclusions::list_of_queue(tx, QueueId(9), "2026-12-25")), ["2026-12-25"]);
    assert!(call!(calls, exclusions::delete(tx, "2026-12-24", None)));
    assert!(!call!(calls, exclusions::delete(tx, "2026-12-24", None)));
    assert!(call!(calls, exclusions::delete(tx, "2026-12-24", Some(QUEUE))));
}

async fn ticket(
    tx: &mut Tx,
    calls: &mut Calls,
    uuid: &str,
    due_at: Option<Timestamp>,
    escalate_at: Option<Timestamp>,
) -> Ticket {
    let new = NewTicket {
        uuid,
        queue_id: QUEUE,
        type_id: None,
        subject: "Printer on fire",
        submitter_id: None,
        reply_to: None,
        owner_id: None,
        priority: Priority::NORMAL,
        due_at,
        escalate_at,
        follows: None,
        door: "cli",
        authentication: Authentication::Api,
        locale: None,
        customer_at: None,
        preview: "",
        created_at: EARLIER,
        clocks: &helpdeskd::ticket::targets::Clocks::default(),
    };
    call!(calls, tickets::insert(tx, &new, NOW))
}
