//! Mailboxes and daemons that handle the same mail at the same moment, on purpose and by the hundred.
//!
//! On SQLite there is one writer, and the same stories show that nothing else differs.

use std::collections::BTreeMap;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::desk::app::App;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::handle;
use helpdeskd::worker::handle::Item;
use rstest::rstest;
use sqlx::PgPool;
use tokio::task::JoinHandle;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const SALES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";
const BOTH: &str = "support@desk.test, sales@desk.test";
/// Longer than anything that still works takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Both looked for the Message-ID before either of them had written it.
#[rstest]
#[tokio::test]
async fn a_mail_that_two_mailboxes_handle_at_the_same_moment_is_one_ticket(
    #[values(On::Sqlite, On::Postgres)] on: On,
    #[values(true, false)] has_id: bool,
) {
    let desk = TestDesk::with_config(on, SALES).await;
    let request = mail("ann@customer.test", "Printer on fire").to(BOTH);
    let request = if has_id { request } else { request.without("Message-ID") };
    let items = [("support", "from a by b"), ("sales", "from c by d")];
    let items = items.map(|(slug, way)| (slug, request.clone().stamped("Received", way)));
    at_the_same_moment(&desk, items).await;
    assert_eq!(desk.tickets().await, "#1 open `Printer on fire`, 1 message");
    assert_eq!(outcomes(&desk).await, ["duplicate #1", "ticket #1"]);
    assert_eq!(desk.sent().await.len(), 1, "one acknowledgement");
}

#[rstest]
#[tokio::test]
async fn an_answer_that_two_mailboxes_handle_at_the_same_moment_is_one_entry(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, SALES).await;
    desk.receive(mail("ann@customer.test", "Printer on fire").id("first@client.test")).await;
    desk.sent().await;
    let answer = mail("ann@customer.test", "Re: Printer on fire").in_reply_to("first@client.test").to(BOTH);
    at_the_same_moment(&desk, [("support", answer.clone()), ("sales", answer)]).await;
    assert_eq!(desk.tickets().await, "#1 open `Printer on fire`, 2 messages");
    // Nothing shows whose it is: the desk checks mail itself here, and the answer holds no token.
    assert_eq!(outcomes(&desk).await, ["duplicate #1", "followup #1 (unproven)", "ticket #1"]);
}

/// Somebody repeats an id: then it is another mail, but of the same conversation.
#[rstest]
#[tokio::test]
async fn other_words_under_the_same_id_join_the_ticket_that_is_just_being_opened(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, SALES).await;
    let request = mail("ann@customer.test", "Printer on fire").id("first@client.test");
    let other = request.clone().text("The same, for the sales team.");
    at_the_same_moment(&desk, [("support", request), ("sales", other)]).await;
    assert_eq!(desk.tickets().await, "#1 open `Printer on fire`, 2 messages");
}

/// A second thought, sent to the other address before the first mail was a ticket.
#[rstest]
#[tokio::test]
async fn an_answer_to_a_mail_that_is_just_being_opened_finds_its_ticket(
    #[values(On::Sqlite, On::Postgres)] on: On,
    #[values(true, false)] is_direct: bool,
) {
    let desk = TestDesk::with_config(on, SALES).await;
    let request = mail("ann@customer.test", "Printer on fire").id("first@client.test");
    let second = mail("ann@customer.test", "Re: Printer on fire");
    let second = if is_direct {
        second.in_reply_to("first@client.test")
    } else {
        second.references(&["first@client.test"])
    };
    at_the_same_moment(&desk, [("support", request), ("sales", second)]).await;
    assert_eq!(desk.tickets().await, "#1 open `Printer on fire`, 2 messages");
}

/// One daemon with two mailboxes, then two daemons: each mail is in both mailboxes, in contrary order.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_mails_in_two_mailboxes_at_once_are_each_one_ticket_or_entry(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    const REQUESTS: usize = 80;
    const ANSWERS: usize = 60;
    let desk = TestDesk::with_config(on, SALES).await;
    let second = desk.another(2).await;
    for (round, other) in [&desk.app, &second, &desk.app, &second].into_iter().enumerate() {
        let author = |n: usize| format!("ann{n}@customer{n}.test");
        let id = |n: usize| format!("{round}.{n}@client.test");
        let subject = |n: usize| format!("Matter {round}.{n}");
        let requests = (0..REQUESTS).map(|n| mail(&author(n), &subject(n)).id(&id(n)));
        race(&desk, other, requests).await;
        let answer = |n: usize, word: &str| {
            let answer = mail(&author(n), &format!("Re: {}", subject(n))).text(word);
            answer.id(&format!("{word}.{}", id(n))).in_reply_to(&id(n))
        };
        race(&desk, other, (0..ANSWERS).map(|n| answer(n, "first"))).await;
        // Different ones now, so that each task has tickets which the other one wants.
        let mut here = record(&desk, "support", (0..ANSWERS).map(|n| answer(n, "second"))).await;
        let there = record(&desk, "sales", (0..ANSWERS).map(|n| answer(n, "third"))).await;
        here.reverse();
        both(begin(&desk, &desk.app, here), begin(&desk, other, there)).await;
    }
    let tickets = tickets(&desk).await;
    let once: BTreeMap<String, usize> =
        (0..4).flat_map(|round| (0..REQUESTS).map(move |n| (format!("Matter {round}.{n}"), 1))).collect();
    assert_eq!(count(tickets.iter().map(|(_, subject)| subject.clone())), once);
    for (id, subject) in tickets {
        let (_, n) = subject.rsplit_once('.').expect("it has a number");
        let entries = if n.parse::<usize>().expect("it is a number") < ANSWERS { 4 } else { 1 };
        assert_eq!(desk.followups(id.0).await.len(), entries, "{subject}");
    }
    assert_eq!(desk.sent().await.len(), 4 * REQUESTS, "each request was acknowledged once");
}

/// Lets both mails come to the point where their ticket is written, the first one first, and then go on.
async fn at_the_same_moment(desk: &TestDesk, mails: [(&str, Mail); 2]) {
    let [(slug, mail), (other_slug, other)] = mails;
    let first = desk.record(slug, mail.into(), Extent::Full).await;
    let second = desk.record(other_slug, other.into(), Extent::Full).await;
    let Db::Postgres(pool) = &desk.app.db else {
        // Its one writer takes them one after the other, whoever comes first.
        begin(desk, &desk.app, vec![first]).await.expect("it ends");
        return begin(desk, &desk.app, vec![second]).await.expect("it ends");
    };
    let gate = shut(pool).await;
    let one = begin(desk, &desk.app, vec![first]);
    until_waiting(pool, 1).await;
    let two = begin(desk, &desk.app, vec![second]);
    until_waiting(pool, 2).await;
    drop(gate);
    both(one, two).await;
}

async fn both(one: JoinHandle<()>, two: JoinHandle<()>) {
    one.await.expect("it ends");
    two.await.expect("it ends");
}

/// Keeps everybody from writing to a ticket, until it is dropped.
async fn shut(pool: &PgPool) -> sqlx::Transaction<'static, sqlx::Postgres> {
    let mut gate = pool.begin().await.expect("a transaction begins");
    let lock = "lock table tickets in exclusive mode";
    sqlx::raw_sql(lock).execute(&mut *gate).await.expect("it is locked");
    gate
}

/// Waits until so many of the desk's transactions stand still.
async fn until_waiting(pool: &PgPool, count: i64) {
    let sql = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    let begun = Instant::now();
    while sqlx::query_scalar::<_, i64>(sql).fetch_one(pool).await.expect("it is counted") < count {
        assert!(begun.elapsed() < PATIENCE, "not {count} transactions wait");
    }
}

fn begin(desk: &TestDesk, app: &App, items: Vec<Item>) -> JoinHandle<()> {
    let (app, rules) = (app.clone(), desk.rules.clone());
    let tasks = app.tasks.clone();
    tasks.spawn(async move { handle::handle(&app, items, &rules).await.expect("the database answers") })
}

/// The same mails in two mailboxes, which two tasks handle; the second one from the last to the first.
async fn race(desk: &TestDesk, other: &App, mails: impl Iterator<Item = Mail>) {
    let mails: Vec<Mail> = mails.map(|mail| mail.to(BOTH)).collect();
    let here = record(desk, "support", mails.clone().into_iter()).await;
    let mut there = record(desk, "sales", mails.into_iter()).await;
    there.reverse();
    both(begin(desk, &desk.app, here), begin(desk, other, there)).await;
}

async fn record(desk: &TestDesk, slug: &str, mails: impl Iterator<Item = Mail>) -> Vec<Item> {
    let mut items = Vec::new();
    for mail in mails {
        items.push(desk.record(slug, mail.into(), Extent::Full).await);
    }
    items
}

async fn outcomes(desk: &TestDesk) -> Vec<String> {
    let mut outcomes: Vec<String> = desk.journal().await.lines().map(str::to_owned).collect();
    outcomes.sort();
    outcomes
}

async fn tickets(desk: &TestDesk) -> Vec<(TicketId, String)> {
    let tickets = store::tickets::list(&mut desk.read().await, TicketId(i64::MAX), 2000).await;
    tickets.expect("it is read").into_iter().map(|ticket| (ticket.id, ticket.subject.clone())).collect()
}

fn count(words: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for word in words {
        *counted.entry(word).or_default() += 1;
    }
    counted
}
