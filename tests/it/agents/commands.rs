//! Lines such as `#resolve` at the top of an agent's mail.

use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;

const SALES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";

#[rstest]
#[tokio::test]
async fn a_ticket_is_worked_on_by_mail_alone(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, SALES).await;
    let text = "#assign me\n#priority 2\n#tag fire\n#hold\n#queue sales\n#cc Bob <bob@customer.test>\n\nWe are on our way.\n#close";
    assert_eq!(office.reply(text).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN, BOB], "whoever is new hears of it");
    assert_eq!(sent.to(ANN).header("From").as_deref(), Some("Sales <sales@desk.test>"));
    let done = &sent.to(ALEX).text;
    assert!(done.contains("Your mail was carried out."), "{done}");
    for line in
        ["#assign me", "#priority 2", "#tag fire", "#hold", "#queue sales", "#cc Bob <bob@customer.test>"]
    {
        assert!(done.contains(&format!("- {line}\n")), "{line}: {done}");
    }
    assert_snapshot!(office.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages, owner alex@staff.test, priority 2, held by us, tag fire
    from ann@customer.test, cc bob@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - alex@staff.test, note, private: Ticket put on hold
    - alex@staff.test, comment, public: We are on our way. / #close
    ");
    let again = sent.to(ALEX).answer("#unhold\n#assign nobody\n#priority 4");
    assert_eq!(office.receives(again).await, "followup #1 (commands)");
    assert_eq!(office.sent().await.recipients(), [ALEX], "nothing was said");
    assert_eq!(office.tickets().await, "#1 open `Printer on fire`, 4 messages, priority 4, tag fire");
}

#[rstest]
#[case("#resolve", "resolved", "resolved_submitter")]
#[case("#close", "closed", "closed_submitter")]
#[tokio::test]
async fn a_ticket_ends_with_a_text_or_without_and_begins_again(
    #[case] line: &str,
    #[case] status: &str,
    #[case] template: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    assert_eq!(office.reply(&format!("{line}\nUse water.")).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN]);
    assert!(sent.to(ANN).text.contains("Use water."));
    assert_eq!(office.row(1).await.status.as_str(), status);
    assert_eq!(office.reply("#reopen\nThere is more.").await, "followup #1");
    assert!(office.sent().await.to(ANN).text.contains("There is more."));
    assert_eq!(office.row(1).await.status.as_str(), "reopened");
    assert_eq!(office.reply(line).await, "followup #1 (commands)");
    assert_eq!(office.sent().await.recipients(), [ALEX, ANN], "{template}");
    assert_eq!(office.row(1).await.status.as_str(), status);
}

#[rstest]
#[tokio::test]
async fn a_note_stays_among_agents(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    let answer = office.told.to(TEAM).answer("#note\nShe always says that.").header("From", ALEX);
    assert_eq!(office.receives(answer).await, "followup #1 (note)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, TEAM]);
    assert!(sent.to(TEAM).text.contains("Private: only agents see this."), "{}", sent.to(TEAM).text);
    let answer = office
        .told
        .to(TEAM)
        .answer("#note\n#close\nWe have had enough of her and her printers.")
        .header("From", ALEX);
    assert_eq!(office.receives(answer).await, "followup #1 (note)");
    let sent = office.sent().await;
    let to_ann = sent.to(ANN);
    assert!(!to_ann.raw.contains("had enough") && !to_ann.html.contains("had enough"), "{}", to_ann.raw);
    assert_eq!(office.row(1).await.status.as_str(), "closed");
}

#[rstest]
#[case("#frobnicate", "there is no such command")]
#[case("#priority high", "a priority is a number from 1 to 5")]
#[case("#assign eve", "there is no active agent of that name")]
#[case("#assign ann@customer.test", "there is no active agent of that name")]
#[case("#queue nowhere", "there is no such queue")]
#[case("#cc support@desk.test", "an address of this desk cannot be a CC")]
#[case("#resolve\n#close", "it contradicts a line above")]
#[case("#partner", "it goes with #note only")]
#[case("#note\n#partner", "this ticket is shared with nobody")]
#[case("#resolve it is done", "it takes nothing behind it; the text goes below")]
#[tokio::test]
async fn where_one_line_cannot_be_done_nothing_of_the_mail_goes_out(
    #[case] lines: &str,
    #[case] why: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let text = format!("#tag fire\n{lines}\n#reopen\nUse water.");
    assert_eq!(office.reply(&text).await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX], "one answer to the agent, and nothing else");
    let told = &sent.to(ALEX).text;
    assert!(told.contains("Something in your mail could not be done."), "{told}");
    assert!(told.contains("Done:\n") && told.contains("- #tag fire\n"), "{told}");
    assert!(told.contains(why), "{told}");
    assert!(told.contains("Use water."), "with what was kept: {told}");
    assert_eq!(office.tickets().await, "#1 open `Printer on fire`, 2 messages, tag fire");
    // Said again without the mistake, it goes out.
    assert_eq!(office.reply("Use water.").await, "followup #1");
    assert_eq!(office.sent().await.recipients(), [ANN]);
}

#[rstest]
#[case("#priority high", "eine Priorität ist eine Zahl von 1 bis 5")]
#[case("#assign eve", "es gibt keinen aktiven Bearbeiter dieses Namens")]
#[case("#cc support@desk.test", "eine Adresse dieses Helpdesks kann keine Kopien bekommen")]
#[tokio::test]
async fn a_refused_line_is_explained_in_the_agents_language(
    #[case] line: &str,
    #[case] why: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, "locale = \"de\"\n").await;
    assert_eq!(office.reply(&format!("{line}\nUse water.")).await, "followup #1 (withheld)");
    let sent = office.sent().await;
    let told = sent.to(ALEX).text.replace(" \n", " ");
    assert!(told.contains(&format!("- {line}: {why}\n")), "{told}");
}

#[rstest]
#[tokio::test]
async fn a_new_owner_is_told_and_can_answer_at_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.agent("kim@staff.test").await;
    assert_eq!(office.reply("#assign Kim@staff.test").await, "followup #1 (commands)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, "kim@staff.test"]);
    let answer = sent.to("kim@staff.test").answer("#assign alex\nHello, this is Kim.");
    assert_eq!(office.receives(answer).await, "followup #1");
    let sent = office.sent().await;
    assert!(sent.to(ANN).text.contains("Hello, this is Kim."));
}

#[rstest]
#[tokio::test]
async fn command_help_stands_in_mails_to_staff_only(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    assert!(office.notice().text.contains("#resolve  #close"), "{}", office.notice().text);
    assert!(!office.told.to(ANN).raw.contains("#resolve"));
}
