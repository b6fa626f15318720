//! Reports of deliveries that nobody's mail server wrote.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::reports::Report;
use crate::support::reports::probed;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const EVE: &str = "eve@evil.test";

/// A ticket of Ann's that was answered; the answer as it left.
async fn answered(desk: &TestDesk) -> Sent {
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.operator().comment(1, "Is it hot?").await;
    desk.sent().await.0.into_iter().rfind(|sent| sent.to == ANN).expect("Ann is answered")
}

async fn is_suppressed(desk: &TestDesk, address: &str) -> bool {
    let found = store::suppressions::find(&mut desk.read().await, address, desk.now()).await;
    found.expect("it is read").is_some()
}

#[rstest]
#[tokio::test]
async fn a_forged_report_of_a_mail_that_was_never_sent_changes_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    let before = (desk.tickets().await, desk.row(1).await.version);
    // A Message-ID of our form, which we did not sign.
    let forged = format!("hd.{}@desk.test", "a".repeat(32));
    let unsigned = Report { returned: Some(forged), ..Report::unknown(&answer) };
    // A mail that we did send, and a victim who did not get it.
    let victim = Report { recipient: "victim@customer.test".to_owned(), ..Report::unknown(&answer) };
    // A victim to whom nothing was sent, and nothing returned.
    let bare = Report { returned: None, ..victim.clone() };
    for report in [unsigned, victim, bare] {
        assert_eq!(desk.receive(report.write()).await, "suspended (backscatter)");
    }
    assert_eq!((desk.tickets().await, desk.row(1).await.version), before);
    assert!(!is_suppressed(&desk, ANN).await && !is_suppressed(&desk, "victim@customer.test").await);
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

#[rstest]
#[tokio::test]
async fn who_only_knows_that_we_wrote_to_somebody_cannot_have_him_suppressed(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    let guess = Report { returned: None, ..Report::unknown(&answer) };
    assert_eq!(desk.receive(guess.write()).await, "bounce #1 (address)", "agents see it");
    assert!(!is_suppressed(&desk, ANN).await);
    desk.operator().comment(1, "Hello?").await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
}

#[rstest]
#[tokio::test]
async fn a_report_that_is_known_to_be_forged_is_no_evidence(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    let guess = Report { returned: None, ..Report::unknown(&answer) };
    assert_eq!(desk.receive_as(Authentication::Fail, guess.write()).await, "suspended (backscatter)");
    desk.receive_as(Authentication::Fail, Report::unknown(&answer).write()).await;
    assert!(!is_suppressed(&desk, ANN).await);
}

/// Whoever gets a copy of an answer to our mail reads its Message-ID there.
#[rstest]
#[tokio::test]
async fn where_return_paths_are_secret_a_message_id_suppresses_nobody(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = probed(on).await;
    let answer = answered(&desk).await;
    assert!(answer.envelope_from.starts_with("support+"), "{}", answer.envelope_from);
    let copied = Report { to: "support@desk.test".to_owned(), ..Report::unknown(&answer) };
    desk.receive(copied.write()).await;
    assert!(!is_suppressed(&desk, ANN).await);
    desk.operator().comment(1, "Hello?").await;
    let second = desk.sent().await.to(ANN).clone();
    let real = Report { returned: None, ..Report::unknown(&second) };
    assert_eq!(desk.receive(real.write()).await, "bounce #1 (address)");
    assert!(is_suppressed(&desk, ANN).await);
}

#[rstest]
#[tokio::test]
async fn a_report_of_a_mail_that_is_still_waiting_is_a_forgery(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    answered(&desk).await;
    desk.smtp_down().await;
    desk.operator().comment(1, "Hello?").await;
    let waiting = store::outbox::list_unsettled(&mut desk.read().await, 10).await.expect("it is read");
    let early = Report {
        to: "support@desk.test".to_owned(),
        recipient: ANN.to_owned(),
        action: "failed",
        status: "5.1.1",
        words: "no such user",
        returned: Some(waiting[0].message_id.clone()),
    };
    assert_eq!(desk.receive(early.write()).await, "suspended (backscatter)");
    desk.smtp_up().await;
    desk.leaves_unsettled();
}

/// A return path is a secret that is signed for one mail and one recipient, and for nothing else.
#[rstest]
#[tokio::test]
async fn a_report_to_what_is_no_return_path_of_that_mail_suppresses_nobody(
    #[values(Authentication::Unknown, Authentication::None, Authentication::Fail)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = probed(on).await;
    let answer = answered(&desk).await;
    desk.receive(mail(EVE, "Chair").text("It broke.")).await;
    let eves = desk.sent().await.to(EVE).clone();
    let genuine = answer.envelope_from.clone();
    let (local, domain) = genuine.split_once('@').expect("it is an address");
    let last = if local.ends_with('a') { 'b' } else { 'a' };
    let changed = format!("{}{last}@{domain}", &local[..local.len() - 1]);
    let field = answer.header("Reply-To").expect("it asks for answers");
    let answers = field.rsplit('<').next().expect("it has an address").trim_end_matches('>').to_owned();
    assert!(answers.starts_with("support+") && answers != genuine, "{field}");
    for to in [changed, answers, "support@desk.test".to_owned(), eves.header("Reply-To").unwrap_or_default()]
    {
        for returned in [None, Some(answer.message_id.clone()), Some(eves.message_id.clone())] {
            let report = Report { to: to.clone(), returned, ..Report::unknown(&answer) };
            desk.receive_as(proof, report.write()).await;
            assert!(!is_suppressed(&desk, ANN).await, "{report:?}");
            desk.sent().await;
        }
    }
    // What came back to Eve's own return path is about her, whomever it names.
    let hers = Report { to: eves.envelope_from.clone(), ..Report::unknown(&answer) };
    desk.receive_as(proof, hers.write()).await;
    assert!(!is_suppressed(&desk, ANN).await);
    desk.sent().await;
    desk.operator().comment(1, "Hello?").await;
    let second = desk.sent().await.to(ANN).clone();
    desk.receive_as(proof, Report::unknown(&second).write()).await;
    assert!(is_suppressed(&desk, ANN).await, "a report need not be proven that came to the mail's own");
    desk.sent().await;
}

/// An agent who is cut off hears of nothing.
#[rstest]
#[tokio::test]
async fn a_report_that_is_not_proven_cuts_no_agent_off(
    #[values(Authentication::Unknown, Authentication::None, Authentication::Fail)] proof: Authentication,
    #[values("5.1.1", "5.7.1", "5.2.2")] status: &'static str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    for to in [ALEX, TEAM] {
        let Some(notice) = office.told.iter().find(|sent| sent.to == to) else { continue };
        let forged = Report { to: "support@desk.test".to_owned(), status, ..Report::unknown(notice) };
        for from in ["mailer-daemon@staff.test", "mailer-daemon@evil.test", ALEX] {
            office.receive_as(proof, forged.write().header("From", from)).await;
            assert!(!is_suppressed(&office, to).await, "{to} by {from}");
        }
    }
    office.sent().await;
    office.receives(office.told.to(ANN).answer("It burns.")).await;
    assert!(office.sent().await.recipients().contains(&TEAM));
}
