//! Clocks, measures, and what reports ask of them.

use helpdeskd::store::db::Tx;
use helpdeskd::store::measures::NewMeasure;
use helpdeskd::store::measures::report::Moments;
use helpdeskd::store::measures::report::Place;
use helpdeskd::store::measures::report::Span;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::measure::MeasureKind;
use helpdeskd::ticket::targets::Clocks;

use super::Calls;
use super::LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let ticket = ticket(tx, calls, "measured", &ann).await;
    assert_eq!(call!(calls, tickets::clocks::next(tx)), None);
    let clocks = Clocks { target_at: Some(NOW), answer_due_at: Some(LATER), ..Clocks::default() };
    call!(calls, tickets::clocks::set_targets(tx, &ticket, &clocks));
    assert_eq!(call!(calls, tickets::clocks::next(tx)), Some(NOW));
    assert_eq!(call!(calls, tickets::clocks::claim(tx, NOW, 10))[0].clocks.answer_due_at, Some(LATER));
    for (kind, minutes, met) in [
        (MeasureKind::FirstAnswer, Some(5), Some(true)),
        (MeasureKind::NextAnswer, Some(7), Some(false)),
        (MeasureKind::NextAnswer, None, None),
        (MeasureKind::Resolved, Some(90), None),
        (MeasureKind::Reopened, None, None),
    ] {
        let new = NewMeasure { ticket: &ticket, kind, at: NOW, agent_id: Some(ann.id), minutes, met };
        call!(calls, measures::insert(tx, &new));
    }
    call!(calls, measures::repoint_ticket(tx, &ticket));
    call!(calls, tags::insert(tx, ticket.id, "vip"));
    let span = Span { from: NOW, until: LATER };
    for moments in [Moments::Measured, Moments::Opened, Moments::Rated] {
        call!(calls, measures::report::ahead(tx, moments, span, 1));
    }
    let upto = call!(calls, measures::report::open_upto(tx, TicketId(ticket.id.0 - 1), 1));
    assert_eq!(upto, Some(ticket.id));
    calls.pop();
    for place in [Place::Whole, Place::Queue, Place::Type, Place::Agent, Place::Owner, Place::Tag] {
        let mut measured = call!(calls, measures::report::measured(tx, place, span));
        calls.pop();
        measured.sort_by_key(|one| (one.place.clone(), one.kind.as_str(), one.met));
        calls.push(format!("{measured:?}"));
        assert_eq!(
            call!(calls, measures::report::ended(tx, place, span))[0].count,
            0,
            "one ended, and began again"
        );
        call!(calls, measures::report::rated(tx, place, span));
        for function in [
            call!(calls, measures::report::opened(tx, place, span)),
            call!(calls, measures::report::open(tx, place, TicketId(0), ticket.id)),
        ] {
            assert!(!function.is_empty());
            calls.pop();
        }
    }
    call!(calls, measures::repoint_person(tx, ann.id, UserId(1)));
    assert!(call!(calls, tickets::delete(tx, ticket.id)));
}
