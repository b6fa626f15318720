//! `collision = "hold"`: the second of two answers is kept until its author sends it.

use rstest::rstest;

use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::draft;
use helpdeskd::desk::draft::Sending;
use helpdeskd::store;
use helpdeskd::store::drafts::Draft;
use helpdeskd::ticket::id::DraftId;

use crate::agents::collisions::ALICE;
use crate::agents::collisions::CAROL;
use crate::agents::collisions::Shift;
use crate::agents::collisions::flowed;
use crate::support::assert_snapshot;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::story::On;

const HOLD: &str = "collision = \"hold\"\n";

async fn drafts(shift: &Shift) -> Vec<Draft> {
    store::drafts::list(&mut shift.desk.read().await, DraftId(0), 10).await.expect("they are read")
}

#[rstest]
#[tokio::test]
async fn the_second_answer_is_kept_until_its_author_sends_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, HOLD).await;
    assert_eq!(shift.answers(ALICE, "Use water.").await, "followup #1");
    shift.desk.sent().await;
    let second = shift.told.to(ALEX).answer("#tag fire\n#resolve\nUse sand.");
    let second = second.attachment("plan.pdf", "application/pdf", b"%PDF-1.4 x");
    assert_eq!(shift.receives(second).await, "followup #1 (draft)");
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALICE], "and nothing leaves to the customer");
    let report = sent.to(ALEX);
    let text = flowed(report);
    assert!(text.contains("alice answered at 2026-03-02 09:01 UTC, before you (entry 2)."), "{text}");
    assert!(text.contains("Your answer was not sent: it is kept as draft 1."), "{text}");
    assert!(text.contains("- #tag fire") && text.contains("- #resolve: the mail was kept back"), "{text}");
    let told = flowed(sent.to(ALICE));
    assert!(told.contains("The answer that alex wrote without knowing of that is kept as a draft"), "{told}");
    let row = shift.desk.row(1).await;
    assert_eq!((row.status.as_str(), row.subject.as_str()), ("open", "Printer on fire"));

    let send = report.answer("#send");
    assert_eq!(shift.receives(send.clone()).await, "followup #1");
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALICE, ANN]);
    assert!(sent.to(ANN).text.contains("Use sand.") && sent.to(ANN).attachments == ["plan.pdf"]);
    assert_eq!(shift.desk.row(1).await.status.as_str(), "resolved");
    assert_snapshot!(shift.desk.ticket(1).await, @r"
    #1 resolved `Printer on fire`, 4 messages, owner alice@staff.test, tag fire
    from ann@customer.test
    - ann@customer.test, opened, public: My printer is on fire.
    - alice@staff.test, comment, public: Use water.
    - alex@staff.test, withheld, private: Use sand.
      + plan.pdf (application/pdf, attachment, 10 bytes)
    - alex@staff.test, resolved, public: Use sand.
      + plan.pdf (application/pdf, attachment, 10 bytes)
    ");
    assert!(drafts(&shift).await.is_empty());

    // The same mail again, and the same wish in another one.
    assert_eq!(shift.receives(send).await, "duplicate #1");
    assert_eq!(shift.desk.sent().await.recipients(), [""; 0]);
    assert_eq!(shift.receives(report.answer("#send")).await, "followup #1 (withheld)");
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent.to(ALEX).text.contains("#send: no draft of yours is kept"), "{}", sent.to(ALEX).text);
}

#[rstest]
#[tokio::test]
async fn of_two_drafts_the_one_is_sent_whose_report_is_answered(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, HOLD).await;
    shift.answers(ALICE, "Use water.").await;
    shift.answers(ALEX, "Use sand.").await;
    let first = shift.desk.sent().await.to(ALEX).clone();
    assert_eq!(shift.answers(ALEX, "Use a blanket.").await, "followup #1 (draft)");
    let second = shift.desk.sent().await.to(ALEX).clone();
    // Neither is meant by a mail that speaks of neither.
    assert_eq!(shift.answers(ALEX, "#send").await, "followup #1 (withheld)");
    let sent = shift.desk.sent().await;
    assert!(sent.to(ALEX).text.contains("you have several drafts for this ticket"), "{}", sent.to(ALEX).text);
    // What stands below is no part of the draft.
    assert_eq!(shift.receives(second.answer("#send\nGreetings, Alex")).await, "followup #1");
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALICE, ANN]);
    assert!(sent.to(ANN).text.contains("Use a blanket."), "{}", sent.to(ANN).text);
    assert!(!sent.to(ANN).raw.contains("Greetings"), "{}", sent.to(ANN).text);
    // Only one is left, which this mail does not mean; then any mail means it.
    assert_eq!(shift.receives(second.answer("#send")).await, "followup #1 (withheld)");
    assert_eq!(shift.desk.sent().await.recipients(), [ALEX]);
    assert_eq!(shift.receives(first.answer("#send")).await, "followup #1");
    assert!(shift.desk.sent().await.to(ANN).text.contains("Use sand."));
    assert!(drafts(&shift).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn nobody_sends_anothers_draft(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, HOLD).await;
    shift.answers(ALICE, "Use water.").await;
    shift.answers(ALEX, "Use sand.").await;
    let sent = shift.desk.sent().await;
    assert_eq!(shift.answers(CAROL, "#send").await, "followup #1 (withheld)");
    let forwarded = sent.to(ALEX).answer("#send").header("From", CAROL);
    shift.receives(forwarded).await;
    let customer = shift.told.to(ANN).answer("#send");
    assert_eq!(shift.receives(customer).await, "followup #1", "her words are no commands");
    assert!(!shift.desk.sent().await.recipients().contains(&ANN));
    assert_eq!(drafts(&shift).await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_draft_goes_with_its_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, HOLD).await;
    shift.answers(ALICE, "Use water.").await;
    shift.answers(ALEX, "Use sand.").await;
    let report = shift.desk.sent().await.to(ALEX).clone();
    let survivor = shift.desk.operator().open(Some(ANN), "Fire", "It burns.").await;
    shift.desk.operator().merge(1, survivor).await;
    shift.desk.sent().await;
    assert_eq!(shift.receives(report.answer("#send")).await, format!("followup #{survivor}"));
    assert!(shift.desk.sent().await.to(ANN).text.contains("Use sand."));

    // And is gone with one that is deleted.
    let shift = Shift::begin(on, HOLD).await;
    shift.answers(ALICE, "Use water.").await;
    shift.answers(ALEX, "Use sand.").await;
    let report = shift.desk.sent().await.to(ALEX).clone();
    shift.desk.operator().delete(1).await;
    assert!(drafts(&shift).await.is_empty());
    let became = shift.receives(report.answer("#send")).await;
    assert_eq!(became, "ticket #2");
    let sent = shift.desk.sent().await;
    assert!(!sent.recipients().contains(&ANN), "{sent}");
    assert!(sent.iter().any(|mail| mail.text.contains("#send: no draft of yours is kept")), "{sent}");
}

#[rstest]
#[tokio::test]
async fn a_draft_is_sent_or_discarded_at_the_command_line(#[values(On::Sqlite, On::Postgres)] on: On) {
    let shift = Shift::begin(on, HOLD).await;
    shift.answers(ALICE, "Use water.").await;
    shift.answers(ALEX, "Use sand.").await;
    shift.answers(ALEX, "Use a blanket.").await;
    shift.desk.sent().await;
    let [sand, blanket] = drafts(&shift).await.try_into().expect("two are kept");
    let (desk, now, alex) = (shift.desk.app.desk(), shift.desk.now(), shift.desk.user(ALEX).await);
    let (again, desk) = (sand.clone(), &desk);
    let by_alex = shift.desk.by(&alex);
    by_alex
        .acts_on(1, async |tx, action| draft::send(desk, tx, action, sand, Sending::default(), now).await)
        .await;
    let sent = shift.desk.sent().await;
    assert_eq!(sent.recipients(), [ALICE, ANN], "Alice follows; nobody is told of a collision");
    let mut tx = shift.desk.write().await;
    let refused = draft::discard(&mut tx, &Actor::operator(), &again, now).await.expect_err("it was sent");
    assert_eq!(refused.to_string(), "draft 1 is not there any more: it was sent or discarded");
    draft::discard(&mut tx, &Actor::operator(), &blanket, now).await.expect("it is thrown away");
    tx.commit().await.expect("it commits");
    assert!(drafts(&shift).await.is_empty());
    assert_eq!(shift.desk.followups(1).await.len(), 5, "the notes of both stay");
}
