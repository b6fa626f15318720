//! Lists for programs on tickets whose numbers lie far apart: both directions, any limit, any bound of the scan.

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::store::db::Tx;
use helpdeskd::store::filters::cursor::Cursor;
use helpdeskd::store::filters::test::Filter;
use helpdeskd::store::filters::test::Span;
use helpdeskd::store::filters::test::Test;
use helpdeskd::store::ticket_lists;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;

use super::random;
use crate::support::story::On;
use crate::support::story::days;

#[rstest]
#[tokio::test]
async fn every_list_is_in_order_and_whole_however_it_is_cut(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, facts) = random::desk(on).await;
    let (long_ago, recent) = (desk.now().minus(days(12)), desk.now().minus(days(3)));
    let old = Span { from: Timestamp(i64::MIN), until: long_ago };
    let between = Span { from: long_ago, until: recent };
    let states =
        [None, Some(Test::Open), Some(Test::Ended), Some(Test::Active), Some(Test::Idle), Some(Test::Held)];
    let spans = [
        None,
        Some(Test::Created(old)),
        Some(Test::Created(between)),
        Some(Test::Due(between)),
        Some(Test::Due(old)),
    ];
    let people = [None, Some(Test::Owner(UserId(4))), Some(Test::Submitter(UserId(1)))];
    let mut tx = desk.read().await;
    for state in &states {
        for (span, person) in spans.iter().flat_map(|span| people.iter().map(move |person| (span, person))) {
            let tests: Vec<Test> = [state, span, person].into_iter().flatten().cloned().collect();
            let is_one = |ticket: &&Ticket| tests.iter().all(|test| fulfils(ticket, test));
            let mut expected: Vec<TicketId> =
                facts.iter().map(|fact| &fact.ticket).filter(is_one).map(|ticket| ticket.id).collect();
            expected.sort_unstable();
            let filters: Vec<Filter> = tests.into_iter().map(Filter::wanted).collect();
            let begin = Cursor::After(TicketId(0));
            assert_eq!(all(&mut tx, &filters, begin, 7, None).await, expected, "{filters:?}");
            assert_eq!(all(&mut tx, &filters, begin, 100, Some(9)).await, expected, "{filters:?}");
            expected.reverse();
            let begin = Cursor::Before(TicketId(i64::MAX));
            assert_eq!(all(&mut tx, &filters, begin, 7, None).await, expected, "{filters:?}");
            assert_eq!(all(&mut tx, &filters, begin, 100, Some(9)).await, expected, "{filters:?}");
        }
    }
}

/// All tickets that are found, `limit` at a time, with `most` looked at for each of them.
async fn all(tx: &mut Tx, filters: &[Filter], begin: Cursor, limit: i64, most: Option<i64>) -> Vec<TicketId> {
    let (mut cursor, mut ids) = (begin, Vec::new());
    loop {
        let found = ticket_lists::find(tx, filters, cursor, limit, most).await.expect("it is found");
        let is_full = i64::try_from(found.ids.len()) == Ok(limit);
        assert!(most.is_some() || found.rest.is_none(), "nothing bounds it");
        cursor = match (found.rest, found.ids.last()) {
            (Some(rest), _) => rest,
            (None, Some(last)) if is_full => cursor.to(*last),
            _ => cursor,
        };
        ids.extend(found.ids);
        if found.rest.is_none() && !is_full {
            return ids;
        }
    }
}

fn fulfils(ticket: &Ticket, test: &Test) -> bool {
    let within = |at: Timestamp, span: &Span| at >= span.from && at < span.until;
    match test {
        Test::Owner(id) => ticket.owner_id == Some(*id),
        Test::Submitter(id) => ticket.submitter_id == Some(*id),
        Test::Created(span) => within(ticket.created_at, span),
        Test::Due(span) => ticket.is_open() && ticket.due_at.is_some_and(|due| within(due, span)),
        Test::Open => ticket.is_open(),
        Test::Ended => !ticket.is_open(),
        Test::Held => ticket.is_open() && ticket.is_held(),
        Test::Active => ticket.is_open() && !ticket.is_held() && ticket.owner_id.is_some(),
        Test::Idle => ticket.is_open() && !ticket.is_held() && ticket.owner_id.is_none(),
        other => panic!("{other:?} is not asked here"),
    }
}
