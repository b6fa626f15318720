//! An agent writes their answer with formatting: what is new of it reaches the customer as it was meant.

use helpdeskd::ticket::authentication::Authentication;
use rstest::rstest;

use crate::agents::collisions::ALICE;
use crate::agents::collisions::CAROL;
use crate::agents::collisions::Shift;
use crate::support::mail::Mail;
use crate::support::office;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::story::On;
use crate::support::story::Sent;

const NEW: &str = "<div>Use <b>much</b> water, see <a href=\"https://wiki.test/fire\" title=\"internal\">the \
    page</a>:<ul><li>first the paper</li><li>then the <i>tray</i></li></ul></div>";
const TEXT: &str =
    "Use *much* water, see the page <https://wiki.test/fire>:\n\n   - first the paper\n   - then the tray\n";
const SIGNATURE: &str = "<div>-- <br>Alex, extension 12</div>";
const HIDDEN: &str = "<div style=\"display:none\">tracked by alex</div>";

/// The mail that was answered, below the answer.
fn quote(of: &Sent) -> String {
    let lines = of.text.replace('<', "&lt;").replace('\n', "<br>");
    format!("<div class=\"gmail_quote\">On Monday Support wrote:<br><blockquote>{lines}</blockquote></div>")
}

fn quoted(of: &Sent) -> String {
    format!("On Monday Support wrote:\n{}", office::quoted(&of.text))
}

fn assert_formatted(mail: &Sent) {
    for part in [
        "<b>much</b>",
        "href=\"https://wiki.test/fire\"",
        ">the page</a>",
        "<li>first the paper</li>",
        "<i>tray</i>",
    ] {
        assert!(mail.html.contains(part), "{part}: {}", mail.html);
    }
    assert!(mail.text.contains("water") && mail.text.contains("https://wiki.test/fire"), "{}", mail.text);
    for none in ["internal", "extension 12", "tracked", "#assign", "##-", "Queue:", "display"] {
        assert!(
            !mail.html.contains(none) && !mail.text.contains(none),
            "{none}: {} {}",
            mail.text,
            mail.html
        );
    }
}

#[rstest]
#[case::beside_a_text(true)]
#[case::alone(false)]
#[tokio::test]
async fn an_agents_formatted_answer_reaches_the_customer_as_it_was_meant(
    #[case] with_text: bool,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let notice = office.notice();
    let html = format!("<div>#assign me</div>{NEW}{SIGNATURE}{}", quote(notice));
    let text = format!("#assign me\n{TEXT}\n-- \nAlex, extension 12\n\n{}", quoted(notice));
    let answer = notice.answer(&text).html(&html);
    let answer = if with_text { answer } else { answer.without_text() };
    assert_eq!(office.receives(answer).await, "followup #1");
    let sent = office.sent().await;
    assert_formatted(sent.to(ANN));
    let kept = office.followups(1).await.pop().and_then(|entry| entry.html).expect("it is kept");
    assert!(kept.contains("<b>much</b>") && !kept.contains("blockquote"), "{kept}");
}

#[rstest]
#[tokio::test]
async fn what_is_hidden_in_an_agents_answer_costs_its_formatting_and_reaches_nobody(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let hidden =
        "<div>Use <b>water</b>.</div><div style=\"display:none\">tracked by alex</div><div>Bye</div>";
    let answer = office.notice().answer("Use *water*.\n\nBye").html(hidden);
    assert_eq!(office.receives(answer).await, "followup #1");
    let sent = office.sent().await;
    let mail = sent.to(ANN);
    assert!(mail.text.contains("Use *water*.") && mail.html.contains("Use *water*."), "{}", mail.html);
    assert!(!mail.html.contains("tracked") && !mail.text.contains("tracked"), "{}", mail.html);
}

#[rstest]
#[tokio::test]
async fn an_answer_that_was_confirmed_or_held_back_keeps_its_formatting(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let answer = office.notice().answer(TEXT).html(NEW);
    office.receive_as(Authentication::Unknown, answer).await;
    let asked = office.sent().await.to(ALEX).clone();
    assert_eq!(office.receives(asked.answer("#confirm")).await, "followup #1");
    assert_formatted(office.sent().await.to(ANN));

    let shift = Shift::begin(on, "collision = \"hold\"").await;
    shift.answers(CAROL, "#assign me").await;
    shift.answers(ALICE, "Use sand.").await;
    let answer: Mail = shift.told.to(ALEX).answer(TEXT).html(&format!("{NEW}{HIDDEN}{SIGNATURE}"));
    shift.receives(answer).await;
    let told = shift.desk.sent().await.to(ALEX).clone();
    shift.receives(told.answer("#send")).await;
    assert_formatted(shift.desk.sent().await.to(ANN));
}
