//! What of a mail is shown: an opening one whole, a later one without what is old, and never without a word of it.

use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const TEAM: &str = "updated_ticket_cc = [\"team@staff.test\"]\nnew_ticket_cc = [\"team@staff.test\"]\n";

/// An answer to a shop's program opened a ticket, and the number of the order was nowhere but in the raw mail.
#[rstest]
#[tokio::test]
async fn what_an_opening_mail_answers_is_shown_with_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let text = "I did not order that.\n\nAm 1.3.2026 um 08:00 schrieb Shop <shop@shop.test>:\n> Twenty lamps, number 4413.\n";
    let asking = mail(ANN, "Re: Your order").in_reply_to("crm-7@shop.test").text(text);
    assert_eq!(desk.receive(asking).await, "ticket #1");
    let first = desk.followups(1).await.remove(0);
    assert!(first.new_text.is_none() && first.text.contains("4413"), "{}", first.text);
    let sent = desk.sent().await;
    assert!(sent.to("team@staff.test").text.contains("number 4413"), "{}", sent.to("team@staff.test").text);
    assert!(!sent.to("team@staff.test").text.contains("left out"));
}

#[rstest]
#[tokio::test]
async fn staff_are_told_how_much_of_a_later_mail_is_not_shown(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().cc(1, "bob@customer.test").await;
    desk.sent().await;
    let text = "Still burning.\n\n-- \nAnn\n\nOn 1 Mar 2026 at 08:00, Help <support@desk.test> wrote:\n> Use water.\n";
    let later = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test").text(text);
    assert_eq!(desk.receive(later).await, "followup #1");
    let sent = desk.sent().await;
    let told = &sent.to("team@staff.test").text;
    assert!(told.contains("[4 lines") && told.contains("helpdeskd ticket show 1 --full"), "{told}");
    assert!(!told.contains("Use water."), "{told}");
    assert!(!sent.to("bob@customer.test").text.contains("--full"));
}

/// A device told what happened in the subject alone, and gave each alarm the first one's Message-ID to answer.
#[rstest]
#[tokio::test]
async fn a_subject_that_is_not_the_tickets_is_shown_above_the_entry(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail("box@device.test", "Alarm in room 7").id("q1@device.test")).await;
    desk.sent().await;
    let later =
        |subject: &str| mail("box@device.test", subject).in_reply_to("q1@device.test").text("See above.");
    for (subject, shown) in [
        ("Alarm in room 4415", true),
        ("Alarma en la sala 9", true),
        ("AW: [support-1] Und die Heizung?", true),
        ("Re: Alarm in room 7", false),
        ("WG: [support-1] alarm in  room 7", false),
        ("Re: [support-1]", false),
        ("Re: [support-1] Your request", false),
        ("", false),
    ] {
        assert_eq!(desk.receive(later(subject)).await, "followup #1", "{subject}");
        let last = desk.followups(1).await.pop().unwrap();
        let text = last.new_text.as_deref().unwrap_or(&last.text);
        let above = format!("Subject: {subject}\n\nSee above.");
        assert_eq!(text.trim(), if shown { above.as_str() } else { "See above." });
        if shown {
            let sent = desk.sent().await;
            assert!(sent.to("team@staff.test").text.contains(&format!("Subject: {subject}")));
        }
    }
}
