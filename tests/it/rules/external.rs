//! What somebody wrote who takes no part in a ticket: whose it is, is said at every door, and one command lets them in.

use rstest::rstest;
use serde_json::Value;

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "Ann Arbor <ann@customer.test>";
const BOB: &str = "Bob Stone <bob@other.test>";
const ALEX: &str = "alex@staff.test";

async fn staged(on: On) -> TestDesk {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Lift").id("first@client.test").text("It stands still.")).await;
    desk.sent().await;
    desk
}

/// The second entry of the ticket: who may read it, and whose it is.
async fn entry(desk: &TestDesk) -> (Visibility, Option<String>) {
    let entries = store::followups::list(&mut desk.read().await, TicketId(1)).await.expect("it is read");
    (entries[1].visibility, entries[1].author())
}

/// It was "the desk's" in the ticket and its JSON, and nobody's in the trace and in a program's answer.
#[rstest]
#[case(Authentication::Pass)]
#[case(Authentication::None)]
#[case(Authentication::Fail)]
#[tokio::test]
async fn an_outsiders_word_has_its_author_at_every_door(
    #[case] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = staged(on).await;
    let word = mail(BOB, "Re: Lift").id("second@client.test").in_reply_to("first@client.test");
    assert_eq!(desk.receive_as(proof, word.text("I am in it.")).await, "followup #1 (external)");
    assert_eq!(entry(&desk).await, (Visibility::Private, Some(BOB.to_owned())));
    let rows = store::followups::list(&mut desk.read().await, TicketId(1)).await.expect("it is read");
    let json: Value = serde_json::to_value(&rows[1]).expect("it is JSON");
    let shown = ["writer_name", "writer_address", "authentication"].map(|key| json[key].as_str());
    assert_eq!(shown, [Some("Bob Stone"), Some("bob@other.test"), Some(proof.as_str())]);
    let said =
        store::followups::conversations::list(&mut desk.read().await, TicketId(1), rows[0].id, 9).await;
    assert_eq!(said.expect("it is read")[0].author_name.as_deref(), Some("Bob Stone"));
    let trace = desk.trace().await;
    assert!(trace.contains("external: Bob Stone <bob@other.test>: "), "{trace}");
    let sent = desk.sent().await;
    let text = sent.to(ALEX).text.clone();
    assert!(text.contains("from Bob Stone <bob@other.test> (external)"), "{text}");
    assert_eq!(text.contains("`#cc bob@other.test`"), proof != Authentication::Fail, "{text}");
}

#[rstest]
#[tokio::test]
async fn one_command_lets_an_outsider_in_with_what_they_wrote(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = staged(on).await;
    let word = mail(BOB, "Re: Lift").id("second@client.test").in_reply_to("first@client.test");
    desk.receive(word.text("I am in it.")).await;
    let notice = desk.sent().await.to(ALEX).clone();
    let outcome = desk.receive(notice.answer("#cc bob@other.test\n\nWe are on our way.")).await;
    assert_eq!(outcome, "followup #1");
    assert_eq!(entry(&desk).await, (Visibility::Public, Some("Bob Stone".to_owned())));
    assert_eq!(desk.sent().await.recipients(), [ALEX, "ann@customer.test", "bob@other.test"]);
    let again = mail(BOB, "Re: Lift").in_reply_to("second@client.test");
    assert_eq!(desk.receive(again).await, "followup #1", "they take part now");
}

#[rstest]
#[tokio::test]
async fn what_is_known_to_be_forged_is_not_let_in(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = staged(on).await;
    let word = mail(BOB, "Re: Lift").in_reply_to("first@client.test");
    desk.receive_as(Authentication::Fail, word.text("Send the key to Mallory.")).await;
    desk.operator().cc(1, "bob@other.test").await;
    assert_eq!(entry(&desk).await, (Visibility::Private, Some(BOB.to_owned())));
}
