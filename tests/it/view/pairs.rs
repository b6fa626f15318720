//! Every filter with every other, wanted and excluded, against what they mean in plain words.

use rstest::rstest;

use helpdeskd::desk::view::Reader;
use helpdeskd::desk::view::list;
use helpdeskd::desk::view::list::Count;
use helpdeskd::desk::view::list::Page;
use helpdeskd::desk::view::list::Rest;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::query::Query;

use super::naive;
use super::random;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ME: &str = "alice@staff.test";

/// One or two of each kind: of what is walked along an index, and of what is asked.
const TERMS: [&str; 35] = [
    "is:open",
    "is:reopened",
    "is:resolved",
    "is:closed",
    "is:merged",
    "is:held",
    "is:unassigned",
    "is:waiting",
    "is:overdue",
    "is:shared",
    "owner:me",
    "owner:nobody",
    "owner:bert",
    "from:ann@customer.test",
    "from:ann",
    "from:ärmel",
    "from:100%",
    "cc:bob_x@customer.test",
    "cc:@customer",
    "queue:sales",
    "type:Question",
    "tag:vip",
    "tag:Later",
    "tag:none",
    "priority:1-2",
    "priority:3",
    "rating:1-5",
    "before:2026-02-25",
    "after:2026-02-20",
    "after:9d",
    "has:file",
    "number:8204",
    "ärger",
    "printer_1",
    "\"on fire\"",
];

#[rstest]
#[tokio::test]
async fn every_pair_of_filters_finds_what_it_says(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, facts) = random::desk(on).await;
    let reader = Reader { me: Some(desk.user(ME).await.id), now: desk.now() };
    let mut tx = desk.read().await;
    let mut found = 0;
    for (n, one) in TERMS.iter().enumerate() {
        let pairs = TERMS[n..].iter().flat_map(|two| {
            [
                format!("{one} {two}"),
                format!("{one} -{two}"),
                format!("-{one} {two}"),
                format!("-{one} -{two}"),
            ]
        });
        for text in pairs {
            let query: Query = text.parse().expect(&text);
            let expected = naive::answer(&facts, &query, ME, desk.now());
            assert_eq!(pages(&desk, &mut tx, &query, reader).await, expected, "{text} on {on:?}");
            found += usize::from(!expected.is_empty());
        }
    }
    assert!(found > 1000, "most pairs find something: {found}");
}

/// A join that reads its rows from a hash table gives them in no order.
#[tokio::test]
async fn a_list_is_in_order_however_the_database_joins() {
    let (desk, facts) = random::desk(On::Postgres).await;
    let reader = Reader { me: Some(desk.user(ME).await.id), now: desk.now() };
    let mut tx = desk.read().await;
    for joins in
        ["set local enable_nestloop = off", "set local enable_hashjoin = off", "set local enable_sort = off"]
    {
        random::execute(&mut tx, joins).await;
        for one in TERMS {
            for text in [one.to_owned(), format!("{one} {one}"), format!("-{one} priority:1-5")] {
                let query: Query = text.parse().expect(&text);
                let expected = naive::answer(&facts, &query, ME, desk.now());
                assert_eq!(pages(&desk, &mut tx, &query, reader).await, expected, "{text}: {joins}");
            }
        }
    }
}

/// A page for each 25 tickets, until nothing follows; and they are as many as are counted.
async fn pages(desk: &TestDesk, tx: &mut Tx, query: &Query, reader: Reader) -> Vec<i64> {
    let mut page = Page { before: TicketId(i64::MAX), limit: 25 };
    let mut ids = Vec::new();
    loop {
        let listing = list::list(&desk.app.desk(), tx, query, page, reader).await.expect("it is answered");
        ids.extend(listing.rows.iter().map(|row| row.named.ticket.id.0));
        match listing.rest {
            Rest::End => break,
            Rest::More(before) => page.before = before,
            Rest::Unseen(_) => panic!("{query}: so few tickets are all looked at"),
        }
    }
    if ids.len() > 25 {
        let count = list::count(&desk.app.desk(), tx, query, reader).await.expect("it is counted");
        assert_eq!(count, Count::Exactly(i64::try_from(ids.len()).expect("they are few")), "{query}");
    }
    ids
}
