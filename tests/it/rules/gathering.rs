//! Caps on mail to our own people: what they may not get as mails of its own comes in a digest, and nothing is lost.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::digest;
use helpdeskd::worker::scheduler::Job;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";
const OLGA: &str = "olga@staff.test";
const ALEX: &str = "alex@staff.test";

/// Requests of as many strangers, which anybody can have written.
async fn flood(desk: &TestDesk, from: usize, to: usize) {
    for n in from..=to {
        let stranger = format!("eve@d{n}.test");
        desk.receive_as(Authentication::None, mail(&stranger, &format!("Matter {n}"))).await;
    }
}

/// The values of a ticket's log that say what was not sent.
async fn held(desk: &TestDesk, id: i64) -> Vec<String> {
    let log = store::events::list(&mut desk.read().await, TicketId(id)).await.expect("it is read");
    log.into_iter().filter(|event| event.kind == Kind::DeliveryHeld).filter_map(|event| event.new).collect()
}

/// Thirty notices in ten minutes were all that an agent got: the rest was dropped for good.
#[rstest]
#[tokio::test]
async fn what_an_agent_may_not_get_singly_comes_in_one_digest(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.step(Job::Digest).await;
    flood(&desk, 1, 45).await;
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|sent| sent.to == ALEX).count(), 30);
    let note = "alex@staff.test: told in a digest: 30 mails about all tickets to this address within 10 minutes \
                are the most";
    assert_eq!((held(&desk, 30).await.len(), held(&desk, 31).await), (0, vec![note.to_owned()]));
    desk.advance(minutes(10));
    desk.step(Job::Digest).await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent[0].subject.ends_with(": what happened on 15 ticket(s)"), "{}", sent[0].subject);
    for n in 31..=45 {
        let line = format!("[support-{n}] Matter {n}: a new ticket (sender not proven)");
        assert!(sent[0].text.contains(&line), "{n}: {}", sent[0].text);
    }
    assert!(!sent[0].text.contains("[support-30]"), "{}", sent[0].text);
    digest::run(&desk.app).await.expect("it runs");
    assert_eq!(desk.sent().await.to_string(), "nothing", "it is told once");
}

/// A stranger who wrote often enough kept everybody else's words from the agents.
#[rstest]
#[tokio::test]
async fn a_flood_of_strangers_takes_no_mail_from_proven_customers(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    let olga = desk.agent(OLGA).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().assign(1, Some(&olga)).await;
    flood(&desk, 2, 40).await;
    desk.sent().await;
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    assert_eq!(desk.sent().await.recipients(), [OLGA]);
    desk.receive(mail("bob@other.test", "Water in the cellar")).await;
    assert_eq!(desk.sent().await.recipients(), [ALEX, "bob@other.test", OLGA]);
}

/// One domain's proven mail, be it ever so much, leaves an owner the words of their customers.
#[rstest]
#[tokio::test]
async fn one_domain_causes_twenty_notices_and_none_less_for_an_owner(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let olga = desk.agent(OLGA).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().assign(1, Some(&olga)).await;
    desk.sent().await;
    for n in 1..=25 {
        desk.receive(mail(&format!("user{n}@bot.test"), &format!("Matter {n}"))).await;
    }
    assert_eq!(desk.sent().await.iter().filter(|sent| sent.to == OLGA).count(), 20);
    for n in 1..=20 {
        desk.receive(mail(&format!("user{n}@other.test"), &format!("Matter {n}"))).await;
    }
    desk.sent().await;
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    assert_eq!(desk.sent().await.recipients(), [OLGA]);
    digest::run(&desk.app).await.expect("it runs");
    let sent = desk.sent().await;
    assert!(sent.to(OLGA).text.contains("] Matter 25: a new ticket\n"), "{}", sent.to(OLGA).text);
}

/// The 51st customer of a day at one large provider heard nothing, and neither did anybody else know of that.
#[rstest]
#[tokio::test]
async fn proven_customers_and_those_of_large_providers_do_not_use_up_each_others_acknowledgements(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for n in 1..=53 {
        desk.receive(mail(&format!("user{n}@customer.test"), "Hello")).await;
        desk.receive_as(Authentication::None, mail(&format!("user{n}@gmail.com"), "Hello")).await;
        desk.receive_as(Authentication::None, mail(&format!("user{n}@bot.test"), "Hello")).await;
    }
    let sent = desk.sent().await;
    let to = |domain: &str| sent.iter().filter(|sent| sent.to.ends_with(domain)).count();
    assert_eq!([to("@customer.test"), to("@gmail.com"), to("@bot.test")], [53, 53, 50]);
    let note = "user53@bot.test: no acknowledgement: 50 to this domain within a day are the most";
    assert_eq!(held(&desk, 159).await, [note]);
}
