//! Mails in an agent's name that answer none of the desk's: a colleague's, a newsletter service's, or a forger's.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::office::quoted;
use crate::support::story::On;

const VICTIM: &str = "victim@webmail.test";
const EVIL: &str = "Pay at http://evil.test";

fn forward_of(victim: &str, cover: &str) -> String {
    format!(
        "{cover}\n\n---------- Forwarded message ---------\nFrom: Vic <{victim}>\nDate: Fri, Feb 27, 2026 at 6:26 PM\nSubject: Help\nTo: <alex@staff.test>\n\nPlease help me.\n"
    )
}

/// With dmarc=pass and no token, an invented forward carried any words to any address.
#[rstest]
#[case::resolved("#resolve\nPay at http://evil.test")]
#[case::closed("#close\nPay at http://evil.test")]
#[case::reopened("#reopen\nPay at http://evil.test")]
#[case::with_a_file("#tag x\n#resolve\nPay at http://evil.test")]
#[tokio::test]
async fn an_invented_forward_carries_no_words_to_anybody(
    #[case] cover: &str,
    #[values(Authentication::Pass, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    let invented = mail(ALEX, "Fwd: Help").text(&forward_of(VICTIM, cover));
    office.receive_as(proof, invented).await;
    let sent = office.sent().await;
    for one in sent.iter().filter(|one| one.to == VICTIM) {
        assert!(!one.raw.contains("evil.test"), "{}", one.raw);
    }
    assert_eq!(office.row(2).await.status.as_str(), "open");
    // Nor by what the desk mails of it later.
    office.operator().comment(2, "Yes?").await;
    assert!(office.sent().await.iter().filter(|one| one.to == VICTIM).all(|one| !one.raw.contains("evil")));
}

#[rstest]
#[case("#cc victim@webmail.test\nPay at http://evil.test", "Hello")]
#[case("#cc victim@webmail.test\n#resolve\nPay at http://evil.test", "Hello")]
#[case("Pay at http://evil.test\n#cc victim@webmail.test", "Pay")]
#[tokio::test]
async fn a_new_mail_of_an_agents_copies_nobody(
    #[case] text: &str,
    #[case] subject: &str,
    #[values(Authentication::Pass, Authentication::None)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.receive_as(proof, mail(ALEX, subject).text(text)).await;
    assert!(!office.sent().await.recipients().contains(&VICTIM));
    office.operator().comment(2, "Yes?").await;
    assert!(!office.sent().await.recipients().contains(&VICTIM));
}

/// Each forged mail used to bring its words to the real agent, in the desk's name.
#[rstest]
#[tokio::test]
async fn a_warning_repeats_nothing_of_what_it_warns_of(
    #[values(Authentication::Pass, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let html = "<p>Pay at <a href=\"http://evil.test\">evil.test</a></p>";
    for subject in ["[support-1] evil.test", "Your evil.test account"] {
        let forged = mail(&format!("evil.test <{ALEX}>"), subject).text(EVIL).html(html);
        office.receive_as(proof, forged.attachment("evil.test.html", "text/html", b"evil.test")).await;
        for told in office.sent().await.iter().filter(|told| told.text.contains("#confirm")) {
            assert!(!told.raw.contains("evil.test") && !told.html.contains("evil"), "{}", told.raw);
            assert!(told.attachments.is_empty());
        }
    }
}

/// An agent who answers "that was not me" said it to the customer.
#[rstest]
#[case("That was not me!")]
#[case("#resolve\nThat was not me!")]
#[case("#cc victim@webmail.test")]
#[case("Please #confirm nothing of it.\n#confirm")]
#[tokio::test]
async fn an_answer_to_a_warning_goes_to_nobody_outside(
    #[case] text: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    let forged = mail(ALEX, "[support-1] Printer on fire").text(EVIL);
    assert_eq!(office.receives(forged).await, "followup #1 (unverified)");
    let warning = office.sent().await.to(ALEX).clone();
    let answer = warning.answer(&format!("{text}\n\n{}", quoted(&warning.text)));
    assert_eq!(office.receives(answer).await, "followup #1 (note)");
    assert!(office.sent().await.iter().all(|told| told.to == TEAM || told.to == ALEX));
    assert_eq!(office.followups(1).await.last().unwrap().visibility, Visibility::Private);
    assert_eq!(office.row(1).await.status.as_str(), "open");
    office.operator().comment(1, "Use water.").await;
    assert!(
        office.sent().await.iter().filter(|told| told.to == ANN).all(|told| !told.raw.contains("not me"))
    );
}

#[rstest]
#[tokio::test]
async fn only_the_agent_who_was_warned_confirms_and_only_with_proof(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.agent("kim@staff.test").await;
    assert_eq!(office.receives(mail(ALEX, "[support-1] x").text(EVIL)).await, "followup #1 (unverified)");
    let warning = office.sent().await.to(ALEX).clone();
    for (from, proof) in [
        (ALEX, Authentication::None),
        (ALEX, Authentication::Unknown),
        (ALEX, Authentication::Fail),
        ("kim@staff.test", Authentication::Pass),
        (ANN, Authentication::Pass),
        ("eve@stranger.test", Authentication::Pass),
    ] {
        office.receive_as(proof, warning.answer("#confirm").header("From", from)).await;
        assert!(office.sent().await.iter().all(|told| !told.raw.contains("evil.test")), "{from}");
    }
    assert_eq!(office.receives(warning.answer("#confirm")).await, "followup #1");
    assert!(office.sent().await.to(ANN).text.contains(EVIL));
}

#[rstest]
#[tokio::test]
async fn what_waits_keeps_its_files_until_it_is_confirmed(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let sent = mail(ALEX, "[support-1] Printer on fire").text("See the plan.");
    office.receives(sent.attachment("plan.pdf", "application/pdf", b"%PDF-1.4")).await;
    let warning = office.sent().await.to(ALEX).clone();
    assert_eq!(office.receives(warning.answer("#confirm")).await, "followup #1");
    assert_eq!(office.sent().await.to(ANN).attachments, ["plan.pdf"]);
}

#[rstest]
#[tokio::test]
async fn an_agents_new_mail_that_nothing_vouches_for_is_confirmed_as_well(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let new = mail(ALEX, "My chair").text("#priority 1\nIt squeaks.");
    assert_eq!(office.receive_as(Authentication::None, new).await, "ticket #2 (unverified)");
    let told = office.sent().await;
    let warning = told.iter().find(|told| told.text.contains("#confirm")).expect("he is told how").clone();
    assert_eq!(office.receives(warning.answer("#confirm")).await, "followup #2 (commands)");
    let view = office.ticket(2).await;
    assert!(view.starts_with("#2 open `My chair`, 1 message, priority 1\nfrom alex@staff.test"), "{view}");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_agent_is_told_who_else_answers_their_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().assign(1, Some(&office.alex)).await;
    let notice = office.sent().await.to(ALEX).clone();
    let from_home = notice.answer("Use water.").header("From", "alex@home.test");
    assert_eq!(office.receives(from_home).await, "followup #1 (external)");
    let told = office.sent().await;
    let warnings: Vec<_> = told.iter().filter(|told| told.text.contains("to you, from")).collect();
    assert_eq!((warnings.len(), warnings[0].to.as_str()), (1, ALEX));
    assert!(!warnings[0].raw.contains("Use water"), "{}", warnings[0].text);
    assert!(!told.recipients().contains(&ANN) && !told.recipients().contains(&BOB));
}
