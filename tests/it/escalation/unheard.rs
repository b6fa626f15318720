//! A ticket is raised and nobody of the desk can be told: then its customer is not written to as if somebody had been.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";
const DAILY: &str = "escalate_after = \"1d\"\n";

/// What the log of ticket 1 says of mails that were held back.
async fn held(desk: &TestDesk) -> Vec<String> {
    let log = store::events::list(&mut desk.read().await, TicketId(1)).await.expect("it is read");
    log.into_iter().filter(|event| event.kind == Kind::DeliveryHeld).filter_map(|event| event.new).collect()
}

async fn opened(on: On, desk: &str, queue: &str) -> TestDesk {
    let desk = TestDesk::with_desk(on, desk, &format!("{DAILY}{queue}")).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    assert!(desk.sent().await.recipients().contains(&ANN), "it is acknowledged");
    desk.advance(days(1));
    desk
}

/// "Your request has waited longer than it should" went out, and nobody was there who could hasten it.
#[rstest]
#[tokio::test]
async fn a_customer_alone_is_not_told_that_their_ticket_was_raised(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = opened(on, "alerts = [\"ops@elsewhere.test\"]", "").await;
    assert_eq!(desk.escalate().await, [1]);
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["ops@elsewhere.test"], "those who look after the desk");
    assert!(sent[0].text.contains("ticket 1") && sent[0].text.contains("queue support"), "{}", sent[0].text);
    assert_eq!(desk.row(1).await.priority.number(), 2, "it is raised all the same");
    assert_eq!(held(&desk).await, [format!("{ANN}: held back: no agent and no list could be told of it")]);
    desk.advance(days(1));
    assert_eq!(desk.escalate().await, [1]);
    assert_eq!(held(&desk).await.len(), 2, "each time");
    desk.sent().await;
    let told = desk.check().await;
    let bad = told.lines().find(|line| line.contains("nobody was told")).unwrap_or_default();
    assert!(bad.contains("BAD") && bad.contains("ticket 1"), "{told}");
}

#[rstest]
#[tokio::test]
async fn a_run_that_only_tells_tells_no_customer_alone_either(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = opened(on, "", "").await;
    assert_eq!(desk.escalate_notify_only().await, [1]);
    assert_eq!(desk.sent().await.to_string(), "nothing");
    assert_eq!(held(&desk).await.len(), 1);
}

#[rstest]
#[case::a_disabled_owner(true, "")]
#[case::an_agent(false, "")]
#[case::a_list(false, "updated_ticket_cc = [\"team@staff.test\"]\n")]
#[tokio::test]
async fn once_somebody_of_the_desk_hears_of_it_the_customer_does_too(
    #[case] disabled: bool,
    #[case] queue: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = opened(on, "", queue).await;
    if queue.is_empty() {
        let alex = desk.agent("alex@staff.test").await;
        desk.operator().assign(1, Some(&alex)).await;
        if disabled {
            desk.disable(&alex).await;
        }
        desk.sent().await;
    }
    assert_eq!(desk.escalate().await, [1]);
    let sent = desk.sent().await;
    let is_told = sent.iter().any(|sent| sent.to == ANN);
    assert_eq!((is_told, held(&desk).await.len()), (!disabled, usize::from(disabled)), "{sent}");
}
