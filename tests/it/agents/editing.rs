//! What is mended of a ticket afterwards: its subject, and a private note.

use helpdeskd::desk::DeskError;
use helpdeskd::desk::action::Action;
use helpdeskd::desk::assign;
use helpdeskd::desk::correct;
use helpdeskd::desk::event;
use helpdeskd::store;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use rstest::rstest;

use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::story::On;

async fn correct(office: &Office, entry: FollowupId) -> Result<FollowupId, DeskError> {
    let (desk, now) = (office.desk.app.desk(), office.desk.now());
    let mut tx = office.desk.write().await;
    let mut action = Action::begin(&mut tx, &office.desk.by(&office.alex).actor, TicketId(1)).await?;
    let new = correct::correct(&desk, &mut tx, &mut action, entry, "She has two printers.", now).await?;
    event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await.expect("it commits");
    Ok(new)
}

#[rstest]
#[tokio::test]
async fn a_private_note_is_corrected_by_a_new_entry_and_no_other_is(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    assert_eq!(office.reply("#note\nShe has three printers.").await, "followup #1 (note)");
    office.sent().await;
    let entries =
        store::followups::list(&mut office.desk.read().await, TicketId(1)).await.expect("they are read");
    let [opening, note] = &entries[..] else { panic!("there are two entries") };
    correct(&office, note.id).await.expect("it is a note");
    let ticket = office.ticket(1).await;
    assert!(ticket.contains("She has three printers."), "{ticket}");
    assert!(ticket.contains(&format!("Correction of entry {}:", note.id)), "{ticket}");
    assert!(!office.sent().await.recipients().contains(&ANN), "it is for agents");
    let refused = correct(&office, opening.id).await.expect_err("customers read it");
    assert!(refused.to_string().contains("is no private note of this ticket"), "{refused}");
    assert!(correct(&office, FollowupId(999)).await.is_err());
}

#[rstest]
#[tokio::test]
async fn a_ticket_gets_another_subject_and_answers_still_find_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let (desk, now) = (office.desk.app.desk(), office.desk.now());
    let mut tx = office.desk.write().await;
    let by = office.desk.by(&office.alex);
    let mut action = Action::begin(&mut tx, &by.actor, TicketId(1)).await.expect("it is there");
    assign::rename(&mut action, "Two printers on fire".to_owned()).expect("agents may");
    event::record(&desk, &mut tx, action, now).await.expect("it is recorded");
    tx.commit().await.expect("it commits");
    assert_eq!(office.sent().await.len(), 0);
    assert_eq!(office.reply("We are on our way.").await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.to(ANN).subject, "[support-1] Two printers on fire");
    assert_eq!(office.receives(sent.to(ANN).answer("Thank you.")).await, "followup #1");
    assert_eq!(office.sent().await.recipients(), [ALEX]);
}
