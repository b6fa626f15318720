//! Entries and tickets by their words.

use rstest::rstest;

use helpdeskd::desk::accept;
use helpdeskd::desk::assign;
use helpdeskd::desk::person::erase;
use helpdeskd::desk::person::erase::Step;
use helpdeskd::desk::split;
use helpdeskd::desk::split::Splitting;
use helpdeskd::desk::view::Audience;
use helpdeskd::desk::view::search;
use helpdeskd::desk::view::search::Findings;
use helpdeskd::desk::view::search::Order;
use helpdeskd::desk::view::search::Page;
use helpdeskd::desk::view::search::Rest;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::backfill;

use super::lists::NEWEST;
use super::lists::ids;
use super::lists::listing;
use super::random::execute;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "Ann Miller <ann@customer.test>";

async fn found_by(desk: &TestDesk, text: &str, page: Page, audience: Audience) -> Findings {
    let sought = text.parse().expect("it has words");
    search::search(&mut desk.read().await, &sought, page, audience).await.expect("it is answered")
}

/// The numbers of the newest entries.
async fn found(desk: &TestDesk, text: &str) -> Vec<i64> {
    let page = Page { before: FollowupId(i64::MAX), limit: 10, order: Order::Newest };
    let found = found_by(desk, text, page, Audience::Staff).await;
    found.rows.iter().map(|row| row.id.0).collect()
}

async fn listed(desk: &TestDesk, query: &str) -> Vec<i64> {
    ids(&listing(desk, query, NEWEST, 10).await)
}

#[rstest]
#[tokio::test]
async fn everything_that_is_said_is_found_however_it_is_written(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    let first = mail(ANN, "Größe des Druckers").text("Der DRÜCKER raucht. 東京都で買った。").id("1@c.test");
    desk.receive(first.attachment("Rechnung_2026.pdf", "application/pdf", b"%PDF-")).await;
    desk.by(&alex).comment(1, "Please use the water hose.").await;
    desk.by(&alex).note(1, "She called about the hose before.").await;
    for (text, hits) in [
        ("groesse", vec![]),
        ("GROSSE", vec![1]),
        ("drucker rauch", vec![1]),
        ("miller", vec![1]),
        ("ann@customer.test", vec![1]),
        ("rechnung_2026", vec![1]),
        ("東京", vec![1]),
        ("京都で", vec![1]),
        ("hose", vec![3, 2]),
        ("\"water hose\"", vec![2]),
        ("hose -water", vec![3]),
        ("hose -alex", vec![]),
        ("wat", vec![2]),
        ("wat hose", vec![]),
        ("hose wat", vec![2]),
        ("raucht hose", vec![]),
    ] {
        assert_eq!(found(&desk, text).await, hits, "{text}");
    }
    // A ticket has them in whatever entries.
    for (query, tickets) in [
        ("raucht hose", vec![1]),
        ("hose is:open", vec![1]),
        ("hose is:closed", vec![]),
        ("hose queue:support \"water hose\"", vec![1]),
        ("-hose", vec![]),
        ("-flood", vec![1]),
        ("raucht -flood", vec![1]),
        ("東京都", vec![1]),
    ] {
        assert_eq!(listed(&desk, query).await, tickets, "{query}");
    }
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_customer_finds_what_is_public_and_what_was_let_in(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer").text("It burns.").id("1@c.test")).await;
    desk.by(&alex).note(1, "It burns often.").await;
    let eve = mail("eve@stranger.test", "Re: [support-1] Printer").text("It burns here, too.");
    desk.receive_as(Authentication::Pass, eve.in_reply_to("1@c.test")).await;
    let page = Page { before: FollowupId(i64::MAX), limit: 10, order: Order::Newest };
    let public = async || {
        let found = found_by(&desk, "burns", page, Audience::Outsider).await;
        found.rows.iter().map(|row| (row.id.0, row.visibility)).collect::<Vec<_>>()
    };
    assert_eq!(found(&desk, "burns").await, [3, 2, 1]);
    assert_eq!(public().await, [(1, Visibility::Public)]);
    let current = desk.app.desk();
    let acts =
        async |tx: &mut _, action: &mut _| accept::accept(&current, tx, action, None, desk.now()).await;
    desk.by(&alex).acts_on(1, acts).await;
    assert_eq!(public().await, [(3, Visibility::Public), (1, Visibility::Public)]);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn what_is_merged_moved_or_deleted_is_found_where_it_is(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let operator = desk.operator();
    operator.open(Some("ann@customer.test"), "Printer on fire", "It burns.").await;
    operator.open(Some("bob@customer.test"), "Scanner", "It hums.").await;
    operator.open(Some("bob@customer.test"), "Secret", "Nobody may know of the xylophone.").await;
    operator.merge(2, 1).await;
    assert_eq!(listed(&desk, "hums").await, [1]);
    assert_eq!(listed(&desk, "scanner").await, [1], "by the subject that it had");
    assert_eq!(found(&desk, "scanner hums").await, [2]);
    operator.delete(3).await;
    assert_eq!((found(&desk, "xylophone").await, listed(&desk, "xylophone").await), (vec![], vec![]));
    store::db::entry_words::compare(&desk.app.db).await.expect("the index has what is kept");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_subject_is_found_where_it_is_and_not_where_it_was(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let operator = desk.operator();
    operator.open(Some("ann@customer.test"), "Printer on fire", "It burns.").await;
    operator.comment(1, "Which one?").await;
    desk.receive(mail("ann@customer.test", "Re: [support-1] Printer on fire").text("And a cupboard.")).await;
    operator.acts_on(1, async |_, action| assign::rename(action, "Toner is empty".to_owned())).await;
    assert_eq!((found(&desk, "printer").await, found(&desk, "toner burns").await), (vec![], vec![1]));
    assert_eq!(listed(&desk, "toner which").await, [1]);
    let entries = [FollowupId(3)];
    let what = Splitting { id: TicketId(1), entries: &entries, queue: None, title: Some("Cupboard door") };
    let current = desk.app.desk();
    let done = async |tx: &mut _| split::split(&current, tx, &operator.actor, &what, desk.now()).await;
    assert_eq!(operator.acts(done).await.ticket_id.0, 2);
    assert_eq!((found(&desk, "door and").await, listed(&desk, "cupboard").await), (vec![3], vec![2]));
    store::db::entry_words::compare(&desk.app.db).await.expect("the index has what is kept");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn whoever_is_erased_is_not_found_any_more(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    let first = mail(ANN, "Almonds of Miller").text("They smell of xylophone.").id("1@c.test");
    desk.receive(first.attachment("miller.txt", "text/plain", b"Ann Miller")).await;
    desk.by(&alex).note(1, "Ann Miller again.").await;
    desk.sent().await;
    let words = ["miller", "ann@customer.test", "almonds", "xylophone"];
    for word in words {
        assert!(!found(&desk, word).await.is_empty(), "{word}");
    }
    let (operator, current) = (desk.operator(), desk.app.desk());
    let id = desk.user("ann@customer.test").await.id;
    operator.acts(async |tx| erase::begin(tx, &operator.actor, id, desk.now()).await).await;
    let step = async |tx: &mut _| erase::step(&current, tx, &operator.actor, id, desk.now()).await;
    while operator.acts(step).await != Step::Done {}
    for word in words {
        assert_eq!((found(&desk, word).await, listed(&desk, word).await), (vec![], vec![]), "{word}");
    }
    assert_eq!(found(&desk, "again").await, [2]);
    store::db::entry_words::compare(&desk.app.db).await.expect("the index has what is kept");
}

#[rstest]
#[tokio::test]
async fn an_upgraded_desk_takes_the_words_that_it_has_and_goes_on_where_it_was(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for n in 1..=250 {
        let word = if n % 50 == 0 { "xylophone" } else { "request" };
        desk.operator().open(None, &format!("Matter {n}"), &format!("A {word}.")).await;
    }
    let mut tx = desk.write().await;
    execute(&mut tx, "delete from entry_words").await;
    execute(&mut tx, "update word_backfill set next = 250").await;
    tx.commit().await.expect("it commits");
    let page = Page { before: FollowupId(i64::MAX), limit: 10, order: Order::Newest };
    let before = found_by(&desk, "xylophone", page, Audience::Staff).await;
    assert_eq!((before.rows.len(), before.unindexed), (0, Some(FollowupId(250))));
    let step = backfill::step(&desk.app).await.expect("it is done").expect("there is more");
    assert_eq!((step.taken, step.next), (100, FollowupId(150)));
    assert_eq!(found(&desk, "xylophone").await, [250, 200]);
    // What was written meanwhile stays as it is.
    desk.operator().comment(1, "A xylophone, after all.").await;
    assert_eq!(backfill::backfill(&desk.app).await.expect("it is done"), 150);
    assert_eq!(found(&desk, "xylophone").await, [251, 250, 200, 150, 100, 50]);
    assert_eq!(found(&desk, "matter 77").await, [77]);
    assert_eq!(backfill::step(&desk.app).await.expect("it is done"), None);
    assert_eq!(found_by(&desk, "xylophone", page, Audience::Staff).await.unindexed, None);
    desk.sent().await;
}

/// Whatever is asked first, all is found once, the newest first, and in bounded steps.
#[rstest]
#[tokio::test]
async fn common_words_are_found_page_by_page(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.leaves_unsettled();
    fill(&desk).await;
    let all = |every: i64| (1..=12_000).rev().filter(|n| n % every == 0).collect::<Vec<_>>();
    for (text, every) in
        [("invoice", 2), ("invoice w0", 10), ("rarely", 1000), ("\"an invoice\"", 2), ("inv", 2)]
    {
        let limit = if every == 2 { 1000 } else { 400 };
        let mut page = Page { before: FollowupId(i64::MAX), limit, order: Order::Newest };
        let mut hits = Vec::new();
        loop {
            let found = found_by(&desk, text, page, Audience::Staff).await;
            hits.extend(found.rows.iter().map(|row| row.id.0));
            match found.rest {
                Rest::End => break,
                Rest::More(before) | Rest::Unseen(before) => page.before = before,
            }
        }
        assert_eq!(hits, all(every), "{text}");
    }
    let page = Page { before: FollowupId(i64::MAX), limit: 3, order: Order::Best };
    let best = found_by(&desk, "rarely", page, Audience::Staff).await;
    assert_eq!(best.rows.len(), 3);
    assert!(best.rows[0].snippet.text.contains("rarely rarely"), "{best:?}");
    let tickets = listing(&desk, "invoice rarely", NEWEST, 5).await;
    assert_eq!(ids(&tickets), [12_000, 11_000, 10_000, 9_000, 8_000]);
    let tickets = listing(&desk, "invoice w0 -rarely", NEWEST, 3).await;
    assert_eq!(ids(&tickets), [11_990, 11_980, 11_970]);
}

/// Tickets of one entry each: each second an invoice, each tenth of w0, each thousandth rare.
async fn fill(desk: &TestDesk) {
    let mut tx = desk.write().await;
    let tickets =
        "insert into tickets (uuid, queue_id, type_id, subject, status, priority, door, authentication, created_at, changed_at, version)
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000)
        select 'u' || i, 1, 1, 'A request, number ' || i, 'open', 3, 'mail', 'pass', i, i, 1 from n";
    let entries = "insert into followups (uuid, ticket_id, door, kind, visibility, text, created_at)
        select 'f' || id, id, 'mail', 'opened', 'public', 'Some words, w' || (id % 10) || ' and v' || (id % 997)
            || case when id % 2 = 0 then ' about an invoice' else '' end
            || case when id % 5000 = 0 then ' rarely rarely' when id % 1000 = 0 then ' rarely' else '' end, 1
        from tickets order by id";
    execute(&mut tx, tickets).await;
    execute(&mut tx, entries).await;
    execute(&mut tx, "update word_backfill set next = (select max(id) from followups)").await;
    tx.commit().await.expect("it commits");
    backfill::backfill(&desk.app).await.expect("their words are taken");
}
