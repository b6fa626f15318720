//! Ratings by mail: when a number is one, and what becomes of what stands below it.

use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::status::Status;
use rstest::rstest;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ASKS: &str = "[ratings]\nask = true\n";

/// A resolved ticket of Ann's, and what answers the mail that says so.
async fn resolved(on: On, config: &str, words: &str) -> (TestDesk, Mail) {
    let desk = TestDesk::with_config(on, config).await;
    let alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.by(&alex).resolve(1, "It is out now.").await;
    let sent = desk.sent().await;
    let last = sent.iter().rfind(|sent| sent.to == ANN).expect("she was told");
    let asks = last.text.replace(" \n", " ").contains("a number from 1 (poor) to 5 (very good)");
    assert_eq!(asks, config == ASKS, "{}", last.text);
    let answer = last.answer(words);
    (desk, answer)
}

async fn ratings(desk: &TestDesk) -> Vec<(i64, String)> {
    let rated = store::ratings::list(&mut desk.read().await, TicketId(1)).await.expect("they are read");
    rated.into_iter().map(|one| (one.value, one.text.unwrap_or_default())).collect()
}

#[rstest]
#[case("5", 5, false, 0)]
#[case("4\n\nThank you, that was quick.", 4, false, 1)]
#[case("2\n\nIt burns again.", 2, true, 1)]
#[case("5\n\nThanks! Who pays for the printer?", 5, true, 1)]
#[tokio::test]
async fn a_number_in_answer_to_the_end_of_a_ticket_is_a_rating_and_blame_or_a_question_opens_it_again(
    #[values(On::Sqlite, On::Postgres)] on: On,
    #[case] words: &str,
    #[case] value: i64,
    #[case] reopens: bool,
    #[case] mails: usize,
) {
    let (desk, answer) = resolved(on, ASKS, words).await;
    assert_eq!(desk.receive(answer).await, "followup #1");
    assert_eq!(ratings(&desk).await, [(value, words.to_owned())]);
    let expected = if reopens { Status::Reopened } else { Status::Resolved };
    assert_eq!(desk.row(1).await.status, expected);
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|sent| sent.to == ALEX).count(), mails, "{sent}");
    let events = store::events::list(&mut desk.read().await, TicketId(1)).await.expect("they are read");
    assert_eq!(events.iter().filter(|event| event.kind.as_str() == "ticket.rated").count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_number_is_no_rating_where_none_is_asked_for_or_it_answers_something_else(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, answer) = resolved(on, "", "5").await;
    desk.receive(answer).await;
    assert_eq!((ratings(&desk).await, desk.row(1).await.status), (vec![], Status::Reopened));
    desk.sent().await;

    let desk = TestDesk::with_config(on, ASKS).await;
    let alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.by(&alex).comment(1, "How many printers burn?").await;
    let asked = desk.sent().await;
    let asked = asked.iter().rfind(|sent| sent.to == ANN).expect("she was asked");
    desk.receive(asked.answer("5")).await;
    assert_eq!((ratings(&desk).await, desk.row(1).await.status), (vec![], Status::Open), "it is open");
    desk.by(&alex).resolve(1, "All are out now.").await;
    let told = desk.sent().await;
    let told = told.iter().rfind(|sent| sent.to == ANN).expect("she was told");
    desk.receive(asked.answer("4")).await;
    assert_eq!((ratings(&desk).await, desk.row(1).await.status), (vec![], Status::Reopened), "an older mail");
    desk.by(&alex).resolve(1, "Really.").await;
    desk.receive(told.answer("1").without("From").header("From", BOB)).await;
    assert_eq!((ratings(&desk).await, desk.row(1).await.status), (vec![], Status::Resolved), "a stranger");
    desk.receive(told.answer("3")).await;
    desk.receive(told.answer("4")).await;
    assert_eq!(ratings(&desk).await, [(4, "4".to_owned())], "the last one counts");
    desk.sent().await;
}
