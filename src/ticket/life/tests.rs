//! What each move does, and what follows from it.

use super::*;
use crate::ticket::authentication::Authentication;
use crate::ticket::targets::Clocks;

const NOW: Timestamp = Timestamp(1_000);
const LATER: Timestamp = Timestamp(2_000);

/// One of this moment, before anything happens to it.
pub(crate) fn opened(created_at: Timestamp, priority: Priority) -> Ticket {
    Ticket::stored(Row { priority, created_at, ..Row::clone(&ticket()) })
}

fn ticket() -> Ticket {
    Ticket::stored(Row {
        clocks: Clocks::default(),
        id: TicketId(1),
        uuid: String::new(),
        queue_id: QueueId(1),
        type_id: None,
        subject: "Printer".to_owned(),
        submitter_id: Some(UserId(1)),
        reply_to: Some("elsewhere@customer.test".to_owned()),
        owner_id: None,
        status: Status::Open,
        held_at: None,
        held_by: None,
        held_until: None,
        priority: Priority::default(),
        due_at: None,
        overdue_at: None,
        reminded_at: None,
        resolution: None,
        escalate_at: None,
        escalated_at: None,
        hold_ended_at: None,
        merged_into: None,
        old_since: None,
        follows: None,
        door: "mail".to_owned(),
        authentication: Authentication::Pass,
        locale: None,
        attention_at: None,
        waiting_since: Some(Timestamp(0)),
        customer_at: None,
        preview: String::new(),
        closed_at: None,
        created_at: Timestamp(0),
        changed_at: Timestamp(0),
        version: 1,
        events: 1,
    })
}

#[test]
fn whatever_ends_a_ticket_ends_its_hold_and_asks_for_nobody() {
    let ends: [fn(&mut Ticket) -> Change; 3] = [
        |ticket| ticket.resolve(Some("Water."), LATER),
        |ticket| ticket.close(LATER),
        |ticket| ticket.merge_into(TicketId(2), LATER),
    ];
    for end in ends {
        let mut ticket = ticket();
        ticket.hold(Holder::Us, NOW);
        ticket.need_attention(NOW);
        assert!(matches!(end(&mut ticket), Change::Status { from: Status::Open, .. }));
        assert_eq!((ticket.closed_at, ticket.hold_ended_at), (Some(LATER), Some(LATER)));
        assert_eq!((ticket.is_held(), ticket.attention_at, &ticket.held_by), (false, None, &None));
    }
}

#[test]
fn beginning_again_takes_the_resolution_away_and_happens_once() {
    let mut ticket = ticket();
    assert_eq!(ticket.reopen(NOW), None, "it is open");
    ticket.assign(Some(UserId(7)));
    ticket.resolve(Some("Water."), NOW);
    assert_eq!(ticket.resolution.as_deref(), Some("Water."));
    let change = ticket.reopen(LATER);
    assert_eq!(change, Some(Change::Status { from: Status::Resolved, to: Status::Reopened }));
    assert_eq!((&ticket.resolution, ticket.closed_at, ticket.owner_id), (&None, None, Some(UserId(7))));
}

#[test]
fn a_customers_word_lifts_a_partners_hold_and_never_ours() {
    for (holder, speaker, held) in [
        (Holder::Us, Speaker::Customer, true),
        (Holder::Partner("a".to_owned()), Speaker::Customer, false),
        (Holder::Partner("a".to_owned()), Speaker::Partner, true),
        (Holder::Partner("a".to_owned()), Speaker::Staff, true),
    ] {
        let mut ticket = ticket();
        ticket.hold(holder.clone(), NOW);
        ticket.hear(speaker, "", LATER);
        assert_eq!(ticket.is_held(), held, "{holder} {speaker:?}");
    }
}

#[test]
fn a_hold_ends_when_it_was_to_however_late_that_is_seen() {
    let mut ticket = ticket();
    assert_eq!(ticket.wake(LATER), None, "it is not on hold");
    ticket.hold(Holder::Us, NOW);
    assert_eq!(ticket.wake(LATER), None, "nobody said until when");
    let snooze = Hold { by: Holder::Us, until: Some(Timestamp(1_500)) };
    let change = ticket.hold(snooze.clone(), NOW);
    assert_eq!(change, Some(Change::Hold { from: Some(Holder::Us.into()), to: Some(snooze.clone()) }));
    assert_eq!(ticket.hold(snooze.clone(), LATER), None, "it is so already");
    ticket.hear(Speaker::Customer, "And?", Timestamp(1_200));
    assert_eq!((ticket.wake(Timestamp(1_499)), ticket.is_held()), (None, true));
    assert_eq!(ticket.wake(LATER), Some(Change::Hold { from: Some(snooze.clone()), to: None }));
    assert_eq!(
        (ticket.hold_ended_at, ticket.held_until, ticket.is_held()),
        (Some(Timestamp(1_500)), None, false)
    );
    assert_eq!(ticket.wake(LATER), None, "once");
    assert_eq!(ticket.attention_at, Some(Timestamp(1_200)), "somebody had to look before");
    ticket.hold(snooze, NOW);
    ticket.resolve(None, Timestamp(1_100));
    assert_eq!((ticket.held_until, ticket.wake(LATER)), (None, None), "what is ended does not wake");
}

#[test]
fn attention_is_asked_for_since_the_first_word_and_ends_with_an_answer() {
    let mut ticket = ticket();
    ticket.hear(Speaker::Staff, "We look.", NOW);
    ticket.hear(Speaker::Customer, "And?", NOW);
    ticket.hear(Speaker::Partner, "Well?", LATER);
    assert_eq!((ticket.attention_at, ticket.waiting_since), (Some(NOW), Some(NOW)));
    assert_eq!((ticket.customer_at, ticket.preview.as_str()), (Some(NOW), "Well?"));
    ticket.hear(Speaker::Staff, " ", LATER);
    assert_eq!((ticket.attention_at, ticket.waiting_since), (None, None));
    assert_eq!(ticket.preview, "Well?");
}

#[test]
fn what_is_so_already_is_no_change() {
    let mut ticket = ticket();
    assert_eq!(ticket.assign(None), None);
    assert_eq!(ticket.prioritise(Priority::default()), None);
    assert_eq!(ticket.move_to(QueueId(1), Some(TypeId(9))), None);
    assert_eq!(ticket.rename("Printer".to_owned()), None);
    assert_eq!(ticket.give_to(UserId(1)), None);
    assert_eq!(ticket.unhold(NOW), None);
    assert!(ticket.type_id.is_none() && ticket.reply_to.is_some());
    ticket.hold(Holder::Us, NOW);
    assert_eq!(ticket.hold(Holder::Us, LATER), None);
    assert_eq!(ticket.unhold_by(&Holder::Partner("a".to_owned()), LATER), None);
}

#[test]
fn another_submitter_has_no_wish_of_the_first() {
    let mut ticket = ticket();
    assert_eq!(ticket.give_to(UserId(2)), Some(Change::Submitter { from: Some(UserId(1)), to: UserId(2) }));
    assert_eq!(ticket.reply_to, None);
}
