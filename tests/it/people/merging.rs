//! Two people who turn out to be one.

use helpdeskd::desk::person;
use helpdeskd::desk::person::merge;
use helpdeskd::store;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::Office;
use crate::support::story::On;

const HOME: &str = "ann@home.test";

#[rstest]
#[tokio::test]
async fn what_was_the_ones_is_the_others_and_each_ticket_is_answered_where_it_was_asked(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    assert_eq!(
        office.receives(mail(HOME, "Heating").id("heat@client.test").text("Cold.")).await,
        "ticket #2"
    );
    let hand = office.operator();
    let third = hand.open(Some(BOB), "Door", "It squeaks.").await;
    hand.cc(third, HOME).await;
    hand.cc(third, ANN).await;
    hand.cc(1, HOME).await;
    let told = office.sent().await;
    let (ann, home, now) = (office.user(ANN).await.id, office.user(HOME).await.id, office.now());
    hand.acts(async |tx| merge::merge(tx, &hand.actor, (home, ann), now).await).await;
    assert_eq!(office.user(HOME).await.id, ann);
    assert_eq!(office.row(2).await.submitter_id, Some(ann));
    assert!(office.followups(2).await.iter().all(|entry| entry.author_id != Some(home)));
    for (id, to) in [(2, vec![HOME]), (1, vec![ANN]), (third, vec![ANN, BOB])] {
        hand.comment(id, "We come.").await;
        let mut recipients =
            office.sent().await.recipients().iter().map(ToString::to_string).collect::<Vec<_>>();
        recipients.sort();
        assert_eq!(recipients, to, "ticket {id}");
    }
    // An answer to a mail of before is theirs.
    let again = told.to(HOME).answer("It is warm.").header("From", ANN);
    assert_eq!(office.receives(again).await, "followup #2");
    let last = office.followups(2).await.pop().expect("it is an entry");
    assert_eq!((last.author_id, last.visibility.as_str()), (Some(ann), "public"));
    assert!(office.receives(mail(HOME, "Heating").id("heat@client.test").text("Cold.")).await.contains("#2"));
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn whoever_was_merged_says_into_whom_and_changes_no_more(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let (ann, bob) = (office.user(ANN).await.id, office.customer(BOB).await.id);
    let (hand, now) = (office.operator(), office.now());
    let mut tx = office.write().await;
    let into_customer = merge::merge(&mut tx, &hand.actor, (office.alex.id, ann), now).await;
    assert!(into_customer.expect_err("he is an agent").to_string().contains("merge the customer into them"));
    drop(tx);
    hand.acts(async |tx| merge::merge(tx, &hand.actor, (bob, ann), now).await).await;
    let mut tx = office.write().await;
    let refused = person::rename(&mut tx, &hand.actor, bob, "Bob", now).await.expect_err("he is Ann");
    assert_eq!(refused.to_string(), format!("person {bob} was merged into {ann}"));
    let again = merge::merge(&mut tx, &hand.actor, (bob, ann), now).await.expect_err("he is Ann");
    assert!(again.to_string().contains("was merged into"));
    drop(tx);
    let log = store::events::list_of_user(&mut office.read().await, bob).await.expect("it is read");
    assert_eq!(log.last().and_then(|event| event.new.clone()), Some(ann.to_string()));
}
