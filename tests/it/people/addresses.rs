//! Further addresses of one person count as theirs, whatever they write from.

use helpdeskd::desk::person::address;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::person::User;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::Office;
use crate::support::story::On;
use crate::support::story::TestDesk;

const HOME: &str = "Ann.Lee@home.test";
const ALEX_HOME: &str = "alex@home.test";

/// From now on this is an address of theirs, too.
async fn also(desk: &TestDesk, user: &User, more: &str) -> User {
    let (hand, now, current) = (desk.operator(), desk.now(), desk.app.desk());
    hand.acts(async |tx| address::add(&current, tx, &hand.actor, (user.id, more), now).await).await
}

#[rstest]
#[tokio::test]
async fn a_customer_goes_on_from_another_address_of_theirs_and_is_answered_there(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let ann = also(&office, &office.user(ANN).await, HOME).await;
    let follow = office.told.to(ANN).answer("It is out now.").header("From", HOME);
    assert_eq!(office.receives(follow).await, "followup #1");
    let entries = office.followups(1).await;
    let last = entries.last().expect("it is an entry");
    assert_eq!((last.author_id, last.visibility.as_str()), (Some(ann.id), "public"));
    // Staff alone hear of it: nobody is told their own words at the other address.
    assert_eq!(office.sent().await.recipients(), [ALEX]);
    office.reply("Good.").await;
    assert_eq!(office.sent().await.recipients(), [HOME]);
    // Back at the first address they are answered there.
    let back = mail(ANN, "Re: [support-1] Printer on fire").in_reply_to("first@client.test");
    assert_eq!(office.receives(back.text("I am at work.")).await, "followup #1");
    office.reply("Fine.").await;
    assert!(office.sent().await.recipients().contains(&ANN));
}

#[rstest]
#[tokio::test]
async fn a_request_from_a_further_address_is_the_persons_and_its_answers_go_there(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let ann = also(&office, &office.user(ANN).await, HOME).await;
    let request = mail(HOME, "Heating").id("second@client.test").text("It is cold.");
    assert_eq!(office.receives(request).await, "ticket #2");
    assert_eq!(office.row(2).await.submitter_id, Some(ann.id));
    let told = office.sent().await;
    assert_eq!(told.to(HOME).subject, "[support-2] Heating");
    office.operator().comment(2, "It is warm again.").await;
    assert_eq!(office.sent().await.recipients(), [HOME]);
    // What is about the first ticket goes where that was written from.
    office.operator().comment(1, "It is out.").await;
    assert_eq!(office.sent().await.recipients(), [ANN]);
}

#[rstest]
#[tokio::test]
async fn an_agents_answer_from_a_further_address_is_an_agents(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    also(&office, &office.alex, ALEX_HOME).await;
    let answer = office.notice().answer("Pour water on it.").header("From", ALEX_HOME);
    assert_eq!(office.receives(answer).await, "followup #1");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [ANN]);
    assert!(told.to(ANN).text.contains("Pour water on it."));
}

#[rstest]
#[tokio::test]
async fn somebody_copied_at_a_further_address_hears_there_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let bob = office.customer(BOB).await;
    also(&office, &bob, "bob@home.test").await;
    let hand = office.operator();
    assert!(hand.cc(1, "Bob@home.test").await);
    assert!(!hand.cc(1, BOB).await, "it is the same person");
    hand.comment(1, "It is out.").await;
    assert_eq!(office.sent().await.recipients(), ["Bob@home.test", ANN]);
    // Whoever takes part does so from each of their addresses.
    let mail = mail(BOB, "Re: [support-1] Printer on fire").text("Thanks.");
    assert_eq!(office.receives(mail).await, "followup #1");
    hand.comment(1, "Closing soon.").await;
    assert!(office.sent().await.recipients().contains(&BOB));
}

#[rstest]
#[tokio::test]
async fn what_goes_to_any_address_of_a_person_counts_towards_their_caps(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    also(&office, &office.user(ANN).await, HOME).await;
    office.desk.receive_as(Authentication::None, mail(ANN, "0").text("Hello")).await;
    for (n, from) in [(1, HOME), (2, ANN), (3, HOME), (4, ANN), (5, HOME), (6, ANN)] {
        office.desk.receive_as(Authentication::None, mail(from, &format!("{n}?")).text("Hello")).await;
    }
    let told = office.sent().await;
    let to_ann = told.recipients().iter().filter(|to| **to == ANN || **to == HOME).count();
    assert_eq!(to_ann, 5, "unproven mail is acknowledged five times a day, not five for each address");
}

#[rstest]
#[tokio::test]
async fn an_address_is_one_persons_and_what_is_taken_away_is_nobodys(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let (ann, bob) = (office.user(ANN).await, office.customer(BOB).await);
    let (desk, hand, now) = (office.app.desk(), office.operator(), office.now());
    let mut tx = office.write().await;
    let taken = address::add(&desk, &mut tx, &hand.actor, (ann.id, BOB), now).await.expect_err("it is Bob's");
    let says = format!("`helpdeskd user merge {} {}` makes one person of both", bob.id, ann.id);
    assert!(taken.to_string().contains(&says), "{taken}");
    let own = address::add(&desk, &mut tx, &hand.actor, (ann.id, "support@desk.test"), now).await;
    assert!(own.expect_err("it is the queue's").to_string().contains("an address of a queue"));
    let first = address::remove(&mut tx, &hand.actor, (ann.id, ANN), now).await.expect_err("it is the first");
    assert!(first.to_string().contains("user address primary"), "{first}");
    drop(tx);
    also(&office, &ann, HOME).await;
    assert_eq!(office.receives(mail(HOME, "Heating").text("Cold.")).await, "ticket #2");
    let ann = hand.acts(async |tx| address::put_first(tx, &hand.actor, (ann.id, HOME), now).await).await;
    assert_eq!(ann.email.as_deref(), Some(HOME));
    let ann = hand.acts(async |tx| address::remove(tx, &hand.actor, (ann.id, ANN), now).await).await;
    assert!(ann.addresses.keys().is_empty());
    let nobody = store::users::find_by_email(&mut office.read().await, ANN).await.expect("it is read");
    assert!(nobody.is_none());
    office.sent().await;
}
