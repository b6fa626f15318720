//! A ticket as staff and as outsiders see it, and a customer with their tickets.

use rstest::rstest;

use helpdeskd::desk::view::Audience;
use helpdeskd::desk::view::customer;
use helpdeskd::desk::view::list::Page;
use helpdeskd::desk::view::list::Rest;
use helpdeskd::desk::view::ticket;
use helpdeskd::desk::view::ticket::Whole;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

async fn whole(desk: &TestDesk, id: i64, audience: Audience) -> Whole {
    let found = ticket::ticket(&mut desk.read().await, TicketId(id), audience).await.expect("it is read");
    found.expect("it is there")
}

#[rstest]
#[tokio::test]
async fn an_outsider_sees_what_is_public_and_nothing_else(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let agent = desk.agent("alex@staff.test").await;
    desk.receive(mail("ann@customer.test", "Printer on fire").attachment("a.txt", "text/plain", b"public"))
        .await;
    desk.receive(
        mail("alex@staff.test", "Re: [support-1] Printer on fire").text("#note\n\nShe again.").attachment(
            "b.txt",
            "text/plain",
            b"private",
        ),
    )
    .await;
    desk.by(&agent).assign(1, Some(&agent)).await;
    desk.by(&agent).note(1, "A note.").await;
    desk.by(&agent).comment(1, "Water?").await;
    desk.operator().tag(1, "fire").await;
    desk.operator().cc(1, "joe@customer.test").await;
    let staff = whole(&desk, 1, Audience::Staff).await;
    let outsider = whole(&desk, 1, Audience::Outsider).await;
    let said = |whole: &Whole| whole.followups.iter().map(|entry| entry.visibility).collect::<Vec<_>>();
    assert!(said(&staff).contains(&Visibility::Private), "{:?}", said(&staff));
    assert_eq!(said(&outsider), [Visibility::Public; 2]);
    let public = outsider.followups.iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert!(outsider.attachments.iter().all(|file| public.contains(&file.followup_id)));
    assert_eq!(outsider.attachments.len(), 1);
    assert!(staff.attachments.len() >= outsider.attachments.len());
    assert_eq!((staff.tags.len(), staff.ccs.len()), (1, 1));
    assert!(outsider.tags.is_empty() && outsider.ccs.is_empty());
    assert!(outsider.changes.is_empty() && outsider.people.is_empty() && outsider.failures.is_empty());
    let owner = staff.changes.iter().find(|change| change.field == "owner").expect("it was assigned");
    assert_eq!((staff.value(owner, &owner.old), staff.value(owner, &owner.new)), ("-", "alex"));
    assert_eq!(staff.person(owner.actor_id.expect("alex did it")).expect("they are named").name, "alex");
    let missing = ticket::ticket(&mut desk.read().await, TicketId(99), Audience::Staff).await;
    assert!(missing.expect("it is read").is_none());
    desk.deliver().await;
}

#[rstest]
#[tokio::test]
async fn a_customer_is_shown_with_their_newest_tickets(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    for address in ["ann@customer.test", "joe@customer.test", "ann@customer.test", "ann@customer.test"] {
        desk.operator().open(Some(address), "Matter", "words").await;
    }
    let ann = desk.user("ann@customer.test").await;
    let page = Page { before: TicketId(i64::MAX), limit: 2 };
    let mut tx = desk.read().await;
    let found = customer::customer(&mut tx, ann.id, page).await.expect("it is read").expect("she is known");
    let ids: Vec<i64> = found.tickets.rows.iter().map(|row| row.named.ticket.id.0).collect();
    assert_eq!((found.user.id, ids, found.tickets.rest), (ann.id, vec![4, 3], Rest::More(TicketId(3))));
    assert!(customer::customer(&mut tx, UserId(99), page).await.expect("it is read").is_none());
    drop(tx);
    desk.deliver().await;
}
