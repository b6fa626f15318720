//! Whoever acts no more, or in another role.

use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::person;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::person::Role;
use rstest::rstest;

use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::story::On;
use crate::support::story::Sent;

#[rstest]
#[tokio::test]
async fn whoever_is_disabled_hands_their_open_tickets_back_and_the_other_agents_hear_of_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.agent("bea@staff.test").await;
    let hand = office.operator();
    let resolved = hand.open(Some(ANN), "Over", "It is over.").await;
    let other = hand.open(Some(ANN), "Other", "It burns.").await;
    for id in [1, resolved, other] {
        hand.assign(id, Some(&office.alex)).await;
    }
    hand.resolve(resolved, "Water.").await;
    office.sent().await;
    let (alex, now) = (office.alex.id, office.now());
    assert!(hand.acts(async |tx| person::disable(tx, &Actor::operator(), alex, now).await).await);
    let desk = office.app.desk();
    let back = hand.acts(async |tx| person::hand_back(&desk, tx, &hand.actor, alex, now).await).await;
    assert_eq!(back, [TicketId(1), TicketId(other)]);
    let again = hand.acts(async |tx| person::hand_back(&desk, tx, &hand.actor, alex, now).await).await;
    assert_eq!(again, []);
    assert_eq!((office.row(1).await.owner_id, office.row(resolved).await.owner_id), (None, Some(alex)));
    let told = office.sent().await;
    assert_eq!(told.recipients(), ["bea@staff.test", "bea@staff.test"]);
    let says = |sent: &&Sent| sent.text.contains("alex acts no more: nobody has this ticket now.");
    assert_eq!(told.iter().filter(says).count(), 2);
    let log = store::events::list_of_user(&mut office.read().await, alex).await.expect("it is read");
    assert_eq!((log[0].kind.as_str(), log[0].field.as_str()), ("user.changed", "state"));
}

#[rstest]
#[tokio::test]
async fn an_agent_who_is_made_a_customer_has_no_tickets_and_one_who_acts_keeps_theirs(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let hand = office.operator();
    hand.assign(1, Some(&office.alex)).await;
    let (desk, alex, now) = (office.app.desk(), office.alex.id, office.now());
    let mut tx = office.write().await;
    let refused = person::hand_back(&desk, &mut tx, &hand.actor, alex, now).await;
    assert_eq!(refused.expect_err("he acts").to_string(), "an agent who acts keeps their tickets");
    drop(tx);
    let role = (Role::Customer, None);
    hand.acts(async |tx| person::set_role(tx, &hand.actor, alex, role, now).await).await;
    let back = hand.acts(async |tx| person::hand_back(&desk, tx, &hand.actor, alex, now).await).await;
    assert_eq!(back, [TicketId(1)]);
}
