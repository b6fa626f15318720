//! Two agents who answer one ticket, the second without knowing of the first.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

pub const ALICE: &str = "alice@staff.test";
pub const CAROL: &str = "carol@staff.test";

/// Ann has asked, and Alice, Alex and Carol were told.
pub struct Shift {
    pub desk: TestDesk,
    pub told: Mails,
}

/// The text of a mail, with its lines joined as its reader sees them.
pub fn flowed(mail: &Sent) -> String {
    mail.text.replace(" \n", " ")
}

impl Shift {
    pub async fn begin(on: On, config: &str) -> Self {
        let desk = TestDesk::with_config(on, config).await;
        for agent in [ALICE, ALEX, CAROL] {
            desk.agent(agent).await;
        }
        let request = mail(&format!("Ann Lee <{ANN}>"), "Printer on fire").text("My printer is on fire.");
        assert_eq!(desk.receive_as(Authentication::Pass, request).await, "ticket #1");
        let told = desk.sent().await;
        desk.advance(minutes(1));
        Self { desk, told }
    }

    /// An agent answers the mail by which they heard of the ticket.
    pub async fn answers(&self, who: &str, text: &str) -> String {
        self.receives(self.told.to(who).answer(text)).await
    }

    /// An authentic mail arrives; a minute passes.
    pub async fn receives(&self, mail: Mail) -> String {
        let became = self.desk.receive_as(Authentication::Pass, mail).await;
        self.desk.advance(minutes(1));
        became
    }
}

#[rstest]
#[tokio::test]
async fn an_agent_who_answers_after_another_is_told_of_that_answer(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let shift = Shift::begin(on, "").await;
    shift.answers(CAROL, "#assign me").await;
    assert_eq!(shift.answers(ALICE, "Use water.").await, "followup #1");
    assert_eq!(shift.desk.sent().await.recipients(), [ANN, CAROL, CAROL]);
    assert_eq!(shift.answers(ALEX, "Use sand.").await, "followup #1");
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALICE, ANN, CAROL], "owner, first and second hear of it");
    let report = &sent.to(ALEX).text;
    assert!(report.contains("alice answered at 2026-03-02 09:02"), "{report}");
    assert!(report.contains(", before you (entry 2)."), "{report}");
    for who in [CAROL, ALICE] {
        let told = flowed(sent.to(who));
        assert!(told.contains("Two agents answered: alice at 2026-03-02"), "{told}");
        assert!(told.contains("(entry 2), and then alex."), "{told}");
    }
}

#[rstest]
#[tokio::test]
async fn whoever_knew_of_the_other_answer_is_told_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, "answer_assigns = false\n").await;
    shift.answers(ALICE, "Use water.").await;
    let text = format!("Re: {}", shift.told.to(ANN).subject);
    shift.receives(mail(ANN, &text).in_reply_to(&shift.told.to(ANN).message_id).text("It burns on.")).await;
    let told = shift.desk.sent().await;
    // Their mail about Ann's word is newer than Alice's answer.
    assert_eq!(shift.receives(told.to(ALEX).answer("Use sand.")).await, "followup #1");
    assert_eq!(shift.desk.sent().await.recipients(), [ANN]);
    // Nobody collides with themselves, and a note is no answer.
    assert_eq!(shift.receives(told.to(ALEX).answer("And a blanket.")).await, "followup #1");
    assert_eq!(shift.desk.sent().await.recipients(), [ANN]);
    shift.answers(CAROL, "#note\nShe should call the fire brigade.").await;
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [CAROL], "the report on the command");
    assert!(sent.to(CAROL).text.contains("alex answered at"), "she reads it all the same");
}

#[rstest]
#[tokio::test]
async fn an_answer_by_a_program_after_another_is_told_to_the_owner(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let shift = Shift::begin(on, "").await;
    shift.answers(CAROL, "#assign me").await;
    shift.answers(ALICE, "Use water.").await;
    shift.desk.sent().await;
    let alex = shift.desk.user(ALEX).await;
    shift.desk.by(&alex).comment(1, "Use sand.").await;
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ANN, CAROL]);
    let told = flowed(sent.to(CAROL));
    assert!(told.contains("Two agents answered: alice at"), "{told}");
    shift.desk.advance(minutes(6));
    shift.desk.by(&alex).comment(1, "And a blanket.").await;
    assert!(!shift.desk.sent().await.to(CAROL).text.contains("Two agents answered"));
}
