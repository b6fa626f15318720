//! What an account's server refuses to us: return paths, senders, and rows of refusals.

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::delivery::State;
use helpdeskd::store::db::Tx;
use helpdeskd::store::outbox::turns::Turn;
use helpdeskd::store::refusals::Refused;
use helpdeskd::store::return_paths::Path;
use helpdeskd::store::sender_pauses::SenderPause;
use helpdeskd::store::suppressions::Suppression;
use helpdeskd::ticket::id::OutboxId;
use helpdeskd::ticket::id::QueueId;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::call;
use super::sending::mail;

const QUEUE: QueueId = QueueId(1);

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    paths(tx, calls).await;
    let first = call!(calls, outbox::insert(tx, &mail(71, "eve@third.test"), NOW));
    let second = call!(calls, outbox::insert(tx, &mail(72, "fay@fourth.test"), LATER));
    pauses(tx, calls, first).await;
    rows(tx, calls, first, second).await;
    again(tx, calls, first, second).await;
    corrected(tx, calls).await;
    // Last of all, as other calls count tickets.
    let last = call!(calls, db::ticket_numbers::last(tx));
    call!(calls, db::ticket_numbers::skip_to(tx, last + 5));
    assert_eq!(call!(calls, db::ticket_numbers::last(tx)), last + 5);
}

async fn again(tx: &mut Tx, calls: &mut Calls, first: OutboxId, second: OutboxId) {
    for id in [first, second] {
        let attempts = call!(calls, outbox::find(tx, id)).expect("it is there").attempts;
        let settlement = helpdeskd::store::outbox::Settlement {
            state: State::Rejected,
            due_at: LATER,
            unclear: 0,
            relay_id: None,
            answer: "no",
            warned_at: None,
            settled_at: Some(LATER),
        };
        assert!(call!(calls, outbox::settle(tx, id, attempts, &settlement)));
    }
    assert_eq!(call!(calls, outbox::turns::list_lost(tx, LATER, 10)).len(), 2);
    assert_eq!(call!(calls, outbox::turns::list_lost(tx, MUCH_LATER, 10)).len(), 0);
    assert_eq!(call!(calls, outbox::turns::retry_lost(tx, "other", NOW, LATER)), 0);
    assert_eq!(call!(calls, outbox::turns::retry_lost(tx, "", MUCH_LATER, LATER)), 0);
    assert_eq!(call!(calls, outbox::turns::retry_lost(tx, "default", NOW, MUCH_LATER)), 2);
    assert_eq!(call!(calls, outbox::turns::hasten(tx, "other", LATER)), 0);
    assert_eq!(call!(calls, outbox::turns::hasten(tx, "default", LATER)), 2);
    assert_eq!(call!(calls, outbox::find(tx, first)).expect("it is there").due_at, LATER);
}

async fn corrected(tx: &mut Tx, calls: &mut Calls) {
    let wrong = Timestamp(MUCH_LATER.0 + Timestamp::DAY);
    let new = call!(calls, outbox::insert(tx, &mail(79, "gil@fifth.test"), wrong));
    call!(calls, outbox::turns::correct_due(tx, wrong, NOW));
    assert_eq!(call!(calls, outbox::find(tx, new)).expect("it is there").due_at, wrong, "it may be so late");
    call!(calls, outbox::turns::correct_due(tx, MUCH_LATER, NOW));
    call!(calls, outbox::turns::correct_birth(tx, LATER));
    call!(calls, outbox::turns::correct_leases(tx, LATER));
    let row = call!(calls, outbox::find(tx, new)).expect("it is there");
    assert_eq!((row.due_at, row.created_at), (NOW, LATER));
    let channel = |paused_until| helpdeskd::store::channels::AccountState {
        account: "third".to_owned(),
        paused_until,
        refusals: 3,
        last_error: None,
    };
    call!(calls, channels::upsert(tx, &channel(MUCH_LATER)));
    call!(calls, channels::correct(tx, MUCH_LATER, NOW));
    assert_eq!(call!(calls, channels::find(tx, "third")), Some(channel(MUCH_LATER)));
    call!(calls, channels::correct(tx, LATER, NOW));
    assert_eq!(call!(calls, channels::find(tx, "third")), Some(channel(NOW)));
    call!(calls, channels::wake(tx, "third", Timestamp(0)));
    assert_eq!(call!(calls, channels::find(tx, "third")), Some(channel(Timestamp(0))));
    let pause = SenderPause {
        account: "third".to_owned(),
        queue_id: QUEUE,
        since: NOW,
        paused_until: MUCH_LATER,
        alike: "550".to_owned(),
        domain: String::new(),
        answer: "no".to_owned(),
        ended_at: None,
    };
    call!(calls, sender_pauses::upsert(tx, &pause));
    call!(calls, sender_pauses::correct(tx, LATER, LATER));
    call!(calls, sender_pauses::hasten(tx, "third", NOW));
    let found = call!(calls, sender_pauses::list(tx)).into_iter().find(|row| row.account == "third");
    assert_eq!(found, Some(SenderPause { paused_until: NOW, ..pause }));
    assert!(call!(calls, sender_pauses::end(tx, "third", QUEUE, "", NOW)));
}

async fn paths(tx: &mut Tx, calls: &mut Calls) {
    call!(calls, return_paths::upsert(tx, "default", Path::Token, NOW));
    call!(calls, return_paths::upsert(tx, "default", Path::Null, NOW));
    call!(calls, return_paths::upsert(tx, "default", Path::Null, LATER));
    assert_eq!(call!(calls, return_paths::list(tx, LATER)).len(), 1);
    call!(calls, return_paths::delete(tx, "default", Path::Null));
    assert_eq!(call!(calls, return_paths::list(tx, NOW))[0].path, "token");
}

async fn pauses(tx: &mut Tx, calls: &mut Calls, first: OutboxId) {
    let pause = SenderPause {
        account: "default".to_owned(),
        queue_id: QUEUE,
        since: NOW,
        paused_until: LATER,
        alike: "550 5.7.60".to_owned(),
        domain: "third.test".to_owned(),
        answer: "no".to_owned(),
        ended_at: None,
    };
    call!(calls, sender_pauses::upsert(tx, &pause));
    call!(calls, sender_pauses::upsert(tx, &SenderPause { since: LATER, ..pause.clone() }));
    assert_eq!(call!(calls, sender_pauses::list(tx)), std::slice::from_ref(&pause), "it keeps its beginning");
    assert_eq!(call!(calls, outbox::claim(tx, "default", MUCH_LATER, MUCH_LATER, 10)).len(), 0, "it waits");
    assert!(!call!(calls, sender_pauses::take_turn(tx, &pause, NOW, LATER)), "not yet");
    assert!(call!(calls, sender_pauses::take_turn(tx, &pause, LATER, MUCH_LATER)));
    assert!(!call!(calls, sender_pauses::take_turn(tx, &pause, LATER, MUCH_LATER)), "once");
    let turn = Turn { account: "default", queue_id: QUEUE, lease_until: LATER };
    let claimed = call!(calls, outbox::turns::claim_one(tx, &turn, NOW)).expect("one is there");
    assert_eq!(claimed.id, first, "the one that was tried least");
    assert!(call!(calls, outbox::start_data(tx, first, 1, 0, NOW)));
    assert!(call!(calls, outbox::turns::withdraw_data(tx, first, 1)));
    assert!(!call!(calls, outbox::turns::withdraw_data(tx, first, 2)), "not another attempt's");
    call!(calls, outbox::turns::note_sender(tx, first, "support@desk.test"));
    let row = call!(calls, outbox::find(tx, first)).expect("it is there");
    assert_eq!((row.data_started_at, row.envelope_from.as_str()), (None, "support@desk.test"));
    assert!(call!(calls, sender_pauses::is_any_open(tx, "default", QUEUE)));
    assert!(call!(calls, sender_pauses::end(tx, "default", QUEUE, "third.test", LATER)));
    assert!(!call!(calls, sender_pauses::is_any_open(tx, "default", QUEUE)));
    assert!(!call!(calls, sender_pauses::end(tx, "default", QUEUE, "third.test", LATER)), "once");
    let ended = &call!(calls, sender_pauses::list(tx))[0];
    assert_eq!((ended.ended_at, ended.domain.as_str()), (Some(LATER), ""));
}

async fn rows(tx: &mut Tx, calls: &mut Calls, first: OutboxId, second: OutboxId) {
    let refused = |outbox_id, at| Refused {
        outbox_id,
        account: "default".to_owned(),
        alike: "550 5.1.1".to_owned(),
        domain: "third.test".to_owned(),
        at,
        first_at: at,
        others_at: None,
    };
    call!(calls, refusals::insert(tx, &refused(first, NOW)));
    call!(calls, refusals::insert(tx, &refused(second, NOW)));
    call!(calls, refusals::insert(tx, &refused(second, LATER)));
    let known = call!(calls, refusals::find(tx, second)).expect("it is there");
    assert_eq!((known.first_at, known.at), (NOW, LATER), "the first stays");
    assert_eq!(call!(calls, refusals::list(tx, "default", "550 5.1.1", NOW)).len(), 2);
    assert_eq!(call!(calls, refusals::list(tx, "default", "550 5.1.1", LATER)).len(), 1);
    assert_eq!(call!(calls, refusals::list(tx, "default", "550 5.7.1", NOW)).len(), 0);
    call!(calls, refusals::end_row(tx, "default", LATER));
    assert_eq!(call!(calls, refusals::find(tx, first)).expect("it is there").others_at, Some(LATER));
    call!(calls, refusals::delete(tx, second));
    assert!(call!(calls, refusals::find(tx, second)).is_none());
    assert_eq!(call!(calls, refusals::list(tx, "default", "550 5.1.1", NOW)).len(), 0);
    call!(calls, bounces::delete(tx, first));
    let suppression = |reason: &str| Suppression {
        address_key: "eve@third.test".to_owned(),
        address: "eve@third.test".to_owned(),
        reason: reason.to_owned(),
        detail: String::new(),
        created_at: NOW,
        expires_at: None,
    };
    call!(calls, suppressions::upsert(tx, &suppression("address")));
    call!(calls, suppressions::take_back(tx, "eve@third.test", LATER));
    assert!(call!(calls, suppressions::find(tx, "eve@third.test", NOW)).is_some(), "it is older");
    call!(calls, suppressions::take_back(tx, "eve@third.test", NOW));
    assert!(call!(calls, suppressions::find(tx, "eve@third.test", NOW)).is_none());
    let mut held = mail(73, "eve@third.test");
    held.held = Some("held back: the address is suppressed (address)");
    let held = call!(calls, outbox::insert(tx, &held, NOW));
    call!(calls, outbox::turns::release_held(tx, "eve@third.test", held, LATER));
    assert_eq!(call!(calls, outbox::find(tx, held)).expect("it is there").state, State::Cancelled);
    let before = Timestamp(NOW.0 + 1);
    call!(calls, outbox::turns::release_held(tx, "eve@third.test", first, before));
    assert_eq!(call!(calls, outbox::find(tx, held)).expect("it is there").due_at, before);
}
