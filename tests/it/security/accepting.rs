//! What was kept for staff only becomes part of the conversation by one action of an agent or operator.

use rstest::rstest;

use helpdeskd::desk::accept;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;

const EVE: &str = "eve@stranger.test";

/// Ann wrote about her resolved ticket in a way that anybody could have.
async fn doubted(on: On) -> Office {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, BOB).await;
    office.operator().resolve(1, "Use water.").await;
    office.sent().await;
    let tagged = mail(ANN, "Re: [support-1] Printer on fire").text("It burns again.");
    assert_eq!(office.receive_as(Authentication::None, tagged).await, "followup #1 (unproven)");
    office
}

#[rstest]
#[tokio::test]
async fn an_unproven_word_is_accepted_by_answering_the_mail_that_told_of_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Box::pin(doubted(on)).await;
    let told = office.sent().await.to(TEAM).clone();
    // Whoever writes meanwhile is not who is meant.
    let later = mail(BOB, "Re: [support-1] Printer on fire").text("Send me the key.");
    assert_eq!(office.receive_as(Authentication::None, later).await, "followup #1 (unproven)");
    office.sent().await;
    let accepting = told.answer("#accept").header("From", ALEX);
    assert_eq!(office.receives(accepting).await, "followup #1 (commands)");
    assert_snapshot!(office.ticket(1).await, @r"
    #1 reopened `Printer on fire`, 4 messages
    from ann@customer.test, cc bob@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - nobody, resolved, public: Use water.
    - ann@customer.test, reopened, public: It burns again.
    - bob@customer.test, unproven, private: Send me the key.
    ");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, BOB, TEAM], "as if it had come proven");
    assert_eq!(office.receives(told.answer("#accept").header("From", ALEX)).await, "followup #1 (withheld)");
    let again = office.sent().await.to(ALEX).text.clone();
    assert!(again.contains("nothing waits to be accepted"), "{again}");
}

#[rstest]
#[tokio::test]
async fn nobody_but_an_agent_accepts_anything(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Box::pin(doubted(on)).await;
    let told = office.sent().await.to(TEAM).clone();
    for (from, proof) in [
        (ALEX, Authentication::None),
        (ANN, Authentication::Pass),
        (BOB, Authentication::Pass),
        (EVE, Authentication::Pass),
    ] {
        office.receive_as(proof, told.answer("#accept").header("From", from)).await;
        let view = office.ticket(1).await;
        assert!(view.contains("unproven, private: It burns again."), "{from}: {view}");
    }
    assert_eq!(
        office.receives(mail(ALEX, "[support-1] x").text("#accept")).await,
        "followup #1 (unverified)"
    );
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn whoever_took_no_part_does_once_they_are_accepted(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    let theirs = office.told.to(ANN).answer("I have one, too.").header("From", &format!("Eve <{EVE}>"));
    assert_eq!(
        office.receives(theirs.attachment("a.txt", "text/plain", b"x")).await,
        "followup #1 (external)"
    );
    let told = office.sent().await;
    assert!(!told.recipients().contains(&ANN));
    let operator = office.operator();
    let now = office.now();
    operator
        .acts_on(1, async |tx, action| accept::accept(&office.app.desk(), tx, action, None, now).await)
        .await;
    assert_snapshot!(office.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages
    from ann@customer.test, cc eve@stranger.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - eve@stranger.test, comment, public: I have one, too.
      + a.txt (text/plain, attachment, 1 bytes)
    ");
    let log = store::events::list(&mut office.read().await, TicketId(1)).await.expect("it is read");
    let told_of: Vec<&str> =
        log.iter().filter(|event| event.kind == Kind::EntryPublic).map(|event| &*event.field).collect();
    assert_eq!(told_of, ["accepted"], "once");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ANN, TEAM]);
    assert!(sent.to(ANN).text.contains("I have one, too."), "{}", sent.to(ANN).text);
    operator.comment(1, "Use water.").await;
    assert_eq!(office.sent().await.recipients(), [ANN, EVE, TEAM]);
}
