//! Agents who ask the desk by mail what there is.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::story::On;
use crate::support::story::Sent;

/// A text without its line breaks.
fn words(mail: &Sent) -> String {
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[rstest]
#[tokio::test]
async fn an_agent_gets_a_list_and_a_ticket_and_answers_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let second = mail(&format!("Ann Lee <{ANN}>"), "Paper is out").text("There is no paper left.");
    assert_eq!(office.receives(second).await, "ticket #2");
    assert_eq!(office.reply("#note\nShe has the old model.").await, "followup #1 (note)");
    office.desk.sent().await;

    let asks = mail(ALEX, "what is up").text("#list is:open fire\n#list owner:me\n\n-- \nAlex\n");
    assert_eq!(office.receives(asks).await, "ignored (question)");
    let sent = office.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALEX]);
    let texts: Vec<String> = sent.iter().map(words).collect();
    let found = "[support-1] Printer on fire open, 3, nobody / Ann Lee, 2026-03-02 09:00 UTC";
    assert!(texts[0].contains(found) && !texts[0].contains("Paper"), "{}", texts[0]);
    assert!(texts[1].contains("No ticket is like that."), "{}", texts[1]);

    let asks = mail(ALEX, "what is up").text("#show support-1\n");
    assert_eq!(office.receives(asks).await, "ignored (question)");
    let sent = office.desk.sent().await;
    let shown = sent.to(ALEX);
    assert!(shown.subject.ends_with("[support-1] Printer on fire"), "{}", shown.subject);
    let both = ["My printer is on fire", "She has the old model.", "Private: only agents see this."];
    assert!(both.iter().all(|words| shown.text.contains(words)), "{}", shown.text);

    // It is a mail about the ticket, and nothing of it goes out with the answer.
    assert_eq!(office.receives(shown.answer("Use water.")).await, "followup #1");
    let sent = office.desk.sent().await;
    let answer = sent.to(ANN);
    assert!(answer.text.contains("Use water.") && !answer.raw.contains("old model"), "{}", answer.text);
    assert_eq!(office.received().await.len(), 6, "no question is a ticket");
}

#[rstest]
#[tokio::test]
async fn an_agent_searches_by_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    assert_eq!(office.reply("#note\nShe has the old model.").await, "followup #1 (note)");
    office.desk.sent().await;
    let asks = mail(ALEX, "x").text("#search \"old model\"\n#search xylophone\n#search ?!\n");
    assert_eq!(office.receives(asks).await, "ignored (question)");
    let sent = office.desk.sent().await;
    let texts: Vec<String> = sent.iter().map(words).collect();
    let found = ["[support-1] Printer on fire", "She has the old model."];
    assert!(found.iter().all(|words| texts[0].contains(words)), "{}", texts[0]);
    assert!(texts[1].contains("No ticket is like that."), "{}", texts[1]);
    assert!(texts[2].contains("there is no word to look for"), "{}", texts[2]);
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_answered_is_said_to_its_author(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let wrong = "#list is:burning\n#list queue:moon\n#show 99\n#show me\n";
    assert_eq!(office.receives(mail(ALEX, "x").text(wrong)).await, "ignored (question)");
    let sent = office.desk.sent().await;
    let texts: Vec<String> = sent.iter().map(words).collect();
    let said = [
        "a ticket is never `burning`",
        "there is no queue `moon`",
        "There is no ticket 99.",
        "`#show me` cannot",
    ];
    assert_eq!(texts.len(), said.len());
    assert!(said.iter().zip(&texts).all(|(said, text)| text.contains(said)), "{texts:#?}");
}

#[rstest]
#[case::a_customer(ANN, Authentication::Pass)]
#[case::nothing_vouches(ALEX, Authentication::Unknown)]
#[case::nothing_at_all(ALEX, Authentication::None)]
#[tokio::test]
async fn nobody_else_is_answered(
    #[case] from: &str,
    #[case] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let asks = mail(from, "what is up").text("#list\n#show 1\n");
    let became = office.receive_as(proof, asks).await;
    assert!(became.starts_with("ticket #2"), "it is a request like any other: {became}");
    let sent = office.desk.sent().await;
    assert!(sent.iter().all(|mail| !mail.text.contains("on fire since")), "{:?}", sent.recipients());
}
