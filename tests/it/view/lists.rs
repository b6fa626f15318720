//! A page of tickets as a person reads it.

use rstest::rstest;

use helpdeskd::desk::view::Reader;
use helpdeskd::desk::view::list;
use helpdeskd::desk::view::list::Count;
use helpdeskd::desk::view::list::Listing;
use helpdeskd::desk::view::list::Page;
use helpdeskd::desk::view::list::Rest;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::query::Query;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

pub const NEWEST: TicketId = TicketId(i64::MAX);

pub async fn listing(desk: &TestDesk, query: &str, before: TicketId, limit: i64) -> Listing {
    let query: Query = query.parse().expect("it is a query");
    let reader = Reader { me: None, now: desk.now() };
    let page = Page { before, limit };
    list::list(&desk.app.desk(), &mut desk.read().await, &query, page, reader).await.expect("it is answered")
}

pub fn ids(listing: &Listing) -> Vec<i64> {
    listing.rows.iter().map(|row| row.named.ticket.id.0).collect()
}

async fn refusal(desk: &TestDesk, query: &str) -> String {
    let query: Query = query.parse().expect("it is a query");
    let reader = Reader { me: None, now: desk.now() };
    let page = Page { before: NEWEST, limit: 1 };
    let refused = list::list(&desk.app.desk(), &mut desk.read().await, &query, page, reader).await;
    refused.expect_err("it is refused").to_string()
}

/// The filter came after the limit, so an old open ticket below newer closed ones was never shown.
#[rstest]
#[tokio::test]
async fn an_open_ticket_is_found_below_closed_ones(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let operator = desk.operator();
    for n in 1..=6 {
        operator.open(Some("ann@customer.test"), &format!("Matter {n}"), "words").await;
    }
    for id in 3..=6 {
        operator.close(id, "").await;
    }
    let found = listing(&desk, "queue:support is:open", NEWEST, 3).await;
    assert_eq!((ids(&found), found.rest), (vec![2, 1], Rest::End));
    let found = listing(&desk, "is:closed", NEWEST, 3).await;
    assert_eq!((ids(&found), found.rest), (vec![6, 5, 4], Rest::More(TicketId(4))));
    let found = listing(&desk, "is:closed", TicketId(4), 3).await;
    assert_eq!((ids(&found), found.rest), (vec![3], Rest::End));
    desk.deliver().await;
}

#[rstest]
#[tokio::test]
async fn a_row_has_the_names_that_belong_to_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let agent = desk.agent("alex@staff.test").await;
    desk.receive(mail("Ann Miller <ann@customer.test>", "Printer on fire")).await;
    desk.operator().assign(1, Some(&agent)).await;
    desk.operator().open(None, "Nobody's", "").await;
    for tag in ["vip", "later"] {
        desk.operator().tag(1, tag).await;
    }
    let found = listing(&desk, "", NEWEST, 10).await;
    let [second, first] = found.rows.as_slice() else { panic!("{found:?}") };
    let named = &first.named;
    assert_eq!(
        (
            named.queue.as_str(),
            named.kind.as_deref(),
            named.submitter_name.as_deref(),
            named.owner_name.as_deref()
        ),
        ("support", Some("Support"), Some("Ann Miller"), Some("alex"))
    );
    assert_eq!((&first.tags, &second.tags), (&vec!["later".to_owned(), "vip".to_owned()], &Vec::new()));
    assert_eq!((&second.named.submitter_email, &second.named.owner_email), (&None, &None));
    desk.deliver().await;
}

#[rstest]
#[tokio::test]
async fn who_waits_is_who_spoke_last(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let agent = desk.agent("alex@staff.test").await;
    desk.receive(mail("ann@customer.test", "Printer on fire").id("1@c.test")).await;
    desk.receive(mail("ann@customer.test", "Toner").id("2@c.test")).await;
    desk.by(&agent).comment(1, "Have you tried water?").await;
    desk.by(&agent).note(2, "She again.").await;
    assert_eq!(ids(&listing(&desk, "is:waiting", NEWEST, 10).await), [2]);
    desk.receive(mail("ann@customer.test", "Re: [support-1] Printer on fire").in_reply_to("1@c.test")).await;
    assert_eq!(ids(&listing(&desk, "is:waiting", NEWEST, 10).await), [2, 1]);
    desk.by(&agent).resolve(2, "Bought.").await;
    assert_eq!(ids(&listing(&desk, "is:waiting", NEWEST, 10).await), [1]);
    desk.deliver().await;
}

#[rstest]
#[tokio::test]
async fn a_name_that_nobody_has_is_said(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.agent("alex@staff.test").await;
    desk.agent("bert@staff.test").await;
    for (query, said) in [
        ("queue:sales", "there is no queue `sales`"),
        ("type:Payment", "there is no type `Payment`"),
        ("owner:alice", "there is no agent `alice`"),
        ("owner:ann@customer.test", "there is no agent `ann@customer.test`"),
        ("owner:me", "nobody is asking, so nobody is `owner:me`"),
    ] {
        assert_eq!(refusal(&desk, query).await, said, "{query}");
    }
    for query in ["owner:ALEX", "owner:\"Alex@Staff.test\"", "queue:SUPPORT", "type:support", "from:nobody"] {
        assert_eq!(ids(&listing(&desk, query, NEWEST, 5).await), Vec::<i64>::new(), "{query}");
    }
}

#[rstest]
#[tokio::test]
async fn a_scan_ends_and_says_that_there_may_be_more(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.operator().open(Some("needle@customer.test"), "Needle", "").await;
    let mut tx = desk.write().await;
    fill(&mut tx, 20_500).await;
    // Rows of tickets alone, which no mail or person made.
    desk.leaves_unsettled();
    tx.commit().await.unwrap();
    let first = listing(&desk, "from:needle", NEWEST, 5).await;
    assert_eq!((ids(&first), first.rest), (vec![], Rest::Unseen(TicketId(502))));
    let second = listing(&desk, "from:needle", TicketId(502), 5).await;
    assert_eq!((ids(&second), second.rest), (vec![1], Rest::End));
    // What has an index needs no scan, and is counted up to a thousand.
    let reader = Reader { me: None, now: desk.now() };
    for (query, expected) in [
        ("", Count::AtLeast(1000)),
        ("from:needle", Count::AtLeast(0)),
        ("needle", Count::Exactly(1)),
        ("is:open", Count::Exactly(1)),
        ("before:2001-01-01 -from:needle", Count::AtLeast(1000)),
        ("after:2001-01-01", Count::Exactly(1)),
    ] {
        let query: Query = query.parse().unwrap();
        let counted = list::count(&desk.app.desk(), &mut desk.read().await, &query, reader).await.unwrap();
        assert_eq!(counted, expected, "{query}");
    }
    let old = listing(&desk, "after:2001-01-01", NEWEST, 5).await;
    assert_eq!((ids(&old), old.rest), (vec![1], Rest::End));
}

/// Many closed tickets of long ago, of nobody.
async fn fill(tx: &mut Tx, count: i64) {
    let sql = "insert into tickets (uuid, queue_id, subject, status, priority, door, authentication, created_at, changed_at, version)
        with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < $1)
        select 'u', 1, 'Hay', 'closed', 3, 'cli', 'api', i, i, 1 from n where i <= $1";
    match tx {
        Tx::Sqlite(tx) => sqlx::query(sql).bind(count).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::query(sql).bind(count).execute(&mut **tx).await.map(drop),
    }
    .expect("it is written");
}
