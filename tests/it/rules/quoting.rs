//! What of a mail is shown: an opening one whole, a later one without what is old, and never without a word of it.

use helpdeskd::mail::parse;
use helpdeskd::mail::parse::Limits;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
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
    assert_eq!(first.new_text.as_deref(), Some("I did not order that."));
    assert!(first.text.contains("4413"), "{}", first.text);
    let sent = desk.sent().await;
    let told = &sent.to("team@staff.test").text;
    assert!(told.contains("[2 older lines:]\nAm 1.3.2026") && told.contains("number 4413"), "{told}");
    assert!(!told.contains("left out") && sent.to("team@staff.test").attachments.is_empty());
}

/// Nothing told an agent who works by mail what a long opening mail answers.
#[rstest]
#[tokio::test]
async fn much_that_an_opening_mail_answers_is_folded_and_goes_along_as_a_file(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let old = (1..=40).map(|n| format!("> Lamp {n} of forty.\n")).collect::<Vec<_>>().concat();
    let text = format!("I did not order that.\n\nAm 1.3.2026 um 08:00 schrieb Shop <shop@shop.test>:\n{old}");
    let asking = mail(ANN, "Re: Your order").in_reply_to("crm-7@shop.test").text(&text);
    assert_eq!(desk.receive(asking).await, "ticket #1");
    let sent = desk.sent().await;
    let told = sent.to("team@staff.test");
    for words in
        ["I did not order that.", "[41 older lines:]", "Lamp 19 of", "[21 lines", "full.txt", "--full"]
    {
        assert!(told.text.contains(words), "{words}: {}", told.text);
    }
    assert!(!told.text.contains("Lamp 20 of"), "{}", told.text);
    assert!(full(told).contains("Lamp 40 of forty."));
}

/// What stands in the file that goes with a mail.
fn full(sent: &Sent) -> String {
    let mail = parse::parse(sent.raw.as_bytes(), &Limits::default());
    let file = mail.attachments.iter().find(|file| file.name == "full.txt").expect("the whole text");
    String::from_utf8_lossy(&file.data).into_owned()
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
    let mailed = sent.to("team@staff.test");
    let told = &mailed.text;
    assert!(told.contains("[4 lines") && told.contains("helpdeskd ticket show 1 --full"), "{told}");
    assert!(!told.contains("Use water."), "{told}");
    assert!(told.contains("full.txt") && full(mailed).contains("Use water."));
    let copy = sent.to("bob@customer.test");
    assert!(!copy.text.contains("--full") && copy.attachments.is_empty());
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

/// A mail with every line marked as quoted, below the line by which a program introduces it.
fn quoted(text: &str) -> String {
    let lines = text.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n");
    format!("On Mon, 2 Mar 2026 at 09:00, Help <support@desk.test> wrote:\n{}", lines.collect::<String>())
}

/// Each answer that quoted ours had the whole of it as a file with the mail to staff, who had written it.
#[rstest]
#[tokio::test]
async fn what_only_quotes_our_own_mail_does_not_go_along_as_a_file(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let opening = "Printer on fire.\n\n-- \nAnn Arbor\nHall 3, room 4415\n";
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test").text(opening)).await;
    desk.sent().await;
    desk.operator().comment(1, "Which printer is it, and since when does it burn?").await;
    let ours = desk.sent().await.to(ANN).text.clone();
    let signature = "\n-- \nAnn Arbor\nHall 3, room 4415\n";
    for (n, (above, below, goes_along)) in [
        ("The blue one.", "", false),
        (&*format!("The blue one.\n{signature}"), "", false),
        ("See below.", "> > Ann wrote: the key is under the mat.\n", true),
        ("The blue one.\n\n-- \nAnn Arbor\nNew: call 0800 4415.\n", "", true),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("{above}\n\n{}{below}", quoted(&ours));
        let answer = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test").text(&text);
        assert_eq!(desk.receive(answer).await, "followup #1", "{n}");
        let sent = desk.sent().await;
        let told = sent.to("team@staff.test");
        assert!(told.text.contains("lines that") && told.text.contains("--full"), "{n}: {}", told.text);
        assert_eq!(told.attachments.iter().any(|name| name == "full.txt"), goes_along, "{n}: {}", told.text);
        assert_eq!(told.text.contains("full.txt"), goes_along, "{n}: {}", told.text);
    }
}
